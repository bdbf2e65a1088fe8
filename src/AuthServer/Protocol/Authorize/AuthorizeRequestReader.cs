using AuthServer.Clients;
using AuthServer.Protocol.Claims;
using AuthServer.Protocol.Resources;
using AuthServer.Protocol.Tokens;

namespace AuthServer.Protocol.Authorize;

/// <summary>
/// Makes a <see cref="ValidAuthorizeRequest"/> of an authorization request, whether it was pushed or came by a browser.
/// </summary>
internal sealed class AuthorizeRequestReader(IdTokenHints hints, ResourceIndicators resources)
{
    /// <returns>The request with every parameter checked, or the first error.</returns>
    public async ValueTask<Result<ValidAuthorizeRequest>> ReadAsync(
        AuthorizeRequest request,
        RegisteredClient client,
        ReturnAddress address,
        CancellationToken cancellationToken
    )
    {
        foreach (var check in AuthorizeChecks.All)
        {
            if (check(request, client) is { } broken)
            {
                return broken;
            }
        }

        if (!ClaimsRequest.Parse(request.Claims).TryGet(out var claims, out var error))
        {
            return error;
        }

        var scopes = AuthorizeChecks.GrantableScopes(request, client);
        if (await resources.CheckAsync(request.Resources, scopes, client, cancellationToken) is { } unknown)
        {
            return unknown;
        }

        string? hintedSubject = null;
        if (request.IdTokenHint is { } idToken)
        {
            if (!(await hints.ReadAsync(idToken, cancellationToken)).TryGet(out var hint, out error))
            {
                return error;
            }

            hintedSubject = hint.Subject;
        }

        // OIDC Core §5.5.1: the two must not name different people.
        if (hintedSubject is not null && claims.RequiredSubject is { } required && required != hintedSubject)
        {
            return ProtocolError.InvalidRequest("The id_token_hint and the claims parameter name two people.");
        }

        return new ValidAuthorizeRequest
        {
            Client = client,
            ReturnAddress = address,
            Scopes = scopes,
            Resources = request.Resources,
            Prompt = AuthorizeChecks.ReadPrompt(request.Prompt) ?? Prompts.Any,
            MaxAge = AuthorizeChecks.ReadMaxAge(request.MaxAge) ?? client.Metadata.DefaultMaxAge,
            Nonce = request.Nonce,
            CodeChallenge = request.CodeChallenge,

            // acr_values is a voluntary request for the acr claim (OIDC Core §5.5.1.1).
            Claims =
                request.AcrValues is null || claims.IdToken.Contains("acr")
                    ? claims
                    : claims with
                    {
                        IdToken = [.. claims.IdToken, "acr"],
                    },
            RequiredSubject = hintedSubject ?? claims.RequiredSubject,
        };
    }
}
