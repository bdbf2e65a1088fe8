using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Recovery.Ports;

namespace Recovery.Cases.Release;

/// <summary>
/// Stops a case for whoever got the notice at an address that is held. Looking at the link stops nothing: mail scanners
/// look at every link.
/// </summary>
internal sealed partial class StopCase(
    IRecoveryDb db,
    LateStop late,
    ToldOfStop told,
    IRecoveryAudit audit,
    TimeProvider clock,
    ILogger<StopCase> logger
)
{
    /// <returns>What the link would do.</returns>
    public async Task<StopLink> LookAsync(string token, CancellationToken cancellationToken)
    {
        if (CaseToken.HashOf(token) is not { } hash)
        {
            return new StopLink.Unknown();
        }

        var found = await db
            .SupportCases.AsNoTracking()
            .Where(c => c.StopHash == hash)
            .Select(c => new
            {
                c.Reference,
                c.State,
                c.ReleaseAt,
                c.ClosedAt,
                c.AlarmAt,
            })
            .SingleOrDefaultAsync(cancellationToken);
        return found switch
        {
            { State: CaseState.Approved, ReleaseAt: { } at } => new StopLink.Live(found.Reference, at),
            { State: CaseState.Stopped, AlarmAt: { } at } => new StopLink.TakenBack(found.Reference, at),
            { State: CaseState.Stopped, ClosedAt: { } at } => new StopLink.Stopped(found.Reference, at),
            { State: CaseState.Released, AlarmAt: { } at } => new StopLink.TooLate(found.Reference, at),
            { State: CaseState.Released, ClosedAt: { } at } => new StopLink.Sent(found.Reference, at),
            _ => new StopLink.Unknown(),
        };
    }

    /// <summary>
    /// Stops it, or undoes a release that nobody has made use of. Of many at once, and of this and a password that is
    /// being chosen, exactly one happens.
    /// </summary>
    public async Task<StopLink> StopAsync(string token, CancellationToken cancellationToken)
    {
        if (CaseToken.HashOf(token) is not { } hash)
        {
            return new StopLink.Unknown();
        }

        if (!await StopInTimeAsync(hash, cancellationToken))
        {
            await late.StopAsync(hash, cancellationToken);
        }

        return await LookAsync(token, cancellationToken);
    }

    private async Task<bool> StopInTimeAsync(byte[] hash, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var stopped = await db
            .SupportCases.Where(c => c.StopHash == hash && c.State == CaseState.Approved)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(c => c.State, CaseState.Stopped)
                        .SetProperty(c => c.ChangedAt, now)
                        .SetProperty(c => c.ClosedAt, now),
                cancellationToken
            );
        if (stopped == 0)
        {
            return false;
        }

        var support = await db.SupportCases.AsNoTracking().SingleAsync(c => c.StopHash == hash, cancellationToken);
        db.AddEntry(support.Id, CaseEntryKind.Stopped, now);
        audit.Record(RecoveryAuditKinds.CaseStopped, support.AccountId, detail: CaseAudit.Of(support.Id));
        await told.TellAsync(support, StopMoment.InTime, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        Stopped(support.Id);
        return true;
    }

    [LoggerMessage(3108, LogLevel.Warning, "Support case {CaseId} was stopped from an address that is held.")]
    private partial void Stopped(Guid caseId);
}

/// <summary>What a link in a notice leads to.</summary>
internal abstract record StopLink
{
    private StopLink() { }

    /// <param name="ReleaseAt">When it will be too late.</param>
    public sealed record Live(string Reference, DateTimeOffset ReleaseAt) : StopLink;

    public sealed record Stopped(string Reference, DateTimeOffset At) : StopLink;

    /// <summary>
    /// The link to choose a password has gone out. Whether somebody has used it is seen when the button is pressed.
    /// </summary>
    public sealed record Sent(string Reference, DateTimeOffset At) : StopLink;

    /// <summary>The link had gone out, and was dead before anybody used it.</summary>
    public sealed record TakenBack(string Reference, DateTimeOffset At) : StopLink;

    /// <summary>A password has been chosen. Staff have an alarm.</summary>
    public sealed record TooLate(string Reference, DateTimeOffset At) : StopLink;

    public sealed record Unknown : StopLink;
}
