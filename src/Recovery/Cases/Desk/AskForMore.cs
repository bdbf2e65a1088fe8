using Microsoft.EntityFrameworkCore;
using Recovery.Cases.Claim;
using Recovery.Ports;

namespace Recovery.Cases.Desk;

/// <summary>
/// Asks the person for more by mail. The case waits for them until they answer, through the link in it, or it lapses.
/// </summary>
internal sealed class AskForMore(
    IRecoveryDb db,
    DeskCases cases,
    IAnswerLinks links,
    IRecoveryMessenger messenger,
    IRecoveryAudit audit,
    TimeProvider clock
)
{
    public async Task<DeskOutcome> AskAsync(
        string reference,
        string question,
        Officer officer,
        CancellationToken cancellationToken
    )
    {
        if (StaffText.Clean(question) is not { Length: > 0 and <= StaffText.Longest } text)
        {
            return new DeskOutcome.Refused(
                $"Enter what you want to ask, in {StaffText.Longest:N0} characters or fewer"
            );
        }

        var (support, ended) = await cases.FindAsync(reference, officer, cancellationToken);
        if (support is not { NewEmail: { } email })
        {
            return ended ?? new DeskOutcome.Overtaken();
        }

        var now = clock.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var changed = await db
            .SupportCases.Where(c => c.Id == support.Id && c.State == CaseState.Open)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(c => c.State, CaseState.MoreWanted).SetProperty(c => c.ChangedAt, now).SettleNews(),
                cancellationToken
            );
        if (changed == 0)
        {
            return new DeskOutcome.Overtaken();
        }

        db.AddEntry(support.Id, CaseEntryKind.Question, now, officer.Id, text);
        audit.Record(RecoveryAuditKinds.CaseMoreWanted, support.AccountId, officer.Id, CaseAudit.Of(support.Id));
        var link = await links.NewAsync(support.Id, cancellationToken);
        await messenger.QueueAsync(
            email,
            new RecoveryMessage.MoreWanted(support.Reference, text, link.Address, link.ExpiresAt),
            new MessageSubject(support.AccountId, support.Id, link.Hash),
            cancellationToken
        );
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new DeskOutcome.Done();
    }
}
