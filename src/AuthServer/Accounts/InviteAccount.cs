using AuthServer.Data;
using Microsoft.EntityFrameworkCore;
using Recovery.ResetLinks;

namespace AuthServer.Accounts;

/// <summary>Sends one person a link to choose their first password.</summary>
internal sealed class InviteAccount(AuthDbContext db, IInvitations invitations, InvitedApp apps)
{
    /// <returns>Why the person was not invited, as a sentence; null when they were.</returns>
    /// <param name="app">The client_id of the app that the link leads to in the end, or null.</param>
    public async Task<string?> HandleAsync(Guid accountId, string? app, CancellationToken cancellationToken)
    {
        if (await apps.ProblemAsync(app, cancellationToken) is { } wrong)
        {
            return wrong;
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var account = await db.Accounts.AsNoTracking().SingleAsync(a => a.Id == accountId, cancellationToken);
        if (Problem(account) is { } problem)
        {
            return problem;
        }

        var invited = await invitations.SendAsync(
            [new Invitee(AccountDirectory.Reference(account), app)],
            cancellationToken
        );
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return invited.Contains(accountId) ? null : "The person has been invited already, and the link still works.";
    }

    private static string? Problem(Account account) =>
        account switch
        {
            { RemovedAt: not null } => "The account was removed.",
            { Disabled: true } => "The account is locked: unlock it first.",
            { PasswordHash: not null } =>
                "The person has a password already: \"Forgotten login details\" sends them a link to choose another.",
            { EmailVerified: false } or { Email: null } => "The account has no verified email address.",
            _ => null,
        };
}
