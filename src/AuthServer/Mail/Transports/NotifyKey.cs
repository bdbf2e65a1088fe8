using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AuthServer.Mail.Transports;

/// <summary>
/// An API key of GOV.UK Notify: whose it is, and the secret that signs each request (a JWT, HS256, RFC 7519).
/// </summary>
internal sealed class NotifyKey
{
    private const int UuidLength = 36;

    private static readonly JsonWebTokenHandler Handler = new() { SetDefaultTimesOnTokenCreation = false };

    private readonly Guid _service;
    private readonly SigningCredentials _credentials;

    private NotifyKey(Guid service, string secret) =>
        (_service, _credentials) = (
            service,
            new SigningCredentials(
                new SymmetricSecurityKey(Encoding.ASCII.GetBytes(secret)),
                SecurityAlgorithms.HmacSha256
            )
        );

    /// <param name="key">A name that may have hyphens, the service's id, the secret: with hyphens between.</param>
    /// <returns>Null when it is not one.</returns>
    public static NotifyKey? Parse(string? key)
    {
        key = key?.Trim() ?? "";
        const int tail = UuidLength + 1 + UuidLength;
        return
            key.Length >= tail
            && key[^(UuidLength + 1)] == '-'
            && Guid.TryParseExact(key[^tail..^(UuidLength + 1)], "D", out var service)
            && Guid.TryParseExact(key[^UuidLength..], "D", out _)
            ? new NotifyKey(service, key[^UuidLength..])
            : null;
    }

    /// <summary>Says who asks, for the half minute that Notify believes it.</summary>
    public string TokenAt(DateTimeOffset now) =>
        Handler.CreateToken(
            JsonSerializer.Serialize(new { iss = _service.ToString("D"), iat = now.ToUnixTimeSeconds() }),
            _credentials
        );
}
