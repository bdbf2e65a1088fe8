using Microsoft.EntityFrameworkCore;
using Recovery.Cases.Matching;
using Recovery.Ports;

namespace Recovery.Cases.Desk;

/// <summary>
/// Opens the file of a case for a member of staff. That they looked is in the audit trail and no event of the case; for
/// every account whose details they were shown there is an audit event of its own.
/// </summary>
internal sealed class CaseFiles(
    IRecoveryDb db,
    DeskCases cases,
    Suggestions suggestions,
    EvidenceMatcher matcher,
    DecideCase decisions,
    CaseSurroundings surroundings,
    IHeldRecords held,
    IRecoveryMessenger messenger,
    ShownMessages shown,
    IRecoveryAudit audit
)
{
    /// <summary>The history that one page shows; more than any case has.</summary>
    private const int MostEntries = 500;

    /// <param name="find">A username or an address that the officer looks for, or null.</param>
    /// <param name="accountId">The account that the officer wants to compare with, or null: the chosen one, or the best
    /// that is likely.</param>
    public async Task<(CaseFile? File, DeskOutcome? Ended)> OpenAsync(
        string reference,
        Officer officer,
        string? find,
        Guid? accountId,
        CancellationToken cancellationToken
    )
    {
        var (support, ended) = await cases.FindAsync(reference, officer, cancellationToken);
        if (support is null)
        {
            return (null, ended);
        }

        var undecided = support.State is CaseState.Open or CaseState.MoreWanted;
        var ranked =
            undecided || support.State == CaseState.SecondApprovalWanted
                ? await suggestions.ForAsync(support, officer, cancellationToken)
                : [];
        var found = await FindAsync(find, cancellationToken);
        var compared = await ComparedAsync(support, officer, found?.Id ?? accountId, ranked, cancellationToken);
        var stated = support.Evidence ?? new CaseEvidence();
        var entries = await db
            .CaseEntries.AsNoTracking()
            .Where(e => e.CaseId == support.Id)
            .OrderByDescending(e => e.At)
            .ThenByDescending(e => e.Id)
            .Take(MostEntries)
            .ToListAsync(cancellationToken);
        var people = await held.ReferencesAsync(
            [
                .. entries
                    .Select(e => e.ActorId)
                    .Append(support.AssignedTo)
                    .Append(support.AccountId)
                    .OfType<Guid>()
                    .Distinct(),
            ],
            cancellationToken
        );
        await RecordAsync(support, officer, compared, cancellationToken);
        return (
            new CaseFile(
                support,
                officer,
                support.AssignedTo is { } assigned ? people.GetValueOrDefault(assigned) : null,
                support.AccountId is { } chosen ? people.GetValueOrDefault(chosen) : null,
                compared,
                compared is null
                    ? Unmatched(stated, support.NewEmail)
                    : matcher.Match(stated, support.NewEmail, compared),
                ranked,
                !string.IsNullOrWhiteSpace(find) && found is null ? find : null,
                found,
                await surroundings.OthersAsync(support, officer, cancellationToken),
                support.AccountId is { } id ? await decisions.StepAsync(support, id, officer, cancellationToken) : null,
                await db
                    .CaseTags.AsNoTracking()
                    .Where(t => t.CaseId == support.Id)
                    .OrderBy(t => t.Tag)
                    .Select(t => t.Tag)
                    .ToListAsync(cancellationToken),
                entries,
                people,
                support.ClosedAt is null ? await held.StaffAsync(cancellationToken) : [],
                await shown.OfAsync(
                    await messenger.TrailOfCaseAsync(support.Id, cancellationToken),
                    null,
                    _ => true,
                    cancellationToken
                )
            ),
            null
        );
    }

    /// <summary>What is stated, line by line, where there is nothing to compare it with.</summary>
    private EvidenceMatch Unmatched(CaseEvidence stated, string? newEmail)
    {
        var nobody = new HeldRecord
        {
            Account = new AccountReference(Guid.Empty, "", "", null, null, false, false, StaffKind.None),
        };
        return matcher.Match(stated, newEmail, nobody);
    }

    private async Task<AccountReference?> FindAsync(string? find, CancellationToken cancellationToken) =>
        string.IsNullOrWhiteSpace(find)
            ? null
            : (await held.OwnersAsync([find], cancellationToken)).Values.FirstOrDefault()?[0];

    private async Task<HeldRecord?> ComparedAsync(
        SupportCase support,
        Officer officer,
        Guid? wanted,
        IReadOnlyList<Suggestion> ranked,
        CancellationToken cancellationToken
    )
    {
        var id =
            wanted
            ?? support.AccountId
            ?? (ranked is [{ Match.Level: >= MatchLevel.Likely, Bar: null } best, ..] ? best.Held.Account.Id : null);
        var record = id is { } account
            ? ranked.FirstOrDefault(suggestion => suggestion.Held.Account.Id == account)?.Held
                ?? await held.FindAsync(account, cancellationToken)
            : null;
        return record is null || CaseBars.For(officer, [record.Account]) is not null ? null : record;
    }

    private async Task RecordAsync(
        SupportCase support,
        Officer officer,
        HeldRecord? compared,
        CancellationToken cancellationToken
    )
    {
        audit.Record(RecoveryAuditKinds.CaseViewed, support.AccountId, officer.Id, CaseAudit.Of(support.Id));
        if (compared is not null)
        {
            audit.Record(
                RecoveryAuditKinds.CaseAccountViewed,
                compared.Account.Id,
                officer.Id,
                CaseAudit.Of(support.Id)
            );
        }

        await db.SaveChangesAsync(cancellationToken);
    }
}
