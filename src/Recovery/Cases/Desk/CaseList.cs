using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Recovery.Ports;

namespace Recovery.Cases.Desk;

/// <summary>The list of cases: one page of it at a time, whatever their number. Each look at it is audited.</summary>
internal sealed class CaseList(
    IRecoveryDb db,
    ConcernedAccounts concerned,
    IHeldRecords held,
    IRecoveryAudit audit,
    IOptions<DeskOptions> options
)
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
        var ids = await Ordered(cases, filter.Order)
            .Select(c => c.Id)
            .Skip((page - 1) * size)
            .Take(size)
            .ToArrayAsync(cancellationToken);
        var found = (await db.SupportCases.AsNoTracking().Where(c => ids.Contains(c.Id)).ToListAsync(cancellationToken))
            .OrderBy(c => Array.IndexOf(ids, c.Id))
            .ToList();
        return new CasePage(
            await RowsAsync(found, $"cases page={page}", officer, cancellationToken),
            total,
            page,
            pages
        );
    }

    /// <summary>What the list says about some cases, in their order. The look is audited.</summary>
    public async Task<IReadOnlyList<CaseRow>> RowsAsync(
        IReadOnlyList<SupportCase> found,
        string looked,
        Officer officer,
        CancellationToken cancellationToken
    )
    {
        var accounts = await concerned.OfAsync(found, cancellationToken);
        var officers = await held.ReferencesAsync(
            [.. found.Select(c => c.AssignedTo).OfType<Guid>().Distinct()],
            cancellationToken
        );
        Guid[] ids = [.. found.Select(c => c.Id)];
        var tags = (
            await db
                .CaseTags.AsNoTracking()
                .Where(t => ids.Contains(t.CaseId))
                .OrderBy(t => t.Tag)
                .ToListAsync(cancellationToken)
        ).ToLookup(t => t.CaseId, t => t.Tag);
        audit.Record(RecoveryAuditKinds.CaseListed, actorId: officer.Id, detail: $"{looked} shown={found.Count}");
        await db.SaveChangesAsync(cancellationToken);
        return
        [
            .. found.Select(c =>
                CaseBars.For(officer, accounts[c.Id]) is { } bar
                    ? new CaseRow(c.Reference, c.State, c.HasAlarm, c.News, c.ChangedAt, null, null, [], bar)
                    : new CaseRow(
                        c.Reference,
                        c.State,
                        c.HasAlarm,
                        c.News,
                        c.ChangedAt,
                        string.Join(
                            ' ',
                            new[] { c.Evidence?.GivenName, c.Evidence?.FamilyName }.Where(name =>
                                !string.IsNullOrWhiteSpace(name)
                            )
                        ),
                        c.AssignedTo is { } id && officers.TryGetValue(id, out var assigned)
                            ? assigned.DisplayName
                            : null,
                        [.. tags[c.Id]],
                        null
                    )
            ),
        ];
    }

    /// <summary>The tags in use.</summary>
    public async Task<IReadOnlyList<string>> TagsAsync(CancellationToken cancellationToken) =>
        [
            .. (
                await db
                    .CaseTags.GroupBy(t => t.Tag)
                    .OrderByDescending(tag => tag.Count())
                    .ThenBy(tag => tag.Key)
                    .Select(tag => tag.Key)
                    .Take(MostTags)
                    .ToListAsync(cancellationToken)
            ).Order(StringComparer.Ordinal),
        ];

    private static IOrderedQueryable<SupportCase> Ordered(IQueryable<SupportCase> cases, CaseOrder order) =>
        (
            order switch
            {
                CaseOrder.WaitingLongest => cases.OrderBy(c => c.ChangedAt),
                CaseOrder.Newest => cases.OrderByDescending(c => c.ChangedAt),
                _ => cases.OrderBy(c => c.NewsAt == null).ThenByDescending(c => c.NewsAt).ThenBy(c => c.ChangedAt),
            }
        ).ThenBy(c => c.Id);

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

/// <summary>Which cases come first.</summary>
internal enum CaseOrder
{
    /// <summary>Those with something new, the newest of them first; then those that have waited longest.</summary>
    News = 0,

    WaitingLongest = 1,
    Newest = 2,
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
/// <param name="Page">From 1; beyond the last is the last.</param>
internal sealed record CaseFilter(
    IReadOnlyList<CaseState> States,
    bool Alarms,
    string? Tag,
    CaseOwner Whose,
    CaseOrder Order,
    int Page
);

/// <param name="News">What is new about it, or null.</param>
/// <param name="Since">When it came into its state.</param>
/// <param name="Name">As stated; null when it may not be seen.</param>
/// <param name="Bar">Why this officer may not open it, or null.</param>
internal sealed record CaseRow(
    string Reference,
    CaseState State,
    bool Alarm,
    CaseNews? News,
    DateTimeOffset Since,
    string? Name,
    string? AssignedTo,
    IReadOnlyList<string> Tags,
    CaseBar? Bar
);

internal sealed record CasePage(IReadOnlyList<CaseRow> Rows, int Total, int Page, int Pages);
