namespace AuthServer.Protocol.BackchannelLogout;

/// <summary>
/// An app that has yet to hear that a session is over. Written in the transaction that ends the session; removed when
/// the app has heard, or will not. Written by <c>LogoutNotices</c> alone.
/// </summary>
public sealed class LogoutNotice
{
    public required Guid Id { get; init; }

    public required string ClientId { get; init; }

    /// <summary>Whose session it was.</summary>
    public required Guid AccountId { get; init; }

    /// <summary>The session, as the app knows it.</summary>
    public required string Sid { get; init; }

    public required DateTimeOffset QueuedAt { get; init; }

    /// <summary>Not before this instant; a sender that takes it up moves it on, so that nobody else does.</summary>
    public required DateTimeOffset NextAttemptAt { get; init; }

    public int Attempts { get; init; }
}
