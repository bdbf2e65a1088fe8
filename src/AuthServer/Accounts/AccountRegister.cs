using AuthServer.Data;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Accounts;

/// <summary>An account in a list.</summary>
internal sealed record AccountSummary(
    Guid Id,
    string Username,
    string? Email,
    bool EmailVerified,
    string StaffRole,
    bool Disabled,
    DateTimeOffset? LastLogInAt
);

/// <summary>All that is held about an account, for the operator; never the password's hash.</summary>
/// <param name="LogsInWith">What the person can type, normalized.</param>
/// <param name="Supervisors">Usernames.</param>
/// <param name="Supervises">Usernames.</param>
/// <param name="LiveSessions">Sessions that have neither ended nor reached their absolute end.</param>
/// <param name="FailedLogIns">In a row, from browsers that the account does not know.</param>
internal sealed record AccountDetails(
    Guid Id,
    string Username,
    string? Email,
    bool EmailVerified,
    IReadOnlyList<string> LogsInWith,
    IReadOnlyList<string> PreviousEmails,
    string? Name,
    string? GivenName,
    string? FamilyName,
    string? MiddleName,
    string? Nickname,
    string? Profile,
    string? Picture,
    string? Website,
    string? Gender,
    string? Birthdate,
    string? Zoneinfo,
    string? Locale,
    string? PhoneNumber,
    bool PhoneNumberVerified,
    PostalAddress? Address,
    string? GmcNumber,
    string? NmcNumber,
    string? Ntn,
    string? CollegeNumber,
    IReadOnlyList<string> PortfolioRoles,
    IReadOnlyList<PostFacts> Posts,
    IReadOnlyList<string> Supervisors,
    IReadOnlyList<string> Supervises,
    string StaffRole,
    bool Disabled,
    bool HasPassword,
    DateTimeOffset? PasswordChangedAt,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset? LastLogInAt,
    int LiveSessions,
    int FailedLogIns,
    DateTimeOffset? BlockedUntil,
    DateTimeOffset? RemovedAt
);

/// <summary>Reads accounts for those who look after them.</summary>
internal sealed class AccountRegister(AuthDbContext db, TimeProvider clock)
{
    /// <param name="typed">A username, an e-mail address or an id.</param>
    /// <returns>One account, none, or all that have the address.</returns>
    public async Task<IReadOnlyList<Guid>> FindAsync(string typed, CancellationToken cancellationToken)
    {
        var normalized = Identifier.Normalize(typed);
        var byIdentifier = await db
            .AccountIdentifiers.Where(i => i.Normalized == normalized)
            .Select(i => i.AccountId)
            .ToListAsync(cancellationToken);
        if (byIdentifier.Count > 0)
        {
            return byIdentifier;
        }

        return Guid.TryParse(normalized, out var id)
            ? await db.Accounts.Where(a => a.Id == id).Select(a => a.Id).ToListAsync(cancellationToken)
            : await db
                .Accounts.Where(a => a.EmailNormalized == normalized)
                .Select(a => a.Id)
                .ToListAsync(cancellationToken);
    }

    /// <returns>When the account was removed, or null.</returns>
    public Task<DateTimeOffset?> RemovedAtAsync(Guid accountId, CancellationToken cancellationToken) =>
        db.Accounts.Where(a => a.Id == accountId).Select(a => a.RemovedAt).SingleAsync(cancellationToken);

    /// <summary>Every account that was not removed, oldest first, read as it is asked for.</summary>
    public IAsyncEnumerable<AccountSummary> ListAsync(CancellationToken cancellationToken) =>
        db
            .Accounts.AsNoTracking()
            .Where(a => a.RemovedAt == null)
            .OrderBy(a => a.CreatedAt)
            .ThenBy(a => a.Id)
            .Select(a => new
            {
                a.Id,
                a.Username,
                a.Email,
                a.EmailVerified,
                a.StaffRole,
                a.Disabled,
                a.LastLogInAt,
            })
            .AsAsyncEnumerable()
            .Select(a => new AccountSummary(
                a.Id,
                a.Username,
                a.Email,
                a.EmailVerified,
                NameOf(a.StaffRole),
                a.Disabled,
                a.LastLogInAt
            ));

    /// <param name="accountId">An account that exists.</param>
    public async Task<AccountDetails> ShowAsync(Guid accountId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var key = Throttle.AccountKey(accountId);
        var a = await db.Accounts.AsNoTracking().SingleAsync(account => account.Id == accountId, cancellationToken);
        var logsInWith = await db
            .AccountIdentifiers.Where(i => i.AccountId == accountId)
            .OrderBy(i => i.Kind)
            .Select(i => i.Normalized)
            .ToListAsync(cancellationToken);
        var previous = await db
            .PreviousEmails.Where(e => e.AccountId == accountId)
            .OrderBy(e => e.RecordedAt)
            .Select(e => e.Email)
            .ToListAsync(cancellationToken);
        var posts = await db.Posts.AsNoTracking().Where(p => p.AccountId == accountId).ToListAsync(cancellationToken);
        var supervisors = await UsernamesAsync(
            db.Supervisions.Where(s => s.TraineeId == accountId).Select(s => s.SupervisorId),
            cancellationToken
        );
        var supervises = await UsernamesAsync(
            db.Supervisions.Where(s => s.SupervisorId == accountId).Select(s => s.TraineeId),
            cancellationToken
        );
        var sessions = await db.Sessions.CountAsync(
            s => s.AccountId == accountId && s.EndedAt == null && s.ExpiresAt > now,
            cancellationToken
        );
        var throttle = await db
            .LogInThrottles.AsNoTracking()
            .SingleOrDefaultAsync(t => t.Key == key, cancellationToken);
        return new AccountDetails(
            a.Id,
            a.Username,
            a.Email,
            a.EmailVerified,
            logsInWith,
            previous,
            a.Name,
            a.GivenName,
            a.FamilyName,
            a.MiddleName,
            a.Nickname,
            a.Profile,
            a.Picture,
            a.Website,
            a.Gender,
            a.Birthdate,
            a.Zoneinfo,
            a.Locale,
            a.PhoneNumber,
            a.PhoneNumberVerified,
            a.Address,
            a.GmcNumber,
            a.NmcNumber,
            a.Ntn,
            a.CollegeNumber,
            a.PortfolioRoles,
            [.. posts.OrderBy(p => p.From).ThenBy(p => p.Id).Select(PostFacts.Of)],
            supervisors,
            supervises,
            NameOf(a.StaffRole),
            a.Disabled,
            a.PasswordHash is not null,
            a.PasswordChangedAt,
            a.CreatedAt,
            a.UpdatedAt,
            a.LastLogInAt,
            sessions,
            throttle?.Failures ?? 0,
            throttle?.BlockedUntil,
            a.RemovedAt
        );
    }

    private Task<List<string>> UsernamesAsync(IQueryable<Guid> ids, CancellationToken cancellationToken) =>
        db
            .Accounts.Where(a => ids.Contains(a.Id))
            .Select(a => a.Username)
            .OrderBy(name => name)
            .ToListAsync(cancellationToken);

    private static string NameOf(StaffRole role) =>
        role switch
        {
            StaffRole.Support => "support",
            StaffRole.Administrator => "administrator",
            _ => "none",
        };
}
