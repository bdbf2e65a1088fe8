using System.Globalization;
using Recovery.Ports;

namespace AuthServer.Audit;

/// <summary>Recovery's events in the host's audit trail.</summary>
internal sealed class RecoveryAudit(AuditTrail audit) : IRecoveryAudit
{
    public void Record(string kind, Guid? accountId = null, Guid? actorId = null, string? detail = null) =>
        audit.Record(kind, accountId, actorId?.ToString("D", CultureInfo.InvariantCulture), clientId: null, detail);
}
