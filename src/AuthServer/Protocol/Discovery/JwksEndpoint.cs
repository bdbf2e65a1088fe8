using AuthServer.Protocol.Keys;

namespace AuthServer.Protocol.Discovery;

/// <summary>
/// GET /.well-known/jwks.json: the public keys (RFC 7517 §5, OIDC Core §10.1), as bytes that are ready in memory.
/// </summary>
internal static class JwksEndpoint
{
    // Keys are announced days before they sign, so an app may keep them for a while; not for long, because after
    // "keys rotate" an app behind a cache fails for that time.
    private const string CacheControl = "public, max-age=60";

    public static Task HandleAsync(HttpContext http)
    {
        var jwks = http.RequestServices.GetRequiredService<SigningKeyRing>().JwksAsync(http.RequestAborted);
        return jwks.IsCompletedSuccessfully ? WriteAsync(http, jwks.Result) : WriteLaterAsync(http, jwks);
    }

    private static async Task WriteLaterAsync(HttpContext http, ValueTask<JwksDocument> jwks) =>
        await WriteAsync(http, await jwks);

    private static Task WriteAsync(HttpContext http, JwksDocument jwks)
    {
        var headers = http.Response.Headers;
        headers.CacheControl = CacheControl;
        headers.ETag = jwks.ETag;
        // Any browser app may verify our tokens; there is nothing here to protect.
        headers.AccessControlAllowOrigin = "*";
        if (
            http.Request.Headers.IfNoneMatch.ToString() is { Length: > 0 } held
            && held.Contains(jwks.ETag, StringComparison.Ordinal)
        )
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        headers.ContentType = "application/json";
        headers.ContentLength = jwks.Json.Length;
        return HttpMethods.IsHead(http.Request.Method)
            ? Task.CompletedTask
            : http.Response.Body.WriteAsync(jwks.Json, http.RequestAborted).AsTask();
    }
}
