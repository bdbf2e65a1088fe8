using AuthServer.Data;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Accounts;

/// <summary>
/// Keeps the table of what people log in with: the one class that writes it. Every username has a row; an e-mail
/// address has one while it is verified and exactly one account has it. Whoever changes an address comes by here, so
/// this is also where the one before it is kept.
/// </summary>
/// <remarks>
/// Used inside a transaction: <see cref="OpenAsync"/>, then the ledger's <c>Problem</c> and <c>Apply</c> for each
/// account, then <see cref="WriteAsync"/> and <c>SaveChangesAsync</c>.
/// </remarks>
internal sealed class LogInIdentifiers(AuthDbContext db, PreviousEmails previousEmails)
{
    /// <summary>PostgreSQL's name for the lock below; any number that nothing else uses.</summary>
    private const int LockNumber = 4100;

    /// <summary>
    /// Rows of <see cref="Find"/>. An account has two at most, so more than two tell that several accounts fit.
    /// </summary>
    private const int Enough = 5;

    /// <summary>
    /// Reads what is known of some keys, and keeps every other writer of identifiers away until the transaction ends.
    /// </summary>
    /// <param name="keys">Normalized usernames and addresses, those before the change too.</param>
    public async Task<IdentifierLedger> OpenAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
    {
        if (db.Database.CurrentTransaction is null)
        {
            throw new InvalidOperationException("Identifiers change inside a transaction only.");
        }

        // Two rules look at more than one row (shared addresses, usernames that are somebody's address), so writers
        // queue up. On SQLite a transaction that writes is alone from its start.
        if (db.Database.IsNpgsql())
        {
            await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({LockNumber})", cancellationToken);
        }

        var rows = await db
            .AccountIdentifiers.AsNoTracking()
            .Where(i => keys.Contains(i.Normalized))
            .ToListAsync(cancellationToken);
        var emails = await db
            .Accounts.AsNoTracking()
            .Where(a => a.EmailNormalized != null && keys.Contains(a.EmailNormalized))
            .Select(a => new ClaimedIdentifiers(a.Id, "", a.EmailNormalized, a.EmailVerified, a.Email))
            .ToListAsync(cancellationToken);
        return new IdentifierLedger(rows, emails);
    }

    /// <summary>
    /// Adds and removes rows until the table says what the ledger says. New rows wait for the caller's
    /// <c>SaveChangesAsync</c>.
    /// </summary>
    public async Task WriteAsync(IdentifierLedger ledger, CancellationToken cancellationToken)
    {
        await previousEmails.AddAsync(ledger.GivenUp, cancellationToken);
        var held = ledger.Rows.ToDictionary(row => row.Normalized);
        var gone = new List<string>();
        foreach (var key in ledger.Touched)
        {
            var wanted = ledger.Wanted(key);
            var row = held.GetValueOrDefault(key);
            if (row?.AccountId == wanted?.AccountId && row?.Kind == wanted?.Kind)
            {
                continue;
            }

            if (row is not null)
            {
                gone.Add(key);
            }

            if (wanted is not null)
            {
                db.AccountIdentifiers.Add(wanted);
            }
        }

        if (gone.Count > 0)
        {
            await db.AccountIdentifiers.Where(i => gone.Contains(i.Normalized)).ExecuteDeleteAsync(cancellationToken);
        }
    }

    /// <returns>The id of the account that answers to what was typed, or null.</returns>
    public async Task<Guid?> FindAsync(string typed, CancellationToken cancellationToken)
    {
        var keys = IdentifierKeys.Of(typed);
        return Choose(await Find(keys).ToListAsync(cancellationToken), keys)?.AccountId;
    }

    /// <summary>
    /// The rows among which <see cref="Choose"/> finds the account: one query, through indexes, that does the same work
    /// whether or not there is one.
    /// </summary>
    public IQueryable<AccountIdentifier> Find(IdentifierKeys keys) =>
        db
            .AccountIdentifiers.AsNoTracking()
            .Where(i => i.Normalized == keys.Exact || i.Normalized == keys.Stripped || i.Letters == keys.Letters)
            .OrderBy(i =>
                i.Normalized == keys.Exact ? 0
                : i.Normalized == keys.Stripped ? 1
                : 2
            )
            .Take(Enough);

    /// <returns>
    /// The row of the account that is meant, or null when none is, or when letters and digits alone fit several
    /// accounts.
    /// </returns>
    public static AccountIdentifier? Choose(IReadOnlyList<AccountIdentifier> rows, IdentifierKeys keys) =>
        rows.FirstOrDefault(row => row.Normalized == keys.Exact)
        ?? rows.FirstOrDefault(row => row.Normalized == keys.Stripped)
        ?? (keys.Letters.Length > 0 && rows.Select(row => row.AccountId).Distinct().Count() == 1 ? rows[0] : null);
}
