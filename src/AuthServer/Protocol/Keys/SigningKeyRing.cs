using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AuthServer.Data;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.Tokens;

namespace AuthServer.Protocol.Keys;

/// <summary>
/// The keys in memory, opened and ready. What any process or the command line changed shows here within
/// <see cref="Freshness"/>. Where a key is missing, it is made.
/// </summary>
internal sealed partial class SigningKeyRing(
    IServiceScopeFactory scopes,
    IDataProtectionProvider protection,
    TimeProvider clock,
    ILogger<SigningKeyRing> logger
) : IDisposable
{
    /// <summary>How old an answer may be.</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromSeconds(3);

    private readonly IDataProtector _protector = protection.CreateProtector(SigningKeys.Purpose);
    private readonly SemaphoreSlim _reading = new(1, 1);
    private volatile KnownKeys? _known;

    /// <summary>
    /// What signs tokens now. The same object as long as the same key signs, so that its signature providers are
    /// reused.
    /// </summary>
    /// <param name="algorithm">RS256 or ES256.</param>
    public ValueTask<SigningCredentials> SigningCredentialsAsync(
        string algorithm,
        CancellationToken cancellationToken
    ) =>
        FreshKeys()?.SignerOf(algorithm, clock.GetUtcNow()) is { } signer
            ? ValueTask.FromResult(signer)
            : ReadSignerAsync(algorithm, cancellationToken);

    /// <summary>
    /// Every key that a token of ours may be signed with, found by its <c>KeyId</c>. Public halves only.
    /// </summary>
    public async ValueTask<IReadOnlyList<SecurityKey>> PublishedKeysAsync(CancellationToken cancellationToken) =>
        (FreshKeys() ?? await ReadAsync(cancellationToken)).Published;

    /// <summary>
    /// Secrets that every process with these keys derives alike, the one to use first; the others are of keys that may
    /// have been first a moment ago.
    /// </summary>
    public async ValueTask<IReadOnlyList<byte[]>> SecretsAsync(CancellationToken cancellationToken) =>
        (FreshKeys() ?? await ReadAsync(cancellationToken)).Secrets;

    /// <summary>The JWKS document (RFC 7517 §5) as it is answered.</summary>
    public ValueTask<JwksDocument> JwksAsync(CancellationToken cancellationToken) =>
        FreshKeys() is { } known ? ValueTask.FromResult(known.Jwks) : ReadJwksAsync(cancellationToken);

    public void Dispose() => _reading.Dispose();

    private KnownKeys? FreshKeys() =>
        _known is { } known && clock.GetElapsedTime(known.ReadAt) < Freshness ? known : null;

    private async ValueTask<SigningCredentials> ReadSignerAsync(
        string algorithm,
        CancellationToken cancellationToken
    ) =>
        (await ReadAsync(cancellationToken)).SignerOf(algorithm, clock.GetUtcNow())
        ?? throw new InvalidOperationException($"There is no key to sign with {algorithm}.");

    private async ValueTask<JwksDocument> ReadJwksAsync(CancellationToken cancellationToken) =>
        (await ReadAsync(cancellationToken)).Jwks;

    /// <summary>Reads once for all who wait.</summary>
    private async Task<KnownKeys> ReadAsync(CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            var now = clock.GetUtcNow();
            if (FreshKeys() is { } fresh && fresh.CanSign(now))
            {
                return fresh;
            }

            var readAt = clock.GetTimestamp();
            try
            {
                _known = await LoadAsync(readAt, now, cancellationToken);
            }
            catch (Exception failure) when (_known is { } stale && failure is not OperationCanceledException)
            {
                // Tokens can be signed and verified without the database for as long as the keys known so far last.
                CannotRead(failure);
                _known = stale with { ReadAt = readAt };
            }

            return _known;
        }
        finally
        {
            _reading.Release();
        }
    }

    private async Task<KnownKeys> LoadAsync(long readAt, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AuthDbContext>();
        var known = Open(await db.SigningKeys.AsNoTracking().ToListAsync(cancellationToken), readAt, now);
        if (known.CanSign(now))
        {
            return known;
        }

        // The first start, the first after a long rest, or the data-protection keys are lost.
        await scope
            .ServiceProvider.GetRequiredService<SigningKeys>()
            .DoWhatIsDueAsync(known.Unusable, CancellationToken.None);
        return Open(await db.SigningKeys.AsNoTracking().ToListAsync(cancellationToken), readAt, now);
    }

    private KnownKeys Open(List<SigningKey> rows, long readAt, DateTimeOffset now)
    {
        var published = rows.Where(row => KeySchedule.StateOf(row, now) != KeyState.Expired);
        KnownKey[] keys =
        [
            .. published.Select(row => _known?.Find(row.KeyId) is { } known ? known with { Row = row } : Open(row)),
        ];
        return new KnownKeys(keys, readAt, now);
    }

    private KnownKey Open(SigningKey row)
    {
        var publicKey = JsonWebKeyPair.Read(row.PublicJwk);
        try
        {
            var privateJwk = _protector.Unprotect(row.SealedJwk);
            var secret = HMACSHA256.HashData(Encoding.UTF8.GetBytes(privateJwk), "successor of a refresh token"u8);
            return new KnownKey(
                row,
                publicKey,
                new SigningCredentials(JsonWebKeyPair.Read(privateJwk), row.Algorithm),
                secret
            );
        }
        catch (Exception failure) when (failure is CryptographicException or JsonException or FormatException)
        {
            CannotOpen(row.KeyId, failure);
            return new KnownKey(row, publicKey, Credentials: null, Secret: null);
        }
    }

    [LoggerMessage(
        2801,
        LogLevel.Error,
        "Signing key {KeyId} cannot be opened: the data-protection keys it was sealed with are lost or not readable here. Another key is used in its place."
    )]
    private partial void CannotOpen(string keyId, Exception failure);

    [LoggerMessage(
        2802,
        LogLevel.Warning,
        "The signing keys cannot be read from the database. Those known so far are used."
    )]
    private partial void CannotRead(Exception failure);
}
