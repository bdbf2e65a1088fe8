using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace AuthServer.Protocol.Keys;

/// <param name="Row">Its dates.</param>
/// <param name="PublicKey">For verifying.</param>
/// <param name="Credentials">For signing; null when the private key cannot be opened here.</param>
/// <param name="Secret">32 bytes that follow from the private key, for what only this server may derive; null like the
/// credentials.</param>
internal sealed record KnownKey(SigningKey Row, SecurityKey PublicKey, SigningCredentials? Credentials, byte[]? Secret);

/// <summary>The JWKS document, ready to be sent.</summary>
/// <param name="Json">UTF-8.</param>
/// <param name="ETag">Changes with the document; with its quotes.</param>
internal sealed record JwksDocument(byte[] Json, string ETag);

/// <summary>The keys as they were at one reading.</summary>
internal sealed record KnownKeys
{
    private readonly KnownKey[] _keys;
    private readonly SigningKey[] _usable;

    /// <param name="keys">Those that are not expired.</param>
    /// <param name="readAt">A timestamp of the clock.</param>
    /// <param name="now">The same moment as a date.</param>
    public KnownKeys(KnownKey[] keys, long readAt, DateTimeOffset now)
    {
        // Who ignores the kid and takes the first key of an algorithm shall find the one that signs now.
        _keys =
        [
            .. keys.OrderBy(k =>
                    KeySchedule.StateOf(k.Row, now) switch
                    {
                        KeyState.Active => 0,
                        KeyState.Announced => 1,
                        _ => 2,
                    }
                )
                .ThenByDescending(k => k.Row.ActivatesAt)
                .ThenBy(k => k.Row.KeyId, StringComparer.Ordinal),
        ];
        _usable = [.. _keys.Where(k => k.Credentials is not null).Select(k => k.Row)];
        ReadAt = readAt;
        Published = [.. _keys.Select(k => k.PublicKey)];
        Secrets = [.. _keys.Select(k => k.Secret).OfType<byte[]>()];
        Jwks = Document(_keys);
    }

    public long ReadAt { get; init; }

    public IReadOnlyList<SecurityKey> Published { get; }

    public JwksDocument Jwks { get; }

    /// <summary>Secrets for deriving, that of a key which signs now first.</summary>
    public IReadOnlyList<byte[]> Secrets { get; }

    /// <summary>The <c>kid</c> of each key whose private half cannot be opened here.</summary>
    public IReadOnlyList<string> Unusable => [.. _keys.Where(k => k.Credentials is null).Select(k => k.Row.KeyId)];

    public KnownKey? Find(string keyId) => Array.Find(_keys, k => k.Row.KeyId == keyId);

    public bool CanSign(DateTimeOffset now) =>
        KeySchedule.Algorithms.All(algorithm => KeySchedule.SignerOf(_usable, algorithm, now) is not null);

    public SigningCredentials? SignerOf(string algorithm, DateTimeOffset now) =>
        KeySchedule.SignerOf(_usable, algorithm, now) is { } signer ? Find(signer.KeyId)?.Credentials : null;

    private static JwksDocument Document(KnownKey[] keys)
    {
        var json = Encoding.UTF8.GetBytes($$"""{"keys":[{{string.Join(',', keys.Select(k => k.Row.PublicJwk))}}]}""");
        return new JwksDocument(json, $"\"{Base64UrlEncoder.Encode(SHA256.HashData(json).AsSpan(0, 16).ToArray())}\"");
    }
}
