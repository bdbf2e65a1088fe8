using AuthServer.Clients;
using AuthServer.Protocol.Claims;

namespace AuthServer.Protocol.Token;

/// <summary>Gives a confidential client a token of its own (RFC 6749 §4.4). Nothing is stored: there is nobody to log out.</summary>
internal sealed class ClientCredentialsGrant : ITokenGrant
{
    public string GrantType => "client_credentials";

    public ValueTask<Result<TokenOrder>> ProveAsync(
        RegisteredClient client, Parameters form, CancellationToken cancellationToken) => ValueTask.FromResult(Prove(client, form));

    private static Result<TokenOrder> Prove(RegisteredClient client, Parameters form)
    {
        if (client.Metadata.IsPublic)
        {
            return ProtocolError.UnauthorizedClient("A public client cannot use the client credentials grant.");
        }

        // Scopes about a person mean nothing without one (OIDC Core §3.1.2.1 is about the authorization endpoint).
        var allowed = client.Scopes.Except(Scopes.Supported).ToArray();
        var asked = Scopes.Split(form["scope"]);
        if (asked.FirstOrDefault(scope => !allowed.Contains(scope)) is not null)
        {
            return ProtocolError.InvalidScope("A scope is unknown or not open to this client.");
        }

        return new TokenOrder { Scopes = Scopes.Join(asked.Count > 0 ? asked : allowed) };
    }
}
