using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Recovery.Ports;

namespace Recovery.Cases.Desk;

/// <summary>Finds a case for a member of staff who may touch it. Everything at the desk begins here.</summary>
internal sealed partial class DeskCases(
    IRecoveryDb db,
    ConcernedAccounts concerned,
    IRecoveryAudit audit,
    ILogger<DeskCases> logger
)
{
    /// <summary>
    /// Finds it for something to be done. Called before the transaction: what is refused is audited by itself.
    /// </summary>
    /// <returns>The case, not tracked; or how the attempt ended.</returns>
    public async Task<(SupportCase? Case, DeskOutcome? Ended)> FindAsync(
        string reference,
        Officer officer,
        CancellationToken cancellationToken
    )
    {
        var key = CaseReferences.Read(reference);
        var found = await db
            .SupportCases.AsNoTracking()
            .SingleOrDefaultAsync(c => c.Reference == key && c.OpenedAt != null, cancellationToken);
        if (found is null)
        {
            return (null, new DeskOutcome.NotFound());
        }

        if (await BarAsync(found, officer, cancellationToken) is not { } bar)
        {
            return (found, null);
        }

        audit.Record(
            RecoveryAuditKinds.CaseRefused,
            found.AccountId,
            officer.Id,
            $"{CaseAudit.Of(found.Id)} reason={bar}"
        );
        await db.SaveChangesAsync(cancellationToken);
        Refused(officer.Id, found.Id, bar);
        return (null, new DeskOutcome.Barred(bar));
    }

    /// <returns>Why this person may not touch it, or null when they may.</returns>
    public async Task<CaseBar?> BarAsync(SupportCase support, Officer officer, CancellationToken cancellationToken) =>
        CaseBars.For(officer, (await concerned.OfAsync([support], cancellationToken))[support.Id]);

    /// <summary>The references of some cases; of those that this person may not touch there is none.</summary>
    public async Task<IReadOnlyDictionary<Guid, string>> ReferencesAsync(
        IReadOnlyCollection<Guid> caseIds,
        Officer officer,
        CancellationToken cancellationToken
    )
    {
        var found = await db
            .SupportCases.AsNoTracking()
            .Where(c => caseIds.Contains(c.Id))
            .ToListAsync(cancellationToken);
        var accounts = await concerned.OfAsync(found, cancellationToken);
        return found
            .Where(c => CaseBars.For(officer, accounts[c.Id]) is null)
            .ToDictionary(c => c.Id, c => c.Reference);
    }

    [LoggerMessage(3150, LogLevel.Warning, "Kept account {OfficerId} from support case {CaseId}: {Bar}.")]
    private partial void Refused(Guid officerId, Guid caseId, CaseBar bar);
}
