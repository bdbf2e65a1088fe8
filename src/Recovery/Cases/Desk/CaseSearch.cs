using Microsoft.EntityFrameworkCore;
using Recovery.Ports;

namespace Recovery.Cases.Desk;

/// <summary>
/// Finds cases, open and closed, by what an officer is told on the telephone: a reference, a name, a username or an
/// address, as the person stated it or as the chosen account has it. Every way of looking goes by an index and stops
/// after a few rows.
/// </summary>
internal sealed class CaseSearch(IRecoveryDb db, CaseTerms terms, IHeldRecords held, ConcernedAccounts concerned)
{
    /// <summary>Cases that one search shows.</summary>
    public const int Most = 50;

    /// <summary>What is longer than this is no name, username or address.</summary>
    private const int LongestTyped = 320;

    /// <summary>Words of a name that are looked for together.</summary>
    private const int MostWords = 6;

    /// <summary>
    /// The newest first. A case that the officer may not open is not found, or a search would tell whom it is about.
    /// </summary>
    public async Task<FoundCases> FindAsync(string typed, Officer officer, CancellationToken cancellationToken)
    {
        if (typed.Length > LongestTyped)
        {
            return new FoundCases(null, [], false);
        }

        var reference = CaseReferences.Read(typed);
        if (await db.SupportCases.AnyAsync(c => c.Reference == reference && c.OpenedAt != null, cancellationToken))
        {
            return new FoundCases(reference, [], false);
        }

        Guid[] ids =
        [
            .. await ByWholeAsync(typed, cancellationToken),
            .. await ByWordsAsync(typed, cancellationToken),
            .. await ByAccountAsync(typed, cancellationToken),
        ];
        var found = await db
            .SupportCases.AsNoTracking()
            .Where(c => ids.Contains(c.Id) && c.OpenedAt != null)
            .OrderByDescending(c => c.ChangedAt)
            .ThenBy(c => c.Id)
            .ToListAsync(cancellationToken);
        var accounts = await concerned.OfAsync(found, cancellationToken);
        List<SupportCase> open = [.. found.Where(c => CaseBars.For(officer, accounts[c.Id]) is null)];
        return new FoundCases(null, [.. open.Take(Most)], open.Count > Most);
    }

    private async Task<IEnumerable<Guid>> ByWholeAsync(string typed, CancellationToken cancellationToken)
    {
        string[] whole = [.. terms.Whole(typed)];
        return await db
            .CaseTerms.Where(t => whole.Contains(t.Term))
            .Select(t => t.CaseId)
            .Distinct()
            .OrderByDescending(id => id)
            .Take(Most + 1)
            .ToListAsync(cancellationToken);
    }

    private async Task<IEnumerable<Guid>> ByWordsAsync(string typed, CancellationToken cancellationToken)
    {
        var words = terms.Words(typed).Take(MostWords).ToList();
        if (words.Count < 2)
        {
            return []; // one word has been looked for as a whole
        }

        var first = words[0];
        var all = db.CaseTerms.Where(t => t.Term == first).Select(t => t.CaseId);
        foreach (var word in words.Skip(1))
        {
            all = all.Where(id => db.CaseTerms.Any(t => t.CaseId == id && t.Term == word));
        }

        return await all.OrderByDescending(id => id).Take(Most + 1).ToListAsync(cancellationToken);
    }

    private async Task<IEnumerable<Guid>> ByAccountAsync(string typed, CancellationToken cancellationToken)
    {
        Guid[] accounts =
        [
            .. (await held.OwnersAsync([typed], cancellationToken))
                .Values.SelectMany(owners => owners)
                .Select(a => a.Id)
                .Distinct(),
        ];
        return accounts.Length == 0
            ? []
            : await db
                .SupportCases.Where(c =>
                    c.AccountId != null && accounts.Contains(c.AccountId.Value) && c.OpenedAt != null
                )
                .OrderByDescending(c => c.Id)
                .Select(c => c.Id)
                .Take(Most + 1)
                .ToListAsync(cancellationToken);
    }
}

/// <param name="Reference">The case that has what was typed as its reference, or null. Then there are no
/// others.</param>
/// <param name="More">There are more than are shown.</param>
internal sealed record FoundCases(string? Reference, IReadOnlyList<SupportCase> Cases, bool More);
