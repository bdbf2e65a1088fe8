using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Recovery.Ports;
using Recovery.ResetLinks;

namespace Recovery.Cases.Release;

/// <summary>
/// For whoever reads the notice when the waiting time is over: people are on leave. While no password has been chosen
/// the release is undone: the link dies and the account gets its old address back, or the claimant would just ask for
/// another link. Afterwards only people can tell who is who, so the desk gets an alarm.
/// </summary>
internal sealed partial class LateStop(
    IRecoveryDb db,
    IAccountAddresses addresses,
    ToldOfStop told,
    IRecoveryAudit audit,
    TimeProvider clock,
    ILogger<LateStop> logger
)
{
    public async Task StopAsync(byte[] hash, CancellationToken cancellationToken)
    {
        var support = await db
            .SupportCases.AsNoTracking()
            .SingleOrDefaultAsync(
                c => c.StopHash == hash && c.State == CaseState.Released && c.AlarmAt == null,
                cancellationToken
            );
        if (support is null)
        {
            return;
        }

        if (!await TakeBackAsync(support, cancellationToken))
        {
            await RaiseAlarmAsync(support, cancellationToken);
        }
    }

    /// <returns>False when it was too late for that; then nothing is written.</returns>
    private async Task<bool> TakeBackAsync(SupportCase support, CancellationToken cancellationToken)
    {
        if (support is not { AccountId: { } accountId, NewEmail: { } proved, PasswordGenerationBefore: { } generation })
        {
            return false;
        }

        var now = clock.GetUtcNow();
        var sentTo = addresses.Normalize(proved);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);

        await db.HoldLinksAsync(accountId, cancellationToken);
        await db
            .ResetLinks.Where(l =>
                l.AccountId == accountId
                && l.SentTo == sentTo
                && l.UsedAt == null
                && l.VoidedAt == null
                && l.ExpiresAt > now
            )
            .ExecuteUpdateAsync(
                set => set.SetProperty(l => l.VoidedAt, now).SetProperty(l => l.VoidedBecause, VoidReason.Stopped),
                cancellationToken
            );
        if (
            !await addresses.TakeBackAsync(accountId, proved, support.EmailBefore, generation, cancellationToken)
            || !await MarkAsync(support.Id, CaseState.Stopped, now, cancellationToken)
        )
        {
            return false;
        }

        db.AddEntry(support.Id, CaseEntryKind.StoppedLate, now);
        audit.Record(RecoveryAuditKinds.CaseStoppedLate, accountId, detail: CaseAudit.Of(support.Id));
        await told.TellAsync(support, StopMoment.BeforeUse, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        TakenBack(support.Id);
        return true;
    }

    private async Task RaiseAlarmAsync(SupportCase support, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (!await MarkAsync(support.Id, CaseState.Released, now, cancellationToken))
        {
            return; // somebody else has stopped it, or raised it
        }

        db.AddEntry(support.Id, CaseEntryKind.Alarm, now);
        audit.Record(RecoveryAuditKinds.CaseAlarm, support.AccountId, detail: CaseAudit.Of(support.Id));
        await told.TellAsync(support, StopMoment.AfterUse, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        Alarm(support.Id);
    }

    private async Task<bool> MarkAsync(
        Guid caseId,
        CaseState state,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        await db
            .SupportCases.Where(c => c.Id == caseId && c.State == CaseState.Released && c.AlarmAt == null)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(c => c.State, state)
                        .SetProperty(c => c.AlarmAt, now)
                        .SetProperty(c => c.ChangedAt, now),
                cancellationToken
            ) == 1;

    [LoggerMessage(
        3109,
        LogLevel.Warning,
        "Support case {CaseId} was stopped from an address that is held after its link was sent; the release was undone."
    )]
    private partial void TakenBack(Guid caseId);

    [LoggerMessage(
        3110,
        LogLevel.Error,
        "Somebody at a held address wanted to stop support case {CaseId} after a password had been chosen: the desk has an alarm."
    )]
    private partial void Alarm(Guid caseId);
}
