using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Recovery.Ports;

namespace Recovery.Cases.Release;

/// <summary>
/// Sets when an approved case is released, and tells every address held, old ones too, how to stop it: whoever the
/// account really belongs to reads at least one of them.
/// </summary>
internal sealed class WaitingTime(
    IRecoveryDb db,
    IAccountDirectory accounts,
    IAccountAddresses addresses,
    IRecoveryMessenger messenger,
    IRecoveryAudit audit,
    IRecoveryHost host,
    ObservedWaits waits,
    IOptions<CaseOptions> options,
    TimeProvider clock
) : IWaitingTime
{
    public async Task<DateTimeOffset> BeginAsync(Guid caseId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var releaseAt = now.AddTicks(-(now.UtcTicks % TimeSpan.TicksPerSecond)) + options.Value.WaitingTime;
        int? secondsLeft = (int)options.Value.WaitingTime.TotalSeconds;
        DateTimeOffset? countedAt = await db.NowAsync(cancellationToken);
        var stop = CaseToken.New();
        var begun = await db
            .SupportCases.Where(c => c.Id == caseId && c.State == CaseState.Approved && c.ReleaseAt == null)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(c => c.ReleaseAt, releaseAt)
                        .SetProperty(c => c.WaitSecondsLeft, secondsLeft)
                        .SetProperty(c => c.WaitCountedAt, countedAt)
                        .SetProperty(c => c.StopHash, stop.Hash),
                cancellationToken
            );
        var facts =
            begun == 0
                ? null
                : await db
                    .SupportCases.AsNoTracking()
                    .Where(c => c.Id == caseId)
                    .Select(c => new
                    {
                        c.Reference,
                        c.NewEmail,
                        c.AccountId,
                    })
                    .SingleAsync(cancellationToken);
        if (
            facts is not { AccountId: { } accountId, NewEmail: { } newEmail }
            || await accounts.FindByIdAsync(accountId, cancellationToken) is not { } account
        )
        {
            throw new InvalidOperationException(
                $"Support case {caseId} is not an approved one whose waiting time has yet to begin."
            );
        }

        // One link for all of them: that it was opened would not tell whose mail arrived.
        var about = new MessageSubject(accountId, caseId);
        var notice = new RecoveryMessage.AccessWillBeRestored(
            account.DisplayName,
            account.Username,
            facts.Reference,
            releaseAt,
            host.AbsoluteAddress($"{CasePaths.Stop}/{stop.Text}")
        );
        foreach (var held in await addresses.HeldAsync(accountId, cancellationToken))
        {
            await messenger.QueueAsync(held, notice, about, cancellationToken);
        }

        await messenger.QueueAsync(
            newEmail,
            new RecoveryMessage.CaseApproved(facts.Reference, releaseAt),
            about,
            cancellationToken
        );
        audit.Record(RecoveryAuditKinds.CaseWaiting, accountId, detail: CaseAudit.Of(caseId));
        await db.SaveChangesAsync(cancellationToken);
        waits.Begin(caseId, releaseAt);
        return releaseAt;
    }
}
