using Microsoft.EntityFrameworkCore;
using Recovery.Ports;

namespace Recovery.Cases.Desk;

/// <summary>How many cases are in which state, and since when the oldest waits. Counted from indexes alone.</summary>
internal sealed class CaseFigures(IRecoveryDb db, Alarms alarms)
{
    private static readonly CaseState[] Live =
    [
        CaseState.Open,
        CaseState.MoreWanted,
        CaseState.SecondApprovalWanted,
        CaseState.Approved,
    ];
    private static readonly CaseState[] Undecided = [CaseState.Open, CaseState.SecondApprovalWanted];

    public async Task<DeskFigures> ReadAsync(Guid officerId, CancellationToken cancellationToken)
    {
        var states = await db
            .SupportCases.Where(c => Live.Contains(c.State))
            .GroupBy(c => c.State)
            .Select(group => new
            {
                State = group.Key,
                All = group.Count(),
                News = group.Count(c => c.NewsAt != null),
            })
            .ToDictionaryAsync(group => group.State, cancellationToken);
        var undecided = db.SupportCases.Where(c => Undecided.Contains(c.State) && c.OpenedAt != null);
        return new DeskFigures(
            Count(CaseState.Open) + Count(CaseState.SecondApprovalWanted),
            states.Values.Sum(state => state.News),
            await undecided.CountAsync(c => c.AssignedTo == officerId, cancellationToken),
            Count(CaseState.SecondApprovalWanted),
            Count(CaseState.MoreWanted),
            Count(CaseState.Approved),
            await alarms.CountAsync(cancellationToken),
            await undecided.OrderBy(c => c.OpenedAt).Select(c => c.OpenedAt).FirstOrDefaultAsync(cancellationToken)
        );

        int Count(CaseState state) => states.TryGetValue(state, out var found) ? found.All : 0;
    }
}
