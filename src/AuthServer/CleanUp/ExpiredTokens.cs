using AuthServer.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Recovery.CleanUp;
using Recovery.Ports;

namespace AuthServer.CleanUp;

/// <summary>
/// Removes OpenIddict's token rows once they have expired: pushed requests, device and user codes, and the <c>jti</c>
/// of client assertions.
/// </summary>
internal sealed class ExpiredTokens(AuthDbContext db, IOptions<RetentionOptions> options, TimeProvider clock)
    : ICleanedRows
{
    public string What => "expired-tokens";

    public Task<CleanedBatch> RemoveAsync(DateTimeOffset from, int most, CancellationToken cancellationToken)
    {
        var (since, before) = (from.UtcDateTime, (clock.GetUtcNow() - options.Value.Grants).UtcDateTime);
        return DeadRows.RemoveAsync(
            db.Tokens.Where(token => token.ExpirationDate >= since && token.ExpirationDate < before)
                .OrderBy(token => token.ExpirationDate)
                .Take(most)
                .Select(token => new DeadRow<Guid>(token.Id, new DateTimeOffset(token.ExpirationDate ?? since))),
            (ids, cancel) =>
                db
                    .Tokens.Where(token => EF.Parameter(ids).Contains(token.Id) && token.ExpirationDate < before)
                    .ExecuteDeleteAsync(cancel),
            cancellationToken
        );
    }
}
