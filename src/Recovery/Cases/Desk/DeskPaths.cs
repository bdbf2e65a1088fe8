namespace Recovery.Cases.Desk;

/// <summary>The desk's addresses.</summary>
internal static class DeskPaths
{
    public const string List = "/support";
    public const string Mail = "/support/mail";
    public const string PersonMail = "/support/mail/person";

    /// <summary>Which emails about cases a member of staff is sent.</summary>
    public const string Emails = "/support/emails";

    public static string Case(string reference) => $"/support/cases/{reference}";

    public static string Ask(string reference) => Case(reference) + "/ask";

    public static string Approve(string reference) => Case(reference) + "/approve";

    public static string Reject(string reference) => Case(reference) + "/reject";
}
