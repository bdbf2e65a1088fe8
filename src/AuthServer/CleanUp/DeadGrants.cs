using AuthServer.Data;
using AuthServer.Protocol.Tokens;
using Microsoft.Extensions.Options;
using Recovery.CleanUp;
using Recovery.Ports;

namespace AuthServer.CleanUp;

/// <summary>Grants whose time is over.</summary>
internal sealed class ExpiredGrants(AuthDbContext db, IOptions<RetentionOptions> options, TimeProvider clock)
    : ICleanedRows
{
    public string What => "expired-grants";

    public Task<CleanedBatch> RemoveAsync(DateTimeOffset from, int most, CancellationToken cancellationToken)
    {
        var before = clock.GetUtcNow() - options.Value.Grants;
        return DeadRows.RemoveAsync(
            db.Authorizations.Where(grant => grant.ExpiresAt >= from && grant.ExpiresAt < before)
                .OrderBy(grant => grant.ExpiresAt)
                .Take(most)
                .Select(grant => new DeadRow<Guid>(grant.Id, grant.ExpiresAt ?? from)),
            (ids, token) => Grants.RemoveDeadAsync(db, ids, before, token),
            cancellationToken
        );
    }
}

/// <summary>Grants that were revoked before their time.</summary>
internal sealed class RevokedGrants(AuthDbContext db, IOptions<RetentionOptions> options, TimeProvider clock)
    : ICleanedRows
{
    public string What => "revoked-grants";

    public Task<CleanedBatch> RemoveAsync(DateTimeOffset from, int most, CancellationToken cancellationToken)
    {
        var before = clock.GetUtcNow() - options.Value.Grants;
        return DeadRows.RemoveAsync(
            db.Authorizations.Where(grant =>
                    grant.RevokedAt != null && grant.RevokedAt >= from && grant.RevokedAt < before
                )
                .OrderBy(grant => grant.RevokedAt)
                .Take(most)
                .Select(grant => new DeadRow<Guid>(grant.Id, grant.RevokedAt ?? from)),
            (ids, token) => Grants.RemoveDeadAsync(db, ids, before, token),
            cancellationToken
        );
    }
}
