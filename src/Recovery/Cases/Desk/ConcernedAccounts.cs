using Recovery.Ports;

namespace Recovery.Cases.Desk;

/// <summary>
/// Which accounts a case touches: the one it was found to be about, and those that it claims to be or comes from.
/// </summary>
internal sealed class ConcernedAccounts(IHeldRecords held)
{
    /// <summary>Addresses and usernames of one case that are looked up.</summary>
    private const int MostClaims = 12;

    /// <summary>All that is concerned by some cases, in a few queries, however many they are.</summary>
    public async Task<ILookup<Guid, AccountReference>> OfAsync(
        IReadOnlyCollection<SupportCase> cases,
        CancellationToken cancellationToken
    )
    {
        var chosen = await held.ReferencesAsync(
            [.. cases.Select(c => c.AccountId).OfType<Guid>().Distinct()],
            cancellationToken
        );
        var owners = await held.OwnersAsync([.. cases.SelectMany(Claims).Distinct()], cancellationToken);
        return cases
            .SelectMany(c =>
                Claims(c)
                    .SelectMany(claim => owners.TryGetValue(claim, out var found) ? found : [])
                    .Concat(c.AccountId is { } id && chosen.TryGetValue(id, out var account) ? [account] : [])
                    .DistinctBy(found => found.Id)
                    .Select(found => (c.Id, Account: found))
            )
            .ToLookup(found => found.Id, found => found.Account);
    }

    private static IEnumerable<string> Claims(SupportCase support) =>
        new[] { support.NewEmail, support.Evidence?.Username }
            .Concat(support.Evidence?.EarlierEmails ?? [])
            .OfType<string>()
            .Where(claim => !string.IsNullOrWhiteSpace(claim))
            .Take(MostClaims);
}
