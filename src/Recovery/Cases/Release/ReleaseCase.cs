using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Recovery.Ports;
using Recovery.ResetLinks;

namespace Recovery.Cases.Release;

/// <summary>
/// Ends the waiting time of a case that nobody stopped: the proved address becomes the account's, and the link to
/// choose a password goes there. All of it in one transaction, by one process.
/// </summary>
internal sealed partial class ReleaseCase(
    IRecoveryDb db,
    IAccountDirectory accounts,
    IAccountAddresses addresses,
    ICaseLinks links,
    IRecoveryMessenger messenger,
    IRecoveryAudit audit,
    TimeProvider clock,
    ILogger<ReleaseCase> logger
)
{
    /// <param name="caseId">A case whose waiting time is over.</param>
    /// <param name="releaseAt">When it was said to be: another waiting time may have begun since.</param>
    public async Task<Release> ReleaseAsync(Guid caseId, DateTimeOffset releaseAt, CancellationToken cancellationToken)
    {
        var problem = await TryAsync(caseId, releaseAt, cancellationToken);
        if (problem is { Length: > 0 })
        {
            // What was half done has been rolled back; the case goes back to the people who can mend it.
            await ReturnAsync(caseId, problem, cancellationToken);
            return Release.Returned;
        }

        return problem is null ? Release.Done : Release.NotDue;
    }

    /// <returns>Null when released, nothing when it was not due, otherwise a sentence for staff.</returns>
    private async Task<string?> TryAsync(Guid caseId, DateTimeOffset releaseAt, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var released = await db
            .SupportCases.Where(c => c.Id == caseId && c.State == CaseState.Approved && c.ReleaseAt == releaseAt)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(c => c.State, CaseState.Released)
                        .SetProperty(c => c.ChangedAt, now)
                        .SetProperty(c => c.ClosedAt, now),
                cancellationToken
            );
        if (released == 0)
        {
            return "";
        }

        var facts = await db
            .SupportCases.AsNoTracking()
            .Where(c => c.Id == caseId)
            .Select(c => new
            {
                c.Reference,
                c.NewEmail,
                c.AccountId,
                c.ClientId,
                c.SecondApprovedBy,
            })
            .SingleAsync(cancellationToken);
        if (
            facts is not { AccountId: { } accountId, NewEmail: { } email }
            || await accounts.FindByIdAsync(accountId, cancellationToken) is not { } account
        )
        {
            return "The account is not there any more.";
        }

        if (account.Disabled)
        {
            return "The account is disabled: unlock it, then approve the case again.";
        }

        if (account.Staff != StaffKind.None && facts.SecondApprovedBy is null)
        {
            return "The account has become a member of staff's since: two people have to approve it.";
        }

        await db.HoldLinksAsync(accountId, cancellationToken);
        if (await addresses.ChangeAsync(accountId, email, cancellationToken) is { } problem)
        {
            return problem;
        }

        await db
            .SupportCases.Where(c => c.Id == caseId)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(c => c.EmailBefore, account.Email)
                        .SetProperty(c => c.PasswordGenerationBefore, account.PasswordGeneration),
                cancellationToken
            );
        var link = await links.NewAsync(account, caseId, email, facts.ClientId, cancellationToken);
        db.AddEntry(caseId, CaseEntryKind.Released, now);
        audit.Record(RecoveryAuditKinds.CaseReleased, accountId, detail: CaseAudit.Of(caseId));
        await messenger.QueueAsync(
            email,
            new RecoveryMessage.AccessRestored(
                account.DisplayName,
                account.Username,
                facts.Reference,
                link.Address,
                link.ExpiresAt
            ),
            new MessageSubject(accountId, caseId, link.Hash),
            cancellationToken
        );
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        Released(caseId);
        return null;
    }

    private async Task ReturnAsync(Guid caseId, string problem, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var returned = await db
            .SupportCases.Where(c => c.Id == caseId && c.State == CaseState.Approved)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(c => c.State, CaseState.Open)
                        .SetProperty(c => c.ChangedAt, now)
                        .SetProperty(c => c.ReleaseAt, (DateTimeOffset?)null)
                        .SetProperty(c => c.StopHash, (byte[]?)null)
                        .SetProperty(c => c.ApprovedAt, (DateTimeOffset?)null)
                        .SetProperty(c => c.ApprovedBy, (Guid?)null)
                        .SetProperty(c => c.SecondApprovedBy, (Guid?)null)
                        .AnnounceNews(CaseNews.Returned, now),
                cancellationToken
            );
        if (returned == 0)
        {
            return; // stopped in between
        }

        var accountId = await db
            .SupportCases.Where(c => c.Id == caseId)
            .Select(c => c.AccountId)
            .SingleAsync(cancellationToken);
        db.AddEntry(caseId, CaseEntryKind.Returned, now, text: problem);
        audit.Record(RecoveryAuditKinds.CaseReturned, accountId, detail: CaseAudit.Of(caseId));
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        Returned(caseId);
    }

    [LoggerMessage(3105, LogLevel.Information, "Support case {CaseId} was released.")]
    private partial void Released(Guid caseId);

    [LoggerMessage(3106, LogLevel.Warning, "Support case {CaseId} could not be released and went back to the desk.")]
    private partial void Returned(Guid caseId);
}

/// <summary>How the end of a waiting time ended.</summary>
internal enum Release
{
    Done,

    /// <summary>Stopped, released already, or not waited for long enough.</summary>
    NotDue,

    /// <summary>The link could not be sent: the desk has the case again, and the reason.</summary>
    Returned,
}
