namespace Recovery.ResetLinks;

/// <summary>What links are for, in the words of the audit trail.</summary>
internal static class LinkPurposes
{
    public static string Word(LinkPurpose purpose) =>
        purpose switch
        {
            LinkPurpose.Activation => "activation",
            LinkPurpose.Case => "case",
            _ => "reset",
        };
}
