using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using AuthServer.Data;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace AuthServer.Protocol.Tokens;

/// <summary>
/// What an authorization code stands for. Sealed into the code itself; nothing is stored until it is redeemed.
/// </summary>
internal sealed record AuthorizationCode : AuthorizedSignIn
{
    [JsonPropertyName("r")]
    public required string RedirectUri { get; init; }

    [JsonPropertyName("i")]
    public required DateTimeOffset IssuedAt { get; init; }

    [JsonPropertyName("n")]
    public string? Nonce { get; init; }

    [JsonPropertyName("k")]
    public string? CodeChallenge { get; init; }
}

[JsonSerializable(typeof(AuthorizationCode))]
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class AuthorizationCodeJson : JsonSerializerContext;

/// <summary>
/// Seals and opens authorization codes (RFC 6749 §4.1.2) with data protection, under a purpose of their own.
/// </summary>
internal sealed class AuthorizationCodes(
    IDataProtectionProvider protection,
    IOptions<ProtocolOptions> options,
    TimeProvider clock
)
{
    private readonly IDataProtector _protector = protection.CreateProtector("AuthServer.AuthorizationCode.v1");

    public string Seal(AuthorizationCode code) =>
        Base64Url.EncodeToString(
            _protector.Protect(
                JsonSerializer.SerializeToUtf8Bytes(code, AuthorizationCodeJson.Default.AuthorizationCode)
            )
        );

    /// <returns>What the code stands for, or <c>invalid_grant</c> when it was not sealed here or is too old.</returns>
    public Result<AuthorizationCode> Open(string code)
    {
        try
        {
            var opened = JsonSerializer.Deserialize(
                _protector.Unprotect(Base64Url.DecodeFromChars(code)),
                AuthorizationCodeJson.Default.AuthorizationCode
            );
            return opened is null ? ProtocolError.InvalidGrant("code empty")
                : clock.GetUtcNow() - opened.IssuedAt is var age
                && (age >= options.Value.CodeLifetime || age < -Clocks.MostApart)
                    ? ProtocolError.InvalidGrant("code expired")
                : opened;
        }
        catch (Exception e)
            when (e is CryptographicException or FormatException or JsonException && !DatabaseOutage.Caused(e))
        {
            return ProtocolError.InvalidGrant("code not ours");
        }
    }
}
