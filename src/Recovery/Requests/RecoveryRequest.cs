namespace Recovery.Requests;

/// <summary>
/// Somebody asked the forgotten-login-details tool. The answer page has been shown already; what is done about it
/// happens afterwards, so that nobody can tell from the page, or its time, whether an account exists.
/// </summary>
public sealed class RecoveryRequest
{
    public required Guid Id { get; init; }

    /// <summary>
    /// What was typed: an e-mail address, normalized, or a username. Erased when the request is done.
    /// </summary>
    public string? Typed { get; set; }

    /// <summary>True when the person chose to give a username.</summary>
    public required bool IsUsername { get; init; }

    public required DateTimeOffset AskedAt { get; init; }

    /// <summary>Kind of browser it was asked from, for the mail. Null when unknown.</summary>
    public string? Browser { get; init; }

    /// <summary>The network it was asked from (a /24 or /48), for the limits.</summary>
    public string? Network { get; init; }

    /// <summary>The app that the person came from, so that the last page leads back to it. Null when unknown.</summary>
    public string? ClientId { get; init; }

    /// <summary>That app's request, sealed by the host. Erased when the request is done.</summary>
    public string? Ticket { get; set; }

    /// <summary>Nobody else takes it up before this instant.</summary>
    public DateTimeOffset? ClaimedUntil { get; set; }

    public DateTimeOffset? DoneAt { get; set; }

    /// <summary>
    /// SHA-256 of the normalized address that is meant: what the limits count, and staff can ask for. Null when there
    /// is none.
    /// </summary>
    public byte[]? AddressHash { get; set; }

    public RequestOutcome Outcome { get; set; }
}

/// <summary>What became of a request, for support. The person who asked is never told.</summary>
public enum RequestOutcome
{
    Waiting = 0,

    /// <summary>A reminder with reset links was queued.</summary>
    Reminded = 1,

    /// <summary>Nobody has this address: the other mail was queued.</summary>
    Unknown = 2,

    /// <summary>The account is disabled: a mail without a link was queued.</summary>
    Disabled = 3,

    /// <summary>Over a limit: nothing was sent.</summary>
    Limited = 4,

    /// <summary>
    /// A username that nobody has, or whose account has no address: there is nowhere to send anything.
    /// </summary>
    NoAddress = 5,

    /// <summary>It could not be answered within a day.</summary>
    GivenUp = 6,

    /// <summary>Accounts have this address unconfirmed: a mail that says so was queued.</summary>
    Unconfirmed = 7,
}
