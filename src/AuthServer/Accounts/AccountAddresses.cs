using AuthServer.Audit;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;
using Recovery.Ports;

namespace AuthServer.Accounts;

/// <summary>Tells recovery about accounts' addresses, and changes them: the host's side of its port.</summary>
internal sealed class AccountAddresses(
    AuthDbContext db,
    LogInIdentifiers identifiers,
    PreviousEmails previousEmails,
    AuditTrail audit,
    TimeProvider clock
) : IAccountAddresses
{
    public string Normalize(string typed) => Identifier.Normalize(typed);

    public string Clean(string typed) =>
        Identifier.Normalize(typed) is var exact && Problem(exact) is null ? exact : IdentifierKeys.Of(typed).Stripped;

    public string? Problem(string typed) => IdentifierRules.ProblemWithEmail(typed);

    public async Task<IReadOnlyList<string>> HeldAsync(Guid accountId, CancellationToken cancellationToken)
    {
        var current = await db
            .Accounts.AsNoTracking()
            .Where(a => a.Id == accountId)
            .Select(a => new { a.Email, a.EmailNormalized })
            .SingleOrDefaultAsync(cancellationToken);
        var earlier = await db
            .PreviousEmails.AsNoTracking()
            .Where(e => e.AccountId == accountId)
            .OrderByDescending(e => e.RecordedAt)
            .ToListAsync(cancellationToken);
        var others = earlier.Where(e => e.Normalized != current?.EmailNormalized).Select(e => e.Email);
        return current?.Email is { } email ? [email, .. others] : [.. others];
    }

    public async Task<string?> ChangeAsync(Guid accountId, string email, CancellationToken cancellationToken)
    {
        if (Problem(email) is { } wrong)
        {
            return wrong;
        }

        // Untracked, and read again under the identifiers' lock: nobody else changes who answers to what meanwhile.
        var normalized = Identifier.Normalize(email);
        var before = await ClaimedAsync(accountId, cancellationToken);
        var ledger = await identifiers.OpenAsync(
            new[] { before.Username, before.Email, normalized }.OfType<string>().Distinct().ToList(),
            cancellationToken
        );
        if (await ClaimedAsync(accountId, cancellationToken) != before)
        {
            throw new DbUpdateConcurrencyException($"Account {accountId} was changed at the same time.");
        }

        var after = before with { Email = normalized, EmailVerified = true };
        if (ledger.ProblemWithEmail(after) is { } taken)
        {
            return taken;
        }

        var now = clock.GetUtcNow();
        var old = await db
            .Accounts.AsNoTracking()
            .Where(a => a.Id == accountId)
            .Select(a => a.Email)
            .SingleAsync(cancellationToken);
        ledger.Apply(before, after);
        await identifiers.WriteAsync(ledger, cancellationToken);
        await db
            .Accounts.Where(a => a.Id == accountId)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(a => a.Email, email)
                        .SetProperty(a => a.EmailNormalized, normalized)
                        .SetProperty(a => a.EmailVerified, true)
                        .SetProperty(a => a.UpdatedAt, now),
                cancellationToken
            );
        if (old is not null && before.Email != normalized)
        {
            await previousEmails.AddAsync([(accountId, old)], cancellationToken);
        }

        audit.Record(AuditKinds.EmailChanged, accountId);
        await db.SaveChangesAsync(cancellationToken);
        return null;
    }

    public async Task<bool> TakeBackAsync(
        Guid accountId,
        string wrong,
        string? before,
        int passwordGeneration,
        CancellationToken cancellationToken
    )
    {
        var (taken, wanted) = (Identifier.Normalize(wrong), before is null ? null : Identifier.Normalize(before));
        var now = clock.GetUtcNow();
        var username = (await ClaimedAsync(accountId, cancellationToken)).Username;
        var ledger = await identifiers.OpenAsync(
            new[] { username, taken, wanted }.OfType<string>().Distinct().ToList(),
            cancellationToken
        );

        // The gate: of this and a password that is being chosen, one happens.
        var changed = await db
            .Accounts.Where(a =>
                a.Id == accountId
                && a.EmailNormalized == taken
                && a.EmailVerified
                && a.PasswordGeneration == passwordGeneration
            )
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.UpdatedAt, now), cancellationToken);
        if (changed == 0)
        {
            return false;
        }

        var held = new ClaimedIdentifiers(accountId, username, taken, true);
        var after = held with { Email = wanted, EmailVerified = wanted is not null };
        if (ledger.ProblemWithEmail(after) is not null)
        {
            // Another account has it as its username.
            (before, after) = (null, after with { Email = null, EmailVerified = false });
        }

        ledger.Apply(held, after);
        ledger.GivenUp.Clear(); // it was never theirs: it must not count as an earlier address
        await identifiers.WriteAsync(ledger, cancellationToken);
        await db
            .Accounts.Where(a => a.Id == accountId)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(a => a.Email, before)
                        .SetProperty(a => a.EmailNormalized, after.Email)
                        .SetProperty(a => a.EmailVerified, after.EmailVerified),
                cancellationToken
            );
        audit.Record(AuditKinds.EmailChanged, accountId);
        await db.SaveChangesAsync(cancellationToken);
        return true;
    }

    private async Task<ClaimedIdentifiers> ClaimedAsync(Guid accountId, CancellationToken cancellationToken) =>
        ClaimedIdentifiers.Of(await db.Accounts.AsNoTracking().SingleAsync(a => a.Id == accountId, cancellationToken));
}
