using System.Globalization;
using AuthServer.Clients;
using AuthServer.Protocol.Claims;
using AuthServer.Protocol.Tokens;

namespace AuthServer.Protocol.Authorize;

/// <summary>One rule of the authorization request. Returns null when the request keeps it.</summary>
internal delegate ProtocolError? AuthorizeCheck(AuthorizeRequest request, RegisteredClient client);

/// <summary>The rules whose breach is sent to the redirect URI (RFC 6749 §4.1.2.1, OIDC Core §3.1.2.6).</summary>
internal static class AuthorizeChecks
{
    /// <summary>In the order they are run: the first broken rule is the one reported.</summary>
    public static IReadOnlyList<AuthorizeCheck> All { get; } =
    [
        NothingIsRepeated,
        ResponseTypeIsCode,
        ResponseModeIsOffered,
        RequestObjectsAreNotOffered,
        ClientMayUseCodes,
        ScopesAreAllowed,
        PkceIsS256,
        PromptIsKnown,
        MaxAgeIsSeconds,
        ClaimsAreAnObject,
        AcrCanBeMet,
    ];

    /// <summary>RFC 6749 §3.1.</summary>
    public static ProtocolError? NothingIsRepeated(AuthorizeRequest request, RegisteredClient client) =>
        request.Parameters.Repeated is { } name ? ProtocolError.Repeated(Parameters.Printable(name)) : null;

    /// <summary>RFC 6749 §3.1.1; the code flow is the only one offered (RFC 9700 §2.1.2).</summary>
    public static ProtocolError? ResponseTypeIsCode(AuthorizeRequest request, RegisteredClient client) =>
        request.ResponseType switch
        {
            "code" => null,
            null => ProtocolError.Missing("response_type"),
            _ => ProtocolError.UnsupportedResponseType(),
        };

    /// <summary>OAuth 2.0 Multiple Response Types §2.1, Form Post Response Mode §2.</summary>
    public static ProtocolError? ResponseModeIsOffered(AuthorizeRequest request, RegisteredClient client) =>
        request.ResponseMode is null or "query" or "form_post"
            ? null
            : ProtocolError.InvalidRequest("The response_mode must be query or form_post.");

    /// <summary>OIDC Core §6, §7.2.1: three ways to ask that are not offered, each with its own error.</summary>
    public static ProtocolError? RequestObjectsAreNotOffered(AuthorizeRequest request, RegisteredClient client) =>
        request switch
        {
            { HasRequestObject: true } => ProtocolError.RequestNotSupported(),
            { HasRequestUri: true } => ProtocolError.RequestUriNotSupported(),
            { HasRegistration: true } => ProtocolError.RegistrationNotSupported(),
            _ => null,
        };

    /// <summary>RFC 6749 §4.1.2.1.</summary>
    public static ProtocolError? ClientMayUseCodes(AuthorizeRequest request, RegisteredClient client) =>
        client.Metadata.GrantTypes.Contains("authorization_code")
            ? null
            : ProtocolError.UnauthorizedClient("This client is not registered for the authorization code grant.");

    /// <summary>
    /// OIDC Core §3.1.2.1: what is not understood or not allowed is ignored; nothing left is an error (RFC 6749 §3.3).
    /// </summary>
    public static ProtocolError? ScopesAreAllowed(AuthorizeRequest request, RegisteredClient client) =>
        request.Scope switch
        {
            null => ProtocolError.InvalidScope("The parameter 'scope' is missing."),
            _ when GrantableScopes(request, client).Count == 0 => ProtocolError.InvalidScope(
                "None of the scopes is open to this client."
            ),
            _ => null,
        };

    /// <summary>
    /// RFC 7636 §4.3, §4.4.1; RFC 9700 §2.1.1: <c>plain</c> is refused, and S256 required unless the registration says
    /// otherwise.
    /// </summary>
    public static ProtocolError? PkceIsS256(AuthorizeRequest request, RegisteredClient client) =>
        request switch
        {
            { CodeChallenge: null, CodeChallengeMethod: null }
                when !client.Metadata.IsPublic && !client.Metadata.RequirePkce => null,
            { CodeChallenge: null } => ProtocolError.Missing("code_challenge"),
            { CodeChallengeMethod: not "S256" } => ProtocolError.InvalidRequest(
                "The parameter 'code_challenge_method' must be S256."
            ),
            { CodeChallenge: var challenge } when !Pkce.IsChallenge(challenge) => ProtocolError.InvalidRequest(
                "The parameter 'code_challenge' must be a base64url-encoded SHA-256."
            ),
            _ => null,
        };

    /// <summary>OIDC Core §3.1.2.1: <c>none</c> stands alone.</summary>
    public static ProtocolError? PromptIsKnown(AuthorizeRequest request, RegisteredClient client) =>
        ReadPrompt(request.Prompt) switch
        {
            null => ProtocolError.InvalidRequest(
                "The parameter 'prompt' must be none, login, consent or select_account."
            ),
            { } prompt when prompt.HasFlag(Prompts.None) && prompt != Prompts.None => ProtocolError.InvalidRequest(
                "The prompt none cannot be combined with another."
            ),
            _ => null,
        };

    /// <summary>OIDC Core §3.1.2.1.</summary>
    public static ProtocolError? MaxAgeIsSeconds(AuthorizeRequest request, RegisteredClient client) =>
        request.MaxAge is null || ReadMaxAge(request.MaxAge) is not null
            ? null
            : ProtocolError.InvalidRequest("The parameter 'max_age' must be a number of seconds.");

    /// <summary>OIDC Core §5.5.</summary>
    public static ProtocolError? ClaimsAreAnObject(AuthorizeRequest request, RegisteredClient client) =>
        ClaimsRequest.Parse(request.Claims).TryGet(out _, out var error) ? null : error;

    /// <summary>OIDC Core §5.5.1.1 and OpenID Connect Unmet Authentication Requirements 1.0.</summary>
    public static ProtocolError? AcrCanBeMet(AuthorizeRequest request, RegisteredClient client) =>
        ClaimsRequest.Parse(request.Claims).TryGet(out var claims, out _)
        && claims.RequiredAcr is { } required
        && !required.Any(AuthenticationContext.Supported.Contains)
            ? ProtocolError.UnmetAuthenticationRequirements()
            : null;

    /// <summary>Asked for, known, and open to this client, in the order asked.</summary>
    public static IReadOnlyList<string> GrantableScopes(AuthorizeRequest request, RegisteredClient client)
    {
        return [.. Scopes.Split(request.Scope).Where(client.Scopes.Contains)];
    }

    /// <returns>The flags, or null when a word is unknown.</returns>
    public static Prompts? ReadPrompt(string? prompt)
    {
        var flags = Prompts.Any;
        foreach (var word in Scopes.Split(prompt))
        {
            Prompts? flag = word switch
            {
                "none" => Prompts.None,
                "login" => Prompts.Login,
                "consent" => Prompts.Consent,
                "select_account" => Prompts.SelectAccount,
                _ => null,
            };
            if (flag is null)
            {
                return null;
            }

            flags |= flag.Value;
        }

        return flags;
    }

    /// <returns>Seconds, or null when it is no such number.</returns>
    public static long? ReadMaxAge(string? maxAge) =>
        long.TryParse(maxAge, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : null;
}
