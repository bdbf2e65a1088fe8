using AuthServer.Clients;
using Microsoft.AspNetCore.Cors.Infrastructure;

namespace AuthServer.Protocol;

/// <summary>
/// Which other origins' scripts may read protocol answers (Fetch standard, CORS): anybody's for discovery and keys,
/// which are public; for tokens and userinfo only the origins of registered public clients, derived from their redirect
/// URIs.
/// </summary>
internal sealed class ProtocolCors(ClientDirectory clients) : ICorsPolicyProvider
{
    public const string Anybody = "protocol-anybody";
    public const string BrowserApps = "protocol-browser-apps";

    private static readonly CorsPolicy AnybodyPolicy = new CorsPolicyBuilder()
        .AllowAnyOrigin()
        .AllowAnyHeader()
        .WithMethods("GET", "HEAD")
        .Build();

    public async Task<CorsPolicy?> GetPolicyAsync(HttpContext context, string? policyName) =>
        policyName switch
        {
            Anybody => AnybodyPolicy,
            BrowserApps => new CorsPolicyBuilder([.. await clients.BrowserOriginsAsync(context.RequestAborted)])
                .WithMethods("GET", "POST")
                .WithHeaders("Authorization", "Content-Type")
                .WithExposedHeaders("WWW-Authenticate", "Retry-After")
                .SetPreflightMaxAge(TimeSpan.FromMinutes(10))
                .Build(),
            _ => null,
        };
}
