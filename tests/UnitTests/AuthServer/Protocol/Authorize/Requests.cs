using AuthServer.Clients;
using AuthServer.Protocol;
using AuthServer.Protocol.Authorize;

namespace UnitTests.AuthServer.Protocol.Authorize;

/// <summary>Authorization requests for pure tests.</summary>
internal static class Requests
{
    public const string RedirectUri = "https://app.example.test/callback";

    public static RegisteredClient Client(Func<ClientMetadata, ClientMetadata>? more = null)
    {
        var metadata = new ClientMetadata
        {
            RedirectUris = [RedirectUri],
            Scope = "openid profile email offline_access",
        };
        return new RegisteredClient("app", more?.Invoke(metadata) ?? metadata, []);
    }

    /// <summary>
    /// A request that keeps every rule, with a query put in place of its own parameters of those names.
    /// </summary>
    public static AuthorizeRequest Request(params (string Name, string? Value)[] changes)
    {
        var parameters = new Dictionary<string, string>
        {
            ["response_type"] = "code",
            ["client_id"] = "app",
            ["redirect_uri"] = RedirectUri,
            ["scope"] = "openid",
            ["code_challenge"] = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
            ["code_challenge_method"] = "S256",
        };
        foreach (var (name, value) in changes)
        {
            if (value is null)
            {
                parameters.Remove(name);
            }
            else
            {
                parameters[name] = value;
            }
        }

        return new AuthorizeRequest(Parameters.Of(parameters));
    }

    public static Parameters Read(params (string Name, string[] Values)[] parameters) =>
        Parameters
            .Parse(
                string.Join(
                    '&',
                    parameters.SelectMany(p => p.Values.Select(value => $"{p.Name}={Uri.EscapeDataString(value)}"))
                )
            )
            .TryGet(out var read, out _)
            ? read
            : throw new InvalidOperationException("They cannot be read.");
}
