namespace AuthServer.Protocol.Discovery;

/// <summary>GET /.well-known/openid-configuration (OIDC Discovery §4) and /.well-known/oauth-authorization-server (RFC 8414 §3).</summary>
internal sealed class DiscoveryEndpoint(DiscoveryDocument document)
{
    public const string Path = "/.well-known/openid-configuration";
    public const string OAuthPath = "/.well-known/oauth-authorization-server";

    private readonly Lazy<byte[]> _body = new(document.Build);

    public static Task HandleAsync(HttpContext http, DiscoveryEndpoint endpoint)
    {
        var body = endpoint._body.Value;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = body.Length;
        http.Response.Headers.CacheControl = "public, max-age=300";
        return HttpMethods.IsHead(http.Request.Method) ? Task.CompletedTask : http.Response.Body.WriteAsync(body).AsTask();
    }
}
