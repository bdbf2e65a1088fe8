using Microsoft.EntityFrameworkCore;
using Recovery.Ports;

namespace Recovery.Cases.Desk;

/// <summary>
/// Members of staff who asked for email about cases. Who is no longer staff, is disabled or has no confirmed address is
/// not among them.
/// </summary>
internal sealed class Subscribers(IRecoveryDb db, IHeldRecords held)
{
    public async Task<IReadOnlyList<(Subscriber Officer, NewsWanted Wanted)>> WithNewsAsync(
        CancellationToken cancellationToken
    )
    {
        var wanted = await db
            .DeskSubscriptions.AsNoTracking()
            .Where(s => s.News != NewsWanted.None)
            .ToDictionaryAsync(s => s.AccountId, s => s.News, cancellationToken);
        return wanted.Count == 0
            ? []
            :
            [
                .. (await StaffAsync(cancellationToken))
                    .Where(staff => wanted.ContainsKey(staff.Id))
                    .Select(staff => (staff, wanted[staff.Id])),
            ];
    }

    /// <summary>Those who get a summary every day, and have not had the one of this day.</summary>
    public async Task<IReadOnlyList<Subscriber>> WithoutSummaryAsync(DateOnly day, CancellationToken cancellationToken)
    {
        var due = await db
            .DeskSubscriptions.AsNoTracking()
            .Where(s => s.Daily && (s.SummarySentOn == null || s.SummarySentOn != day))
            .Select(s => s.AccountId)
            .ToListAsync(cancellationToken);
        return due.Count == 0 ? [] : [.. (await StaffAsync(cancellationToken)).Where(staff => due.Contains(staff.Id))];
    }

    private async Task<IEnumerable<Subscriber>> StaffAsync(CancellationToken cancellationToken) =>
        from staff in await held.StaffAsync(cancellationToken)
        where staff.Email is not null
        select new Subscriber(staff.Id, staff.Email ?? "", staff.Staff);
}

/// <param name="Email">Where mail goes.</param>
internal sealed record Subscriber(Guid Id, string Email, StaffKind Staff)
{
    /// <summary>For the question which cases they may open.</summary>
    public Officer AsOfficer => new(Id, Staff, default);
}
