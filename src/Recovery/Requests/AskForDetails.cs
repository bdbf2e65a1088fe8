using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Recovery.Ports;

namespace Recovery.Requests;

/// <summary>
/// Takes down that somebody has forgotten their details: one row, whatever was typed. No account is looked at here, so
/// neither the answer nor its time can tell of one; <see cref="RequestWorker"/> does the rest afterwards.
/// </summary>
internal sealed class AskForDetails(
    IRecoveryDb db,
    IRecoveryHost host,
    RequestSignal signal,
    IOptions<RecoveryLimitOptions> limits,
    TimeProvider clock
)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <param name="typed">An e-mail address, normalized, or a username.</param>
    /// <param name="isUsername">Which of them the person was asked for.</param>
    /// <param name="ticket">The sealed request of the app that the person came from, or null.</param>
    /// <param name="visit">Where the request comes from.</param>
    public async Task AskAsync(
        string typed,
        bool isUsername,
        string? ticket,
        Visit visit,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (visit.Network is { } network)
        {
            // What is counted is still so when it is added to.
            await db.HoldAsync($"requests from {network}", cancellationToken);
            if (await IsFloodAsync(network, now, cancellationToken))
            {
                return;
            }
        }

        var clientId = host.ClientOf(ticket);
        db.RecoveryRequests.Add(
            new RecoveryRequest
            {
                Id = Guid.CreateVersion7(now),
                Typed = typed,
                IsUsername = isUsername,
                AskedAt = now,
                Browser = visit.Browser,
                Network = visit.Network,
                ClientId = clientId,
                Ticket = clientId is null ? null : ticket,
            }
        );
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        signal.Ring();
    }

    private async Task<bool> IsFloodAsync(string network, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (since, until) = (now - Hour, now + Clocks.MostApart);
        return await db.RecoveryRequests.CountAsync(
                r => r.Network == network && r.AskedAt > since && r.AskedAt < until,
                cancellationToken
            ) >= limits.Value.RequestsPerNetwork;
    }
}
