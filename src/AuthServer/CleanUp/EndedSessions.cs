using AuthServer.Accounts;
using AuthServer.Data;
using Microsoft.Extensions.Options;
using Recovery.CleanUp;
using Recovery.Ports;

namespace AuthServer.CleanUp;

/// <summary>Sessions that are over: every session is at its absolute end, however it ended.</summary>
internal sealed class EndedSessions(
    AuthDbContext db,
    Sessions sessions,
    IOptions<RetentionOptions> options,
    TimeProvider clock
) : ICleanedRows
{
    public string What => "sessions";

    public Task<CleanedBatch> RemoveAsync(DateTimeOffset from, int most, CancellationToken cancellationToken)
    {
        var before = clock.GetUtcNow() - options.Value.Sessions;
        return DeadRows.RemoveAsync(
            db.Sessions.Where(session => session.ExpiresAt >= from && session.ExpiresAt < before)
                .OrderBy(session => session.ExpiresAt)
                .Take(most)
                .Select(session => new DeadRow<Guid>(session.Id, session.ExpiresAt)),
            (ids, token) => sessions.RemoveExpiredAsync(ids, before, token),
            cancellationToken
        );
    }
}
