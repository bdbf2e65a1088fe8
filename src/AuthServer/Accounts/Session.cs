namespace AuthServer.Accounts;

/// <summary>
/// One person logged in, in one browser. The cookie carries only the sealed <see cref="Id"/>, new at every log-in;
/// apps know the <see cref="Sid"/>, which stays the same while the same person logs in again in the same browser,
/// so that grants and log-out reach the whole session.
/// </summary>
public sealed class Session
{
    /// <summary>128 random bits.</summary>
    public required Guid Id { get; init; }

    /// <summary>The <c>sid</c> claim (OIDC Back-Channel Logout §2.1): 128 random bits, base64url.</summary>
    public required string Sid { get; init; }

    public required Guid AccountId { get; init; }

    /// <summary>The account's security stamp when the session began: it lives while the account still has it.</summary>
    public required Guid SecurityStamp { get; init; }

    /// <summary><c>auth_time</c>: when the person last proved who they are.</summary>
    public required DateTimeOffset AuthenticatedAt { get; init; }

    /// <summary><c>amr</c> values (RFC 8176), space separated: <c>pwd</c>.</summary>
    public required string Methods { get; init; }

    /// <summary>Brought up to date about once a minute, not at every request.</summary>
    public DateTimeOffset LastSeenAt { get; set; }

    /// <summary>The end whatever happens: the absolute lifetime from the log-in.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>Kind of browser, such as "Chrome on Windows". Null when unknown.</summary>
    public string? Browser { get; init; }

    /// <summary>The network the log-in came from: an IPv4 /24 or IPv6 /48, never the whole address.</summary>
    public string? Network { get; init; }
}

/// <summary>How often a log-in has failed for one key since it last worked.</summary>
public sealed class LogInThrottle
{
    /// <summary>What is counted: an account, an unknown identifier (hashed) or a known browser of an account.</summary>
    public required string Key { get; init; }

    /// <summary>
    /// Random, new when the count begins again: what was counted before is told apart from what is counted now.
    /// </summary>
    public Guid Run { get; init; }

    public int Failures { get; set; }

    /// <summary>
    /// How many of <see cref="Failures"/> are being checked at this moment and may yet be no failures.
    /// </summary>
    public int Pending { get; set; }

    public DateTimeOffset LastFailureAt { get; set; }

    /// <summary>No attempt is looked at before this instant.</summary>
    public DateTimeOffset? BlockedUntil { get; set; }
}
