using Microsoft.IdentityModel.Tokens;

namespace AuthServer.Protocol.Keys;

/// <summary>Where a key is in its life.</summary>
internal enum KeyState
{
    /// <summary>Published and not yet used, so that apps have it before they need it.</summary>
    Announced,

    /// <summary>May sign. Of several active keys the newest does.</summary>
    Active,

    /// <summary>Signs no more; published until the last token that it signed has expired.</summary>
    Retired,

    /// <summary>No longer published, and to be deleted.</summary>
    Expired,
}

/// <summary>A key that is to be made.</summary>
internal sealed record NewKey(
    string Algorithm,
    DateTimeOffset ActivatesAt,
    DateTimeOffset RetiresAt,
    DateTimeOffset ExpiresAt
);

/// <summary>What has to be done to the keys at a given time.</summary>
/// <param name="Make">Keys that are missing.</param>
/// <param name="Delete">The <c>kid</c> of each key that nobody needs any more.</param>
internal sealed record KeysDue(IReadOnlyList<NewKey> Make, IReadOnlyList<string> Delete)
{
    public bool Nothing => Make.Count == 0 && Delete.Count == 0;
}

/// <summary>Decides about keys from their dates alone. Pure: the same answer in every process.</summary>
internal static class KeySchedule
{
    /// <summary>
    /// How long after <c>keys rotate</c> the new keys start to sign: longer than any process takes to notice and
    /// publish them (<see cref="SigningKeyRing.Freshness"/>), so that no app meets a <c>kid</c> that is not in the JWKS
    /// yet.
    /// </summary>
    public static readonly TimeSpan NoticeOfRotation = TimeSpan.FromSeconds(10);

    /// <summary>Every algorithm that tokens are signed with. Each has keys of its own.</summary>
    public static IReadOnlyList<string> Algorithms { get; } =
    [SecurityAlgorithms.RsaSha256, SecurityAlgorithms.EcdsaSha256];

    public static KeyState StateOf(SigningKey key, DateTimeOffset now) =>
        now < key.ActivatesAt ? KeyState.Announced
        : now < key.RetiresAt ? KeyState.Active
        : now < key.ExpiresAt ? KeyState.Retired
        : KeyState.Expired;

    /// <summary>The key that signs at <paramref name="now"/>: of the active ones the last to be activated.</summary>
    /// <returns>Null when none is active.</returns>
    public static SigningKey? SignerOf(IEnumerable<SigningKey> keys, string algorithm, DateTimeOffset now)
    {
        SigningKey? signer = null;
        foreach (var key in keys)
        {
            if (
                key.Algorithm == algorithm
                && StateOf(key, now) == KeyState.Active
                && (signer is null || IsLater(key, signer))
            )
            {
                signer = key;
            }
        }

        return signer;
    }

    /// <summary>What has to be made and deleted at <paramref name="now"/>.</summary>
    public static KeysDue DueAt(IReadOnlyCollection<SigningKey> keys, DateTimeOffset now, KeyOptions options)
    {
        List<NewKey> make = [];
        foreach (var algorithm in Algorithms)
        {
            if (SignerOf(keys, algorithm, now) is not { } signer)
            {
                make.Add(KeyFrom(algorithm, now - Clocks.MostApart, options));
            }
            else if (CoveredUntil(keys, signer) is var end && end - options.Announce <= now)
            {
                make.Add(KeyFrom(algorithm, end, options));
            }
        }

        return new KeysDue(make, [.. keys.Where(k => StateOf(k, now) == KeyState.Expired).Select(k => k.KeyId)]);
    }

    /// <summary>A key that signs from <paramref name="start"/> on.</summary>
    public static NewKey KeyFrom(string algorithm, DateTimeOffset start, KeyOptions options) =>
        new(algorithm, start, start + options.Life, start + options.Life + options.Keep);

    /// <summary>
    /// Until when a key of the signer's algorithm signs without a gap. A key that begins after a gap was made by a
    /// clock that ran ahead: the keys until then are made all the same.
    /// </summary>
    private static DateTimeOffset CoveredUntil(IReadOnlyCollection<SigningKey> keys, SigningKey signer)
    {
        var end = signer.RetiresAt;
        foreach (var key in keys.Where(k => k.Algorithm == signer.Algorithm).OrderBy(k => k.ActivatesAt))
        {
            end = key.ActivatesAt <= end && key.RetiresAt > end ? key.RetiresAt : end;
        }

        return end;
    }

    // Two processes must choose alike, also between two keys of the same instant.
    private static bool IsLater(SigningKey key, SigningKey than) =>
        key.ActivatesAt != than.ActivatesAt
            ? key.ActivatesAt > than.ActivatesAt
            : string.CompareOrdinal(key.KeyId, than.KeyId) > 0;
}
