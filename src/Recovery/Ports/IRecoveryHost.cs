using Microsoft.AspNetCore.Http;

namespace Recovery.Ports;

/// <summary>Where the host is reached, and what it can say about a request without tracking anybody.</summary>
public interface IRecoveryHost
{
    /// <summary>The absolute address of a path here, for mail. From the host's settings, never from the request's <c>Host</c> header.</summary>
    string AbsoluteAddress(string path);

    /// <summary>Where a request comes from.</summary>
    Visit VisitOf(HttpContext http);

    /// <returns>The id of the app whose sealed request a person carries along, or null when it cannot be read.</returns>
    string? ClientOf(string? ticket);
}

/// <param name="Network">An IPv4 /24 or IPv6 /48, for the limits.</param>
/// <param name="Browser">Such as "Safari on iPhone", or null.</param>
public sealed record Visit(string? Network, string? Browser);
