using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AuthServer.Protocol.Keys;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AuthServer.Protocol.Tokens;

/// <summary>An access token of ours whose signature and lifetime were found right.</summary>
internal sealed record ReadAccessToken
{
    /// <summary>Null for client credentials.</summary>
    public required Guid? GrantId { get; init; }

    public required string ClientId { get; init; }

    public required string Subject { get; init; }

    public required string Scope { get; init; }

    public required IReadOnlyList<string> Audience { get; init; }

    public required string TokenId { get; init; }

    public required long IssuedAt { get; init; }

    public required long ExpiresAt { get; init; }

    /// <summary>The certificate it is bound to: SHA-256, base64url (RFC 8705 §3.1). Null: a bearer token.</summary>
    public required string? CertificateHash { get; init; }

    /// <summary>The <c>act</c> claim as JSON (RFC 8693 §4.1); null unless the token was got by an exchange.</summary>
    public string? Actor { get; init; }

    /// <summary>The key it was signed with.</summary>
    public required string KeyId { get; init; }
}

/// <summary>
/// Reads access tokens that come back to this server. Whether the grant still lives is the caller's question.
/// </summary>
/// <remarks>
/// That a signature is right never changes, so it is remembered for a while (by the token's hash, in bounded memory).
/// What can change is looked at every time: the lifetime, and whether the key is still published ("keys rotate
/// --withdraw").
/// </remarks>
internal sealed class AccessTokenReader(SigningKeyRing keys, IOptions<ProtocolOptions> options, TimeProvider clock)
    : IDisposable
{
    /// <summary>The private claim that names the grant.</summary>
    public const string GrantClaim = "gid";

    /// <summary>The member of <c>cnf</c> that names a certificate (RFC 8705 §3.1).</summary>
    public const string CertificateMember = "x5t#S256";

    /// <summary>Tokens remembered at most; each takes about 1 KB.</summary>
    private const int Remembered = 20_000;

    private readonly JsonWebTokenHandler _handler = new();
    private readonly MemoryCache _known = new(new MemoryCacheOptions { SizeLimit = Remembered });

    /// <returns>The token, or <c>invalid_token</c> (RFC 6750 §3.1).</returns>
    public async ValueTask<Result<ReadAccessToken>> ReadAsync(string token, CancellationToken cancellationToken)
    {
        var published = await keys.PublishedKeysAsync(cancellationToken);
        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
        if (!_known.TryGetValue(hash, out ReadAccessToken? read) || read is null)
        {
            read = await VerifyAsync(token, published);
            if (read is null)
            {
                return ProtocolError.InvalidToken("not an access token of ours");
            }

            _known.Set(
                hash,
                read,
                new MemoryCacheEntryOptions { Size = 1, SlidingExpiration = TimeSpan.FromMinutes(5) }
            );
        }

        return clock.GetUtcNow().ToUnixTimeSeconds() >= read.ExpiresAt ? ProtocolError.InvalidToken("expired")
            : published.Any(key => key.KeyId == read.KeyId) ? read
            : ProtocolError.InvalidToken("signed with a key that was withdrawn");
    }

    public void Dispose() => _known.Dispose();

    private async Task<ReadAccessToken?> VerifyAsync(string token, IReadOnlyList<SecurityKey> published)
    {
        var result = await _handler.ValidateTokenAsync(
            token,
            new TokenValidationParameters
            {
                ValidIssuer = options.Value.Issuer,
                ValidTypes = [AccessTokens.Type],
                ValidAlgorithms = ["ES256", "RS256"],
                IssuerSigningKeys = published,
                // Any resource's token may be shown here; what it opens is decided by its grant.
                ValidateAudience = false,
                ValidateLifetime = false, // compared with our clock by the caller
            }
        );
        if (!result.IsValid || result.SecurityToken is not JsonWebToken jwt)
        {
            return null;
        }

        return new ReadAccessToken
        {
            GrantId = jwt.TryGetPayloadValue<string>(GrantClaim, out var grant) ? Guid.Parse(grant) : null,
            ClientId = jwt.GetPayloadValue<string>("client_id"),
            Subject = jwt.Subject,
            Scope = jwt.GetPayloadValue<string>("scope"),
            Audience = [.. jwt.Audiences],
            TokenId = jwt.Id,
            IssuedAt = jwt.GetPayloadValue<long>("iat"),
            ExpiresAt = jwt.GetPayloadValue<long>("exp"),
            CertificateHash = jwt.TryGetPayloadValue<JsonElement>("cnf", out var cnf)
                ? cnf.GetProperty(CertificateMember).GetString()
                : null,
            KeyId = jwt.Kid,
            Actor = jwt.TryGetPayloadValue<JsonElement>("act", out var actor) ? actor.GetRawText() : null,
        };
    }
}
