using AuthServer.Audit;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Accounts.Importing;

/// <summary>A row whose supervisors are still to be written.</summary>
/// <param name="Result">What became of the rest of the row.</param>
/// <param name="Usernames">As in the file.</param>
internal sealed record SupervisedRow(ImportResult Result, Guid AccountId, IReadOnlyList<string> Usernames);

/// <summary>
/// Writes who supervises the people of a file. A supervisor may stand on any line of it: a row that names somebody who
/// is not there yet waits until all rows are in.
/// </summary>
internal sealed class ImportSupervisors(AuthDbContext db, Supervisions supervisions, AuditTrail audit)
{
    /// <summary>Inside the transaction of a batch: writes what can be written already.</summary>
    /// <param name="rows">The batch's rows that say something about supervisors.</param>
    /// <param name="inBatch">The ids of the batch's accounts by normalized username: new ones are not in the database
    /// yet.</param>
    /// <returns>The accounts that it changed, and the rows that have to wait.</returns>
    public async Task<(IReadOnlySet<Guid> Changed, IReadOnlyList<SupervisedRow> Waiting)> WriteAsync(
        IReadOnlyList<SupervisedRow> rows,
        IReadOnlyDictionary<string, Guid> inBatch,
        CancellationToken cancellationToken
    )
    {
        var known = await KnownAsync(rows, inBatch, cancellationToken);
        var ready = rows.Where(row => Unknown(row, known) is null).ToList();
        return (await SetAsync(ready, known, cancellationToken), [.. rows.Except(ready)]);
    }

    /// <summary>When all rows are in: writes those that waited, in one transaction.</summary>
    public async Task<IReadOnlyList<ImportResult>> FinishAsync(
        IReadOnlyList<SupervisedRow> rows,
        string actor,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var known = await KnownAsync(rows, new Dictionary<string, Guid>(), cancellationToken);
        var changed = await SetAsync([.. rows.Where(row => Unknown(row, known) is null)], known, cancellationToken);
        var results = rows.Select(row => Final(row, Unknown(row, known), changed.Contains(row.AccountId))).ToList();
        foreach (
            var row in rows.Where(row =>
                changed.Contains(row.AccountId) && row.Result.Outcome == ImportOutcome.Unchanged
            )
        )
        {
            audit.Record(AuditKinds.AccountImported, row.AccountId, actor, detail: "result=updated");
        }

        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        db.ChangeTracker.Clear();
        return results;
    }

    private static ImportResult Final(SupervisedRow row, string? unknown, bool changed) =>
        row.Result switch
        {
            var result when unknown is not null => result with
            {
                Outcome = ImportOutcome.Refused,
                Reason = $"In supervisors: nobody has the username \"{unknown}\". The rest of the row was taken.",
            },
            { Outcome: ImportOutcome.Unchanged } result when changed => result with { Outcome = ImportOutcome.Updated },
            var result => result,
        };

    private static string? Unknown(SupervisedRow row, Dictionary<string, Guid> known) =>
        row.Usernames.FirstOrDefault(username => !known.ContainsKey(Identifier.Normalize(username)));

    private async Task<Dictionary<string, Guid>> KnownAsync(
        IReadOnlyList<SupervisedRow> rows,
        IReadOnlyDictionary<string, Guid> inBatch,
        CancellationToken cancellationToken
    )
    {
        var known = new Dictionary<string, Guid>(inBatch);
        string[] others =
        [
            .. rows.SelectMany(row => row.Usernames)
                .Select(Identifier.Normalize)
                .Distinct()
                .Where(name => !known.ContainsKey(name)),
        ];
        if (others.Length > 0)
        {
            var found = await db
                .AccountIdentifiers.AsNoTracking()
                .Where(i => i.Kind == IdentifierKind.Username && others.Contains(i.Normalized))
                .Select(i => new { i.Normalized, i.AccountId })
                .ToListAsync(cancellationToken);
            found.ForEach(i => known.Add(i.Normalized, i.AccountId));
        }

        return known;
    }

    private Task<IReadOnlySet<Guid>> SetAsync(
        IEnumerable<SupervisedRow> rows,
        Dictionary<string, Guid> known,
        CancellationToken cancellationToken
    ) =>
        supervisions.SetAsync(
            rows.ToDictionary(
                row => row.AccountId,
                IReadOnlyCollection<Guid> (row) =>
                    [.. row.Usernames.Select(username => known[Identifier.Normalize(username)]).Distinct()]
            ),
            cancellationToken
        );
}
