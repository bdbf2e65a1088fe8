using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using Recovery.Ports;

namespace Recovery.Cases.Desk;

/// <summary>
/// What staff do with a case besides deciding it: whose it is, which account it is about, notes and tags.
/// </summary>
internal sealed class KeepCase(
    IRecoveryDb db,
    DeskCases cases,
    IHeldRecords held,
    IRecoveryAudit audit,
    TimeProvider clock
)
{
    /// <summary>Tags on one case.</summary>
    private const int MostTags = 10;

    /// <summary>Gives the case to a member of staff, who may touch it too.</summary>
    /// <param name="from">Who had it when the page was shown: of two who take a case at once, one gets it.</param>
    /// <param name="to">Null: to nobody.</param>
    public async Task<DeskOutcome> AssignAsync(
        string reference,
        Guid? from,
        Guid? to,
        Officer officer,
        CancellationToken cancellationToken
    )
    {
        var (support, ended) = await cases.FindAsync(reference, officer, cancellationToken);
        if (support is null)
        {
            return ended ?? new DeskOutcome.NotFound();
        }

        if (to is { } id && id != officer.Id && await ProblemWithAsync(support, id, cancellationToken) is { } problem)
        {
            return new DeskOutcome.Refused(problem);
        }

        return await ChangeAsync(
            support,
            which => which.Where(c => c.AssignedTo == from && c.ClosedAt == null),
            set => set.SetProperty(c => c.AssignedTo, to),
            now => db.AddEntry(support.Id, CaseEntryKind.Assigned, now, officer.Id),
            () =>
                audit.Record(
                    RecoveryAuditKinds.CaseAssigned,
                    support.AccountId,
                    officer.Id,
                    $"{CaseAudit.Of(support.Id)} to={to?.ToString() ?? "nobody"}"
                ),
            cancellationToken
        );
    }

    /// <summary>Says which account the case is about. Not any more once somebody has approved it.</summary>
    /// <param name="accountId">Never one that the officer may not touch.</param>
    public async Task<DeskOutcome> ChooseAccountAsync(
        string reference,
        Guid accountId,
        Officer officer,
        CancellationToken cancellationToken
    )
    {
        var (support, ended) = await cases.FindAsync(reference, officer, cancellationToken);
        if (support is null)
        {
            return ended ?? new DeskOutcome.NotFound();
        }

        if (!(await held.ReferencesAsync([accountId], cancellationToken)).TryGetValue(accountId, out var account))
        {
            return new DeskOutcome.Refused("There is no such account.");
        }

        if (CaseBars.For(officer, [account]) is { } bar)
        {
            return new DeskOutcome.Refused(DeskWords.Sentence(bar));
        }

        return await ChangeAsync(
            support,
            which => which.Where(c => c.State == CaseState.Open || c.State == CaseState.MoreWanted),
            set => set.SetProperty(c => c.AccountId, accountId).SettleNews(),
            now => db.AddEntry(support.Id, CaseEntryKind.AccountChosen, now, officer.Id),
            () => audit.Record(RecoveryAuditKinds.CaseAccountChosen, accountId, officer.Id, CaseAudit.Of(support.Id)),
            cancellationToken
        );
    }

    public async Task<DeskOutcome> NoteAsync(
        string reference,
        string? note,
        Officer officer,
        CancellationToken cancellationToken
    )
    {
        if (StaffText.Clean(note) is not { Length: > 0 and <= StaffText.Longest } text)
        {
            return new DeskOutcome.Refused($"Enter a note of {StaffText.Longest:N0} characters or fewer");
        }

        var (support, ended) = await cases.FindAsync(reference, officer, cancellationToken);
        if (support is null)
        {
            return ended ?? new DeskOutcome.NotFound();
        }

        return await ChangeAsync(
            support,
            which => which.Where(c => c.EvidenceErasedAt == null),
            set => set.SettleNews(),
            now => db.AddEntry(support.Id, CaseEntryKind.Note, now, officer.Id, text),
            () => audit.Record(RecoveryAuditKinds.CaseNoted, support.AccountId, officer.Id, CaseAudit.Of(support.Id)),
            cancellationToken
        );
    }

    /// <summary>Puts a tag on, or takes it off.</summary>
    public async Task<DeskOutcome> TagAsync(
        string reference,
        string? typed,
        bool add,
        Officer officer,
        CancellationToken cancellationToken
    )
    {
        if (StaffText.Tag(typed) is not { } tag)
        {
            return new DeskOutcome.Refused(
                $"Enter a tag of letters, digits, spaces and hyphens, in {StaffText.LongestTag} characters or fewer"
            );
        }

        var (support, ended) = await cases.FindAsync(reference, officer, cancellationToken);
        if (support is null)
        {
            return ended ?? new DeskOutcome.NotFound();
        }

        // The update holds the case's row, so nobody else tags it between the look and the write.
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db
            .SupportCases.Where(c => c.Id == support.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.AssignedTo, c => c.AssignedTo), cancellationToken);
        var tags = await db.CaseTags.Where(t => t.CaseId == support.Id).ToListAsync(cancellationToken);
        var there = tags.SingleOrDefault(t => t.Tag == tag);
        if ((there is not null) == add)
        {
            return new DeskOutcome.Done(); // as wanted already
        }

        if (add && tags.Count >= MostTags)
        {
            return new DeskOutcome.Refused($"A case can have {MostTags} tags. Remove one first");
        }

        if (there is null)
        {
            db.CaseTags.Add(new CaseTag { CaseId = support.Id, Tag = tag });
        }
        else
        {
            db.CaseTags.Remove(there);
        }

        db.AddEntry(
            support.Id,
            add ? CaseEntryKind.TagAdded : CaseEntryKind.TagRemoved,
            clock.GetUtcNow(),
            officer.Id,
            tag
        );
        audit.Record(RecoveryAuditKinds.CaseTagged, support.AccountId, officer.Id, CaseAudit.Of(support.Id));
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new DeskOutcome.Done();
    }

    private async Task<string?> ProblemWithAsync(
        SupportCase support,
        Guid officerId,
        CancellationToken cancellationToken
    )
    {
        var other = (await held.StaffAsync(cancellationToken)).FirstOrDefault(staff => staff.Id == officerId);
        return other is null ? "Choose a member of staff."
            : await cases.BarAsync(support, new Officer(other.Id, other.Staff, default), cancellationToken) is not null
                ? "They may not look at this case. Choose somebody else."
            : null;
    }

    private async Task<DeskOutcome> ChangeAsync(
        SupportCase support,
        Func<IQueryable<SupportCase>, IQueryable<SupportCase>> still,
        Action<UpdateSettersBuilder<SupportCase>> change,
        Action<DateTimeOffset> enter,
        Action record,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (
            await still(db.SupportCases.Where(c => c.Id == support.Id)).ExecuteUpdateAsync(change, cancellationToken)
            == 0
        )
        {
            return new DeskOutcome.Overtaken();
        }

        enter(clock.GetUtcNow());
        record();
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new DeskOutcome.Done();
    }
}
