using Microsoft.AspNetCore.Http;

namespace Recovery.Ports;

/// <summary>Where the host is reached, and what it can say about a request without tracking anybody.</summary>
public interface IRecoveryHost
{
    /// <summary>
    /// The absolute address of a path here, for mail. From the host's settings, never from the request's <c>Host</c>
    /// header.
    /// </summary>
    string AbsoluteAddress(string path);

    /// <summary>Where a request comes from.</summary>
    Visit VisitOf(HttpContext http);

    /// <summary>
    /// Seals what a person has typed, so that it can stand in an address: neither logs nor histories show it.
    /// </summary>
    string Carry(string typed);

    /// <returns>What was sealed by <see cref="Carry"/> within the last hour, or null.</returns>
    string? Carried(string? sealedText);

    /// <returns>
    /// The id of the app whose sealed request a person carries along, or null when it cannot be read.
    /// </returns>
    string? ClientOf(string? ticket);

    /// <summary>
    /// For journeys that outlast a ticket: one that names the app and holds no request, so that pages lead back to the
    /// app.
    /// </summary>
    /// <returns>Null when no app is known.</returns>
    string? TicketFor(string? clientId);
}

/// <param name="Network">An IPv4 /24 or IPv6 /48, for the limits.</param>
/// <param name="Browser">Such as "Safari on iPhone", or null.</param>
public sealed record Visit(string? Network, string? Browser);
