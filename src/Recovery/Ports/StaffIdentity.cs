namespace Recovery.Ports;

/// <summary>
/// How recovery's pages for staff know who is there: names that the host's log-in and policies go by.
/// </summary>
public static class StaffIdentity
{
    /// <summary>The authorization policy of the desk: support staff and administrators.</summary>
    public const string Policy = "Support";

    /// <summary>The claim with the account's id.</summary>
    public const string Account = "sub";

    /// <summary>The claim with the name of a <see cref="StaffKind"/>.</summary>
    public const string Role = "role";

    /// <summary>
    /// The claim that says when the person last proved who they are, in seconds since 1970 (OIDC Core §2).
    /// </summary>
    public const string AuthenticatedAt = "auth_time";
}
