using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Recovery.Cases;
using Recovery.Ports;

namespace Recovery.ResetLinks;

/// <summary>How spending a link ended.</summary>
internal abstract record Redemption
{
    private Redemption() { }

    /// <param name="Link">What was spent.</param>
    /// <param name="SecurityStamp">The account's new one: with it the person is logged in.</param>
    /// <param name="IsFirst">True: the account had no password before.</param>
    public sealed record Done(ResetLink Link, Guid SecurityStamp, bool IsFirst) : Redemption;

    /// <summary>The link is as good as before.</summary>
    /// <param name="Reasons">What to change about the password, a sentence each.</param>
    public sealed record Refused(IReadOnlyList<string> Reasons) : Redemption;

    public sealed record Dead(LinkState.Dead State) : Redemption;

    /// <summary>
    /// The server is hashing as fast as it can; the link is as good as before (503 with Retry-After).
    /// </summary>
    public sealed record Busy(TimeSpan RetryAfter) : Redemption;
}

/// <summary>
/// Spends a link: the one guarded update, the new password, the end of sessions and grants, the throttle, the audit
/// events and the notice are one transaction. However often a link is sent at once, one of them wins, and a refused
/// password costs nothing.
/// </summary>
internal sealed partial class LinkRedeemer(
    IRecoveryDb db,
    LinkReader reader,
    IAccountDirectory accounts,
    IAccountAddresses addresses,
    IRecoveryMessenger messenger,
    IRecoveryAudit audit,
    IRecoveryHost host,
    TimeProvider clock,
    ILogger<LinkRedeemer> logger
)
{
    /// <param name="token">As it stood in the form.</param>
    /// <param name="password">As typed.</param>
    /// <param name="browser">For the notice, or null.</param>
    public async Task<Redemption> RedeemAsync(
        string? token,
        string password,
        string? browser,
        CancellationToken cancellationToken
    )
    {
        if (await reader.ReadAsync(token, cancellationToken) is not LinkState.Live live)
        {
            return await WhyNotAsync(token, cancellationToken);
        }

        // Before the transaction: a hash takes long, and on SQLite nobody else could write meanwhile.
        return await accounts.ChoosePasswordAsync(live.Account.Id, password, cancellationToken) switch
        {
            ChosenPassword.Refused refused => new Redemption.Refused(refused.Reasons),
            ChosenPassword.Busy busy => new Redemption.Busy(busy.RetryAfter),
            ChosenPassword.Accepted accepted => await SpendAsync(live, accepted, browser) is { } stamp
                ? new Redemption.Done(live.Link, stamp, IsFirst: !live.Account.HasPassword)
                : await WhyNotAsync(token, cancellationToken),
            var other => throw new InvalidOperationException($"A password choice ended in {other.GetType()}."),
        };
    }

    /// <returns>
    /// The account's new security stamp; null when another request was faster, or the account has changed since, and
    /// nothing is written.
    /// </returns>
    private async Task<Guid?> SpendAsync(LinkState.Live live, ChosenPassword.Accepted password, string? browser)
    {
        var (link, account) = live;
        var now = clock.GetUtcNow();

        // From here on it is finished even when the browser goes away.
        await using var transaction = await db.Database.BeginTransactionAsync(CancellationToken.None);
        await db.HoldLinksAsync(account.Id, CancellationToken.None);
        var spent = await db
            .ResetLinks.Where(l =>
                l.Id == link.Id
                && l.UsedAt == null
                && l.VoidedAt == null
                && l.ExpiresAt > now
                && !db.ResetLinks.Any(newer => newer.AccountId == l.AccountId && newer.Generation > l.Generation)
            )
            .ExecuteUpdateAsync(set => set.SetProperty(l => l.UsedAt, now), CancellationToken.None);
        if (
            spent == 0
            || await accounts.SetPasswordAsync(
                account.Id,
                password,
                new ResetRight(link.SentTo, link.SecurityStamp),
                CancellationToken.None
            )
                is not { } stamp
        )
        {
            return null;
        }

        await db
            .ResetLinks.Where(l =>
                l.AccountId == account.Id && l.UsedAt == null && l.VoidedAt == null && l.ExpiresAt > now
            )
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(l => l.VoidedAt, now).SetProperty(l => l.VoidedBecause, VoidReason.PasswordChanged),
                CancellationToken.None
            );
        audit.Record(RecoveryAuditKinds.LinkUsed, account.Id, detail: $"purpose={LinkPurposes.Word(link.Purpose)}");
        await TellAsync(link, account, new Circumstances(now, browser));
        await db.SaveChangesAsync(CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
        Spent(link.Id, account.Id);
        return stamp;
    }

    /// <summary>
    /// The account's address; after a support case every address that was ever held, because its owner may read another
    /// one.
    /// </summary>
    private async Task TellAsync(ResetLink link, AccountReference account, Circumstances changed)
    {
        var caseId = link.Purpose == LinkPurpose.Case ? link.RequestId : null;
        if (caseId is { } id)
        {
            db.AddEntry(id, CaseEntryKind.PasswordChosen, changed.At);
        }

        foreach (
            var address in caseId is null
                ? [account.Email ?? link.SentTo]
                : await addresses.HeldAsync(account.Id, CancellationToken.None)
        )
        {
            await messenger.QueueAsync(
                address,
                new RecoveryMessage.PasswordChanged(
                    account.DisplayName,
                    account.Username,
                    changed,
                    IsFirst: !account.HasPassword
                )
                {
                    Ticket = host.TicketFor(link.ClientId), // the request itself has been answered
                },
                new MessageSubject(account.Id, caseId),
                CancellationToken.None
            );
        }
    }

    private async Task<Redemption> WhyNotAsync(string? token, CancellationToken cancellationToken)
    {
        if (await reader.ReadAsync(token, cancellationToken) is not LinkState.Dead dead)
        {
            // The account was locked and unlocked again meanwhile, say: the next try will do.
            return new Redemption.Busy(TimeSpan.FromSeconds(1));
        }

        Refused(dead.Link?.Id, dead.Why);
        return new Redemption.Dead(dead);
    }

    [LoggerMessage(
        3010,
        LogLevel.Information,
        "Reset link {LinkId} was spent: account {AccountId} has a new password."
    )]
    private partial void Spent(Guid linkId, Guid accountId);

    [LoggerMessage(3011, LogLevel.Information, "Refused reset link {LinkId}: {Why}.")]
    private partial void Refused(Guid? linkId, LinkDeath why);
}
