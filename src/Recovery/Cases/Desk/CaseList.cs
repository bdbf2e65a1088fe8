using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Recovery.Ports;

namespace Recovery.Cases.Desk;

/// <summary>The list of cases: one page of it at a time, whatever their number. Each look at it is audited.</summary>
internal sealed class CaseList(
    IRecoveryDb db, ConcernedAccounts concerned, IHeldRecords held, IRecoveryAudit audit, IOptions<DeskOptions> options)
{
    /// <summary>Tags that are offered to filter by, the commonest first.</summary>
    private const int MostTags = 50;

    public async Task<CasePage> ReadAsync(CaseFilter filter, Officer officer, CancellationToken cancellationToken)
    {
        var cases = Narrow(db.SupportCases.AsNoTracking(), filter, officer);
        var total = await cases.CountAsync(cancellationToken);
        var size = options.Value.CasesPerPage;
        var pages = Math.Max(1, (total + size - 1) / size);
        var page = Math.Clamp(filter.Page, 1, pages);
        var ordered = filter.NewestFirst ? cases.OrderByDescending(c => c.ChangedAt) : cases.OrderBy(c => c.ChangedAt);
        var found = await ordered.ThenBy(c => c.Id).Skip((page - 1) * size).Take(size).ToListAsync(cancellationToken);

        var accounts = await concerned.OfAsync(found, cancellationToken);
        var officers = await held.ReferencesAsync([.. found.Select(c => c.AssignedTo).OfType<Guid>().Distinct()], cancellationToken);
        Guid[] ids = [.. found.Select(c => c.Id)];
        var tags = (await db.CaseTags.AsNoTracking().Where(t => ids.Contains(t.CaseId)).OrderBy(t => t.Tag).ToListAsync(cancellationToken))
            .ToLookup(t => t.CaseId, t => t.Tag);
        audit.Record(RecoveryAuditKinds.CaseListed, actorId: officer.Id, detail: $"cases page={page} shown={found.Count}");
        await db.SaveChangesAsync(cancellationToken);
        return new CasePage(
            [
                .. found.Select(c => CaseBars.For(officer, accounts[c.Id]) is { } bar
                    ? new CaseRow(c.Reference, c.State, c.HasAlarm, c.ChangedAt, null, null, [], bar)
                    : new CaseRow(
                        c.Reference,
                        c.State,
                        c.HasAlarm,
                        c.ChangedAt,
                        string.Join(' ', new[] { c.Evidence?.GivenName, c.Evidence?.FamilyName }.Where(name => !string.IsNullOrWhiteSpace(name))),
                        c.AssignedTo is { } id && officers.TryGetValue(id, out var assigned) ? assigned.DisplayName : null,
                        [.. tags[c.Id]],
                        null)),
            ],
            total,
            page,
            pages);
    }

    /// <summary>The tags in use.</summary>
    public async Task<IReadOnlyList<string>> TagsAsync(CancellationToken cancellationToken) =>
        [.. (await db.CaseTags.GroupBy(t => t.Tag)
                .OrderByDescending(tag => tag.Count()).ThenBy(tag => tag.Key)
                .Select(tag => tag.Key).Take(MostTags).ToListAsync(cancellationToken))
            .Order(StringComparer.Ordinal)];

    private IQueryable<SupportCase> Narrow(IQueryable<SupportCase> cases, CaseFilter filter, Officer officer)
    {
        cases = cases.Where(c => c.OpenedAt != null); // forms that are being filled in are nobody's business yet
        var states = filter.States;
        if (filter.Alarms)
        {
            cases = cases.Where(c => c.AlarmAt != null && c.AlarmSettledAt == null);
        }
        else if (states.Count > 0)
        {
            cases = cases.Where(c => states.Contains(c.State));
        }

        cases = filter.Whose switch
        {
            CaseOwner.Mine => cases.Where(c => c.AssignedTo == officer.Id),
            CaseOwner.Nobody => cases.Where(c => c.AssignedTo == null),
            _ => cases,
        };
        return filter.Tag is { } tag ? cases.Where(c => db.CaseTags.Any(t => t.CaseId == c.Id && t.Tag == tag)) : cases;
    }
}

/// <summary>Whose cases.</summary>
internal enum CaseOwner
{
    Anybody = 0,
    Mine = 1,
    Nobody = 2,
}

/// <param name="States">Empty: all.</param>
/// <param name="Alarms">Those with an alarm that nobody has settled, whatever their state.</param>
/// <param name="Tag">Null: whatever they are tagged with.</param>
/// <param name="NewestFirst">Otherwise those that have waited longest come first.</param>
/// <param name="Page">From 1; beyond the last is the last.</param>
internal sealed record CaseFilter(IReadOnlyList<CaseState> States, bool Alarms, string? Tag, CaseOwner Whose, bool NewestFirst, int Page);

/// <param name="Since">When it came into its state.</param>
/// <param name="Name">As stated; null when it may not be seen.</param>
/// <param name="Bar">Why this officer may not open it, or null.</param>
internal sealed record CaseRow(
    string Reference, CaseState State, bool Alarm, DateTimeOffset Since, string? Name, string? AssignedTo, IReadOnlyList<string> Tags, CaseBar? Bar);

internal sealed record CasePage(IReadOnlyList<CaseRow> Rows, int Total, int Page, int Pages);
