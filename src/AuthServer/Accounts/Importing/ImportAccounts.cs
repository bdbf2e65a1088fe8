using System.Runtime.CompilerServices;
using AuthServer.Audit;
using AuthServer.Data;
using Recovery.ResetLinks;

namespace AuthServer.Accounts.Importing;

/// <summary>
/// Adds accounts, and brings those that are there up to date, from rows that name them by sub or else by username. The
/// same rows twice change nothing. Rows are written in batches, each one transaction; its results are told when it is
/// durable. Rows that name a supervisor who is further down in the file are told last.
/// </summary>
internal sealed class ImportAccounts(
    AuthDbContext db,
    LogInIdentifiers identifiers,
    PreviousEmails previousEmails,
    Posts posts,
    ImportSupervisors supervisors,
    ImportPasswords passwords,
    IInvitations invitations,
    InvitedApp apps,
    AuditTrail audit,
    TimeProvider clock
)
{
    /// <summary>Rows in one transaction: few enough that a running server's writers hardly wait.</summary>
    private const int BatchSize = 500;

    /// <param name="actor">Who imports, for the audit trail.</param>
    /// <param name="invite">True: people who have no password yet are sent a link to choose one, in the transaction of their
    /// batch.</param>
    public async IAsyncEnumerable<ImportResult> ImportAsync(
        IEnumerable<ImportRow> rows,
        string actor,
        bool invite,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var lines = new Dictionary<object, int>();
        var waiting = new List<SupervisedRow>();
        foreach (var chunk in rows.Chunk(BatchSize))
        {
            ImportRow[] batch = [.. chunk.Select(row => OncePerFile(row, lines))];
            var (results, later) = await ImportBatchAsync(batch, actor, invite, cancellationToken);
            waiting.AddRange(later);
            foreach (var result in results)
            {
                yield return result;
            }
        }

        foreach (var chunk in waiting.Chunk(BatchSize))
        {
            foreach (var result in await supervisors.FinishAsync(chunk, actor, cancellationToken))
            {
                yield return result;
            }
        }
    }

    // Two rows about one person would change the account back and forth at every import.
    private static ImportRow OncePerFile(ImportRow row, Dictionary<object, int> lines)
    {
        if (row.Problem is not null)
        {
            return row;
        }

        var username = Identifier.Normalize(row.Username);
        if (lines.TryGetValue(username, out var line))
        {
            return row with { Problem = $"The username is on line {line} already." };
        }

        if (row.Sub is { } sub && !lines.TryAdd(sub, row.Line))
        {
            return row with { Problem = $"The sub is on line {lines[sub]} already." };
        }

        lines.Add(username, row.Line);
        return row;
    }

    private async Task<ImportRow[]> WithAppsAsync(ImportRow[] rows, CancellationToken cancellationToken)
    {
        var problems = new Dictionary<string, string?>();
        foreach (var app in rows.Select(row => row.App).OfType<string>().Distinct())
        {
            problems.Add(app, await apps.ProblemAsync(app, cancellationToken));
        }

        return [.. rows.Select(row => row.App is { } app ? row with { Problem = row.Problem ?? problems[app] } : row)];
    }

    private async Task<(IEnumerable<ImportResult> Results, IEnumerable<SupervisedRow> Waiting)> ImportBatchAsync(
        ImportRow[] rows,
        string actor,
        bool invite,
        CancellationToken cancellationToken
    )
    {
        rows = await WithAppsAsync(rows, cancellationToken);
        ImportRow[] good = [.. rows.Where(row => row.Problem is null)];
        var chosen = await passwords.ReadAsync(good, cancellationToken);

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var batch = await ImportBatch.OpenAsync(db, identifiers, good, clock.GetUtcNow(), cancellationToken);
        var results = new List<ImportResult>(rows.Length);
        foreach (var row in rows)
        {
            results.Add(
                row.Problem is { } problem
                    ? new ImportResult(row.Line, ImportOutcome.Refused, row.Username, problem)
                    : batch.Take(row, chosen.GetValueOrDefault(row.Line, ImportedPassword.None))
            );
        }

        var (supervised, waiting) = await supervisors.WriteAsync(batch.Supervised, batch.Ids, cancellationToken);
        batch.Changed(supervised);
        batch.Changed(await posts.SetAsync(batch.Posts, cancellationToken));
        batch.Changed(await previousEmails.AddAsync(batch.PreviousEmails, cancellationToken));
        await batch.WriteAsync(audit, actor, cancellationToken);
        if (invite)
        {
            // Accounts are written before their links are locked: a transaction that locks links must not wait for an account.
            await db.SaveChangesAsync(cancellationToken);
            batch.Invited(await invitations.SendAsync(batch.WithoutPassword, cancellationToken));
        }

        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        db.ChangeTracker.Clear();
        var later = waiting.ToDictionary(row => row.Result.Line);
        return (
            results.Where(result => !later.ContainsKey(result.Line)).Select(batch.Final),
            waiting.Select(row => row with { Result = batch.Final(row.Result) })
        );
    }
}
