using System.Text.Json;

namespace Driver;

/// <summary>The server's endpoints, from its discovery document.</summary>
internal sealed record Endpoints(
    Uri Discovery,
    Uri Jwks,
    Uri Authorization,
    Uri Token,
    Uri? UserInfo,
    Uri? Introspection
)
{
    public static Endpoints Discover(Config config)
    {
        using var http = new Http();
        var url = new Uri(config.Issuer.TrimEnd('/') + "/.well-known/openid-configuration");
        var reply = http.Get(url);
        if (reply.Status != 200)
        {
            throw new InvalidOperationException($"discovery: {reply}");
        }

        using var json = JsonDocument.Parse(reply.Body);
        Uri? Find(string name) => json.RootElement.TryGetProperty(name, out var v) ? new Uri(v.GetString()!) : null;
        return new(
            url,
            Find("jwks_uri")!,
            Find("authorization_endpoint")!,
            Find("token_endpoint")!,
            Find("userinfo_endpoint"),
            Find("introspection_endpoint")
        );
    }
}
