using AuthServer.Data;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Accounts;

/// <summary>Keeps who supervises whom. The one writer of their table.</summary>
internal sealed class Supervisions(AuthDbContext db)
{
    /// <summary>
    /// Gives trainees these supervisors and no others; the rows wait for the caller's <c>SaveChangesAsync</c>.
    /// </summary>
    /// <param name="wanted">Supervisors by trainee.</param>
    /// <returns>The trainees for whom that changed something.</returns>
    public async Task<IReadOnlySet<Guid>> SetAsync(
        IReadOnlyDictionary<Guid, IReadOnlyCollection<Guid>> wanted,
        CancellationToken cancellationToken
    )
    {
        var changed = new HashSet<Guid>();
        if (wanted.Count == 0)
        {
            return changed;
        }

        Guid[] trainees = [.. wanted.Keys];
        var held = (
            await db.Supervisions.Where(s => trainees.Contains(s.TraineeId)).ToListAsync(cancellationToken)
        ).ToLookup(s => s.TraineeId);
        foreach (var (trainee, supervisors) in wanted)
        {
            var missing = supervisors.ToHashSet();
            foreach (var supervision in held[trainee].Where(s => !missing.Remove(s.SupervisorId)))
            {
                db.Supervisions.Remove(supervision);
                changed.Add(trainee);
            }

            foreach (var supervisor in missing)
            {
                db.Supervisions.Add(new Supervision { SupervisorId = supervisor, TraineeId = trainee });
                changed.Add(trainee);
            }
        }

        return changed;
    }
}
