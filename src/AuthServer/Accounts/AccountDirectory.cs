using System.Linq.Expressions;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;
using Recovery.Ports;

namespace AuthServer.Accounts;

/// <summary>Tells recovery about accounts, and sets the passwords it asks for: the host's side of its port.</summary>
internal sealed class AccountDirectory(
    AuthDbContext db,
    LogInIdentifiers identifiers,
    ChoosePassword passwords,
    PasswordRules rules,
    SetPassword setPassword,
    DisableAccount disableAccount
) : IAccountDirectory
{
    /// <summary>Nobody's details: for the strength of a password whose owner is not known yet.</summary>
    private static readonly PersonalDetails Nobody = new(null, null, [], []);

    public async Task<FoundByEmail> FindByEmailAsync(string email, CancellationToken cancellationToken)
    {
        var keys = IdentifierKeys.Of(email);
        foreach (var key in new[] { keys.Exact, keys.Stripped }.Distinct())
        {
            if (
                await FindAsync(a => a.EmailNormalized == key && a.EmailVerified, cancellationToken) is
                { Count: > 0 } found
            )
            {
                return new FoundByEmail(found, IsExact: true);
            }
        }

        if (await FindByIdentifierAsync(email, cancellationToken) is { Email: not null } similar)
        {
            return new FoundByEmail([similar], IsExact: false);
        }

        var holders = await FindAsync(
            a => (a.EmailNormalized == keys.Exact || a.EmailNormalized == keys.Stripped) && !a.EmailVerified,
            cancellationToken
        );
        return new FoundByEmail([], IsExact: true) { Unconfirmed = [.. holders.Select(holder => holder.Id)] };
    }

    public async Task<AccountReference?> FindByIdentifierAsync(
        string identifier,
        CancellationToken cancellationToken
    ) =>
        await identifiers.FindAsync(identifier, cancellationToken) is { } id
            ? await FindByIdAsync(id, cancellationToken)
            : null;

    public async Task<AccountReference?> FindByIdAsync(Guid accountId, CancellationToken cancellationToken) =>
        (await FindAsync(a => a.Id == accountId, cancellationToken)).SingleOrDefault();

    public async Task<ChosenPassword> ChoosePasswordAsync(
        Guid accountId,
        string password,
        CancellationToken cancellationToken
    ) =>
        await passwords.ChooseAsync(
            password,
            await DetailsAsync(accountId, cancellationToken),
            cancellationToken
        ) switch
        {
            PasswordChoice.Accepted accepted => new Hashed(accepted.Hash),
            PasswordChoice.Busy busy => new ChosenPassword.Busy(busy.RetryAfter),
            PasswordChoice.Refused refused => new ChosenPassword.Refused([refused.Problem]),
            var other => throw new InvalidOperationException($"A password choice ended in {other.GetType()}."),
        };

    public Task<Guid?> SetPasswordAsync(
        Guid accountId,
        ChosenPassword.Accepted password,
        ResetRight right,
        CancellationToken cancellationToken
    ) =>
        setPassword.SetAsync(
            db.Accounts.Where(a =>
                !a.Disabled
                && a.EmailVerified
                && a.EmailNormalized == right.SentTo
                && a.SecurityStamp == right.SecurityStamp
            ),
            accountId,
            ((Hashed)password).Hash,
            cancellationToken
        );

    public Task<bool> DisableAsync(Guid accountId, Guid actorId, CancellationToken cancellationToken) =>
        disableAccount.DisableHereAsync(accountId, actorId.ToString(), cancellationToken);

    /// <summary>An account as recovery sees it.</summary>
    public static AccountReference Reference(Account account) =>
        new(
            account.Id,
            account.Username,
            account.DisplayName,
            account.EmailVerified ? account.Email : null,
            account.EmailVerified ? account.EmailNormalized : null,
            account.Disabled,
            account.PasswordHash is not null,
            (StaffKind)account.StaffRole,
            account.SecurityStamp,
            account.PasswordGeneration
        );

    public async Task<PasswordStrengthAnswer> StrengthAsync(
        Guid? accountId,
        string password,
        CancellationToken cancellationToken
    )
    {
        var details = accountId is { } id ? await DetailsAsync(id, cancellationToken) : Nobody;
        var refusal = rules.Refusal(password, details);
        return new PasswordStrengthAnswer(
            PasswordStrength.Score(TypedPassword.Normalize(password), details.Pieces()),
            refusal is null ? [] : [refusal]
        );
    }

    private async Task<PersonalDetails> DetailsAsync(Guid accountId, CancellationToken cancellationToken) =>
        PersonalDetails.Of(await db.Accounts.AsNoTracking().SingleAsync(a => a.Id == accountId, cancellationToken));

    private async Task<IReadOnlyList<AccountReference>> FindAsync(
        Expression<Func<Account, bool>> which,
        CancellationToken cancellationToken
    )
    {
        var accounts = await db
            .Accounts.AsNoTracking()
            .Where(which)
            .OrderBy(a => a.CreatedAt)
            .ToListAsync(cancellationToken);
        return [.. accounts.Select(Reference)];
    }

    private sealed record Hashed(string Hash) : ChosenPassword.Accepted;
}
