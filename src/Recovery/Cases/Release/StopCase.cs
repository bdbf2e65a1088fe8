using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Recovery.Ports;

namespace Recovery.Cases.Release;

/// <summary>
/// Stops a case for whoever got the notice at an address that is held. Looking at the link stops nothing: mail scanners look at
/// every link.
/// </summary>
internal sealed partial class StopCase(
    IRecoveryDb db, IAccountDirectory accounts, IRecoveryMessenger messenger, IRecoveryAudit audit, TimeProvider clock, ILogger<StopCase> logger)
{
    /// <returns>What the link would do.</returns>
    public async Task<StopLink> LookAsync(string token, CancellationToken cancellationToken)
    {
        if (CaseToken.HashOf(token) is not { } hash)
        {
            return new StopLink.Unknown();
        }

        var found = await db.SupportCases.AsNoTracking()
            .Where(c => c.StopHash == hash)
            .Select(c => new { c.Reference, c.State, c.ReleaseAt, c.ClosedAt })
            .SingleOrDefaultAsync(cancellationToken);
        return found switch
        {
            { State: CaseState.Approved, ReleaseAt: { } at } => new StopLink.Live(found.Reference, at),
            { State: CaseState.Stopped, ClosedAt: { } at } => new StopLink.Stopped(found.Reference, at),
            { State: CaseState.Released, ClosedAt: { } at } => new StopLink.TooLate(found.Reference, at),
            _ => new StopLink.Unknown(),
        };
    }

    /// <summary>Stops it. Of many at once, and of this and the release, exactly one happens.</summary>
    public async Task<StopLink> StopAsync(string token, CancellationToken cancellationToken)
    {
        if (CaseToken.HashOf(token) is not { } hash)
        {
            return new StopLink.Unknown();
        }

        var now = clock.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var stopped = await db.SupportCases
            .Where(c => c.StopHash == hash && c.State == CaseState.Approved)
            .ExecuteUpdateAsync(
                set => set
                    .SetProperty(c => c.State, CaseState.Stopped)
                    .SetProperty(c => c.ChangedAt, now)
                    .SetProperty(c => c.ClosedAt, now),
                cancellationToken);
        if (stopped == 1)
        {
            await TellAsync(hash, now, cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        return await LookAsync(token, cancellationToken);
    }

    private async Task TellAsync(byte[] hash, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var facts = await db.SupportCases.AsNoTracking()
            .Where(c => c.StopHash == hash)
            .Select(c => new { c.Id, c.Reference, c.NewEmail, c.AccountId, c.ApprovedBy, c.SecondApprovedBy })
            .SingleAsync(cancellationToken);
        db.AddEntry(facts.Id, CaseEntryKind.Stopped, now);
        audit.Record(RecoveryAuditKinds.CaseStopped, facts.AccountId, detail: CaseAudit.Of(facts.Id));
        var about = new MessageSubject(facts.AccountId, facts.Id);
        if (facts.NewEmail is { } email)
        {
            await messenger.QueueAsync(email, new RecoveryMessage.CaseStopped(facts.Reference), about, cancellationToken);
        }

        foreach (var approver in new[] { facts.ApprovedBy, facts.SecondApprovedBy }.OfType<Guid>())
        {
            if (await accounts.FindByIdAsync(approver, cancellationToken) is { Email: { } theirs })
            {
                await messenger.QueueAsync(
                    theirs, new RecoveryMessage.CaseStoppedForStaff(facts.Reference), about, cancellationToken);
            }
        }

        Stopped(facts.Id);
    }

    [LoggerMessage(3108, LogLevel.Warning, "Support case {CaseId} was stopped from an address that is held.")]
    private partial void Stopped(Guid caseId);
}

/// <summary>What a link in a notice leads to.</summary>
internal abstract record StopLink
{
    private StopLink()
    {
    }

    /// <param name="ReleaseAt">When it will be too late.</param>
    public sealed record Live(string Reference, DateTimeOffset ReleaseAt) : StopLink;

    public sealed record Stopped(string Reference, DateTimeOffset At) : StopLink;

    /// <summary>The link to choose a password has gone out.</summary>
    public sealed record TooLate(string Reference, DateTimeOffset At) : StopLink;

    public sealed record Unknown : StopLink;
}
