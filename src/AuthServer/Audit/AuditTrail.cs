using AuthServer.Data;

namespace AuthServer.Audit;

/// <summary>
/// Adds audit events to the unit of work at hand: the caller's <c>SaveChangesAsync</c> writes both or neither.
/// </summary>
internal sealed class AuditTrail(AuthDbContext db, TimeProvider clock)
{
    /// <param name="kind">One of <see cref="AuditKinds"/>.</param>
    /// <param name="accountId">Whom it happened to.</param>
    /// <param name="actor">Who did it, when not the person themselves.</param>
    /// <param name="clientId">The app it concerns.</param>
    /// <param name="detail">Further facts, never a secret.</param>
    public void Record(
        string kind,
        Guid? accountId = null,
        string? actor = null,
        string? clientId = null,
        string? detail = null
    )
    {
        var now = clock.GetUtcNow();
        db.AuditEvents.Add(
            new AuditEvent
            {
                Id = Guid.CreateVersion7(now),
                At = now,
                Kind = kind,
                AccountId = accountId,
                Actor = actor,
                ClientId = clientId,
                Detail = detail,
            }
        );
    }
}
