namespace Recovery.Cases;

/// <summary>How the audit trail names a case.</summary>
internal static class CaseAudit
{
    public static string Of(Guid caseId) => $"case={caseId}";
}
