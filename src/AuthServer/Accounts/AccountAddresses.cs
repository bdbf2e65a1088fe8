using AuthServer.Audit;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;
using Recovery.Ports;

namespace AuthServer.Accounts;

/// <summary>Tells recovery about accounts' addresses, and changes them: the host's side of its port.</summary>
internal sealed class AccountAddresses(
    AuthDbContext db, LogInIdentifiers identifiers, PreviousEmails previousEmails, AuditTrail audit, TimeProvider clock) : IAccountAddresses
{
    public string Fold(string typed) => Identifier.Fold(typed);

    public string? Problem(string typed) => IdentifierRules.ProblemWithEmail(typed);

    public async Task<IReadOnlyList<string>> HeldAsync(Guid accountId, CancellationToken cancellationToken)
    {
        var current = await db.Accounts.AsNoTracking()
            .Where(a => a.Id == accountId)
            .Select(a => new { a.Email, a.EmailFolded })
            .SingleOrDefaultAsync(cancellationToken);
        var earlier = await db.PreviousEmails.AsNoTracking()
            .Where(e => e.AccountId == accountId)
            .OrderByDescending(e => e.RecordedAt)
            .ToListAsync(cancellationToken);
        var others = earlier.Where(e => e.Folded != current?.EmailFolded).Select(e => e.Email);
        return current?.Email is { } email ? [email, .. others] : [.. others];
    }

    public async Task<string?> ChangeAsync(Guid accountId, string email, CancellationToken cancellationToken)
    {
        if (Problem(email) is { } wrong)
        {
            return wrong;
        }

        // Untracked, and read again under the identifiers' lock: nobody else changes who answers to what meanwhile.
        var folded = Identifier.Fold(email);
        var before = await ClaimedAsync(accountId, cancellationToken);
        var ledger = await identifiers.OpenAsync(
            new[] { before.Username, before.Email, folded }.OfType<string>().Distinct().ToList(), cancellationToken);
        if (await ClaimedAsync(accountId, cancellationToken) != before)
        {
            throw new DbUpdateConcurrencyException($"Account {accountId} was changed at the same time.");
        }

        var after = before with { Email = folded, EmailVerified = true };
        if (ledger.ProblemWithEmail(after) is { } taken)
        {
            return taken;
        }

        var now = clock.GetUtcNow();
        var old = await db.Accounts.AsNoTracking().Where(a => a.Id == accountId).Select(a => a.Email).SingleAsync(cancellationToken);
        ledger.Apply(before, after);
        await identifiers.WriteAsync(ledger, cancellationToken);
        await db.Accounts.Where(a => a.Id == accountId).ExecuteUpdateAsync(
            set => set
                .SetProperty(a => a.Email, email)
                .SetProperty(a => a.EmailFolded, folded)
                .SetProperty(a => a.EmailVerified, true)
                .SetProperty(a => a.UpdatedAt, now),
            cancellationToken);
        if (old is not null && before.Email != folded)
        {
            await previousEmails.AddAsync([(accountId, old)], cancellationToken);
        }

        audit.Record(AuditKinds.EmailChanged, accountId);
        await db.SaveChangesAsync(cancellationToken);
        return null;
    }

    private async Task<ClaimedIdentifiers> ClaimedAsync(Guid accountId, CancellationToken cancellationToken) =>
        ClaimedIdentifiers.Of(await db.Accounts.AsNoTracking().SingleAsync(a => a.Id == accountId, cancellationToken));
}
