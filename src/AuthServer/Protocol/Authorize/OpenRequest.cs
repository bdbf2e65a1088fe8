namespace AuthServer.Protocol.Authorize;

/// <summary>An authorization request as it came, or as it was put aside while pages were shown.</summary>
/// <param name="Parameters">As they came, or out of the ticket, or as they were pushed (RFC 9126).</param>
/// <param name="AskedAt">When they first came.</param>
/// <param name="Ticket">Null when no page has been shown yet.</param>
/// <param name="PushedRequest">The token row of the pushed request, which ends with the response to the app; null when
/// it was not pushed.</param>
internal sealed record OpenRequest(
    Parameters Parameters,
    DateTimeOffset AskedAt,
    AuthorizeTicket? Ticket,
    string? PushedRequest
);
