using AuthServer.Clients;
using AuthServer.Protocol.Claims;
using AuthServer.Protocol.Tokens;

namespace AuthServer.Protocol.Token;

/// <summary>POST /connect/token (RFC 6749 §3.2, OIDC Core §3.1.3), in five phases.</summary>
internal sealed partial class TokenEndpoint(
    ClientAuthentication authentication,
    IEnumerable<ITokenGrant> grants,
    AccessTokens accessTokens,
    IdTokens idTokens,
    Grants families,
    ProtocolMeters meters,
    ILogger<TokenEndpoint> logger)
{
    public const string Path = "/connect/token";

    private readonly Dictionary<string, ITokenGrant> _grants = grants.ToDictionary(grant => grant.GrantType, StringComparer.Ordinal);

    public static async Task HandleAsync(HttpContext http, TokenEndpoint endpoint)
    {
        var answer = await endpoint.IssueAsync(http.Request, http.RequestAborted);
        if (answer.TryGet(out var tokens, out var error))
        {
            await JsonAnswer.WriteAsync(http.Response, tokens.Write);
        }
        else
        {
            await JsonAnswer.WriteErrorAsync(http, error);
        }
    }

    private async ValueTask<Result<TokenResponse>> IssueAsync(HttpRequest http, CancellationToken cancellationToken)
    {
        // 1. Read.
        if (!(await Parameters.ReadFormAsync(http, cancellationToken)).TryGet(out var form, out var error))
        {
            return error;
        }

        // 2. Who asks?
        if (!(await authentication.AuthenticateAsync(http, form, cancellationToken)).TryGet(out var client, out error))
        {
            return error;
        }

        // 3. May this client use this grant?
        if (form["grant_type"] is not { } grantType)
        {
            return ProtocolError.Missing("grant_type");
        }

        if (!_grants.TryGetValue(grantType, out var grant))
        {
            return ProtocolError.UnsupportedGrantType();
        }

        if (!client.Metadata.GrantTypes.Contains(grantType))
        {
            return Refuse(client.ClientId, grantType, ProtocolError.UnauthorizedClient("This client is not registered for that grant."));
        }

        // 4. Is it theirs to use?
        if (!(await grant.ProveAsync(client, form, cancellationToken)).TryGet(out var order, out error))
        {
            return Refuse(client.ClientId, grantType, error);
        }

        // 5. Issue.
        var response = await IssueAsync(client, order);
        meters.Issued(grantType);
        return response;
    }

    // What was proved is spent, so this finishes even when the caller has gone: a retry within the grace finds it done.
    private async ValueTask<TokenResponse> IssueAsync(RegisteredClient client, TokenOrder order)
    {
        var access = await accessTokens.IssueAsync(client, order.Scopes, order.Grant, CancellationToken.None);
        string? idToken = null;
        if (order.Grant is { } grant && Scopes.Split(order.Scopes).Contains(Scopes.OpenId))
        {
            var account = ClaimsRequest.Read(grant.ClaimsRequest).IdToken.Any(name => name != "acr")
                ? (await families.FindWithAccountAsync(grant.Id, CancellationToken.None))?.Account
                : null;
            idToken = await idTokens.IssueAsync(client, grant, order.Nonce, access.Text, account, CancellationToken.None);
        }

        return new TokenResponse(access.Text, access.ExpiresIn, order.Scopes, order.RefreshToken, idToken);
    }

    private ProtocolError Refuse(string clientId, string grantType, ProtocolError error)
    {
        Refused(grantType, clientId, error.Code, error.Reason ?? error.Description);
        return error;
    }

    [LoggerMessage(2203, LogLevel.Information, "Refused {GrantType} for {ClientId}: {Code} ({Reason}).")]
    private partial void Refused(string grantType, string clientId, string code, string reason);
}
