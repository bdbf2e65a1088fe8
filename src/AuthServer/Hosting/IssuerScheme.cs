using System.Net;

namespace AuthServer.Hosting;

/// <summary>
/// Where people reach the server over https, every request counts as one, whatever the proxy in front of it says:
/// cookies are <c>Secure</c> and have the prefix <c>__Host-</c> because of the issuer, not because of a header.
/// </summary>
internal sealed partial class IssuerScheme(RequestDelegate next, ILogger<IssuerScheme> logger)
{
    private static readonly string[] ProxyHeaders = ["X-Forwarded-For", "X-Forwarded-Proto", "Forwarded"];

    private int _warned;

    public Task InvokeAsync(HttpContext http)
    {
        if (!http.Request.IsHttps)
        {
            // The headers of a proxy that is trusted are gone by now.
            if (
                ProxyHeaders.Any(http.Request.Headers.ContainsKey)
                && http.Connection.RemoteIpAddress is { } address
                && Interlocked.Exchange(ref _warned, 1) == 0
            )
            {
                UnknownProxy(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
            }

            http.Request.Scheme = Uri.UriSchemeHttps;
        }

        return next(http);
    }

    [LoggerMessage(
        1006,
        LogLevel.Warning,
        "Requests come through a proxy at {Address} that is not trusted, so they all count as coming from that address: if it is yours, add it to ForwardedHeaders:KnownProxies."
    )]
    private partial void UnknownProxy(IPAddress address);
}

internal static class IssuerSchemeModule
{
    public static void UseIssuerScheme(this WebApplication app)
    {
        if (app.Configuration["Issuer"]?.StartsWith("https:", StringComparison.OrdinalIgnoreCase) is true)
        {
            app.UseMiddleware<IssuerScheme>();
        }
    }
}
