using AuthServer.Data;
using AuthServer.Mail;
using Microsoft.Extensions.Options;
using Recovery.CleanUp;
using Recovery.Ports;

namespace AuthServer.CleanUp;

/// <summary>
/// Messages of which nothing more will become: accepted, refused or given up. One that waits is never removed.
/// </summary>
internal sealed class SettledMail(
    AuthDbContext db,
    Outbox outbox,
    IOptions<RetentionOptions> options,
    TimeProvider clock
) : ICleanedRows
{
    public string What => "mail";

    public Task<CleanedBatch> RemoveAsync(DateTimeOffset from, int most, CancellationToken cancellationToken)
    {
        var before = clock.GetUtcNow() - options.Value.Mail;
        return DeadRows.RemoveAsync(
            db.Outbox.Where(message =>
                    message.SettledAt != null && message.SettledAt >= from && message.SettledAt < before
                )
                .OrderBy(message => message.SettledAt)
                .Take(most)
                .Select(message => new DeadRow<Guid>(message.Id, message.SettledAt ?? from)),
            (ids, token) => outbox.RemoveSettledAsync(ids, before, token),
            cancellationToken
        );
    }
}
