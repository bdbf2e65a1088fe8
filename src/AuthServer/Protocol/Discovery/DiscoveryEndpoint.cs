using AuthServer.Protocol.Handlers;

namespace AuthServer.Protocol.Discovery;

/// <summary>
/// GET /.well-known/openid-configuration (OIDC Discovery §4) and /.well-known/oauth-authorization-server (RFC 8414 §3):
/// made once by OpenIddict and our handlers, then sent from memory. Nothing in it changes while the server runs.
/// </summary>
internal sealed class DiscoveryEndpoint
{
    /// <summary>The document as UTF-8 JSON, once it has been made.</summary>
    public byte[]? Document { get; set; }

    public static Task HandleAsync(HttpContext http)
    {
        var endpoint = http.RequestServices.GetRequiredService<DiscoveryEndpoint>();
        return endpoint.Document is { } document ? WriteAsync(http, document) : OpenIdEndpoint.HandleAsync(http);
    }

    public static Task WriteAsync(HttpContext http, byte[] document)
    {
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = document.Length;
        http.Response.Headers.CacheControl = "public, max-age=300";
        // Any browser app may read it; there is nothing here to protect.
        http.Response.Headers.AccessControlAllowOrigin = "*";
        return HttpMethods.IsHead(http.Request.Method)
            ? Task.CompletedTask
            : http.Response.Body.WriteAsync(document).AsTask();
    }
}
