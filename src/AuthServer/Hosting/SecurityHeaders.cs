using Microsoft.AspNetCore.Diagnostics;

namespace AuthServer.Hosting;

/// <summary>
/// What a browser may do with an answer of ours. Every answer starts with these headers; an endpoint that needs
/// something else (a form that posts itself to an app, a picture that runs nothing) sets its own in their place.
/// </summary>
internal static class SecurityHeaders
{
    /// <summary>No inline script or style, nothing from anybody else, in nobody's frame.</summary>
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
        + "manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    private const string PermissionsPolicy =
        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()";

    /// <summary>
    /// Their pages have a secret in the address: a link from an e-mail. Not even our own pages are told that address.
    /// </summary>
    private static readonly PathString[] Secretive = ["/reset-password", "/support-case"];

    /// <summary>One year, in seconds. Subdomains are for their owners to decide.</summary>
    private const string StrictTransportSecurity = "max-age=31536000";

    public static void UseSecurityHeaders(this IApplicationBuilder app) =>
        app.Use(
            (http, next) =>
            {
                Apply(http);
                return next(http);
            }
        );

    /// <summary>Sets them, in the place of any that are there.</summary>
    public static void Apply(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY"; // for browsers that do not know frame-ancestors

        // Nobody else is told where a person comes from, and so no ticket in an address gets out. With no-referrer,
        // browsers also send "Origin: null" with our own forms; it is for pages whose very address must not stand in
        // the next request.
        headers["Referrer-Policy"] = IsSecretive(http) ? "no-referrer" : "same-origin";
        headers["Permissions-Policy"] = PermissionsPolicy;
        if (http.Request.IsHttps && !IsLoopback(http.Request.Host))
        {
            headers.StrictTransportSecurity = StrictTransportSecurity;
        }
    }

    // An error page stands in the place, and under the address, of what failed.
    private static bool IsSecretive(HttpContext http)
    {
        var path = new PathString(http.Features.Get<IStatusCodeReExecuteFeature>()?.OriginalPath ?? http.Request.Path);
        return Secretive.Any(secretive => path.StartsWithSegments(secretive));
    }

    // A browser remembers it for every port of localhost, and would then refuse a developer's other servers.
    private static bool IsLoopback(HostString host) => host.Host is "localhost" or "127.0.0.1" or "[::1]";
}
