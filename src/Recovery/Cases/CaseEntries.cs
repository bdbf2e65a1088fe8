using Recovery.Ports;

namespace Recovery.Cases;

/// <summary>Writes a line of a case's history into the unit of work at hand.</summary>
internal static class CaseEntries
{
    /// <param name="actorId">The member of staff, or null: the person or the system.</param>
    public static void AddEntry(
        this IRecoveryDb db,
        Guid caseId,
        CaseEntryKind kind,
        DateTimeOffset at,
        Guid? actorId = null,
        string? text = null
    ) =>
        db.CaseEntries.Add(
            new CaseEntry
            {
                Id = Guid.CreateVersion7(at),
                CaseId = caseId,
                At = at,
                Kind = kind,
                ActorId = actorId,
                Text = text,
            }
        );
}
