namespace AuthServer.Protocol;

/// <summary>
/// An OAuth 2.0 error: what the client is told and what only the log is told (RFC 6749 §4.1.2.1, §5.2).
/// </summary>
/// <param name="Code">The registered error code, such as <c>invalid_grant</c>.</param>
/// <param name="Status">The HTTP status when it is answered as JSON.</param>
/// <param name="Description">A sentence for the client's developer: printable ASCII without <c>"</c> and <c>\</c>, no
/// secret, nobody's data.</param>
public sealed record ProtocolError(string Code, int Status, string Description)
{
    /// <summary>Why, for the log only.</summary>
    public string? Reason { get; init; }

    public static ProtocolError InvalidRequest(string description) => new("invalid_request", 400, description);

    public static ProtocolError Missing(string parameter) => InvalidRequest($"The parameter '{parameter}' is missing.");

    public static ProtocolError Repeated(string parameter) =>
        InvalidRequest($"The parameter '{parameter}' must not appear more than once.");

    /// <summary>RFC 6749 §5.2: 401, with a challenge when the client tried the Authorization header.</summary>
    public static ProtocolError InvalidClient(string reason, string? hint = null) =>
        new("invalid_client", 401, hint ?? "Client authentication failed.") { Reason = reason };

    public static ProtocolError InvalidGrant(string reason) =>
        new("invalid_grant", 400, "The grant is wrong, expired, revoked or already used.") { Reason = reason };

    public static ProtocolError InvalidScope(string description) => new("invalid_scope", 400, description);

    /// <summary>RFC 8707 §2.</summary>
    public static ProtocolError InvalidTarget() =>
        new("invalid_target", 400, "A resource is unknown, or the scopes of this request do not belong to it.");

    public static ProtocolError UnauthorizedClient(string description) => new("unauthorized_client", 400, description);

    public static ProtocolError UnsupportedResponseType() =>
        new("unsupported_response_type", 400, "Only response_type=code is offered.");

    public static ProtocolError AccessDenied() => new("access_denied", 403, "The user denied the request.");

    public static ProtocolError LoginRequired(string reason) =>
        new("login_required", 400, "The person has to log in, and prompt=none forbids asking.") { Reason = reason };

    public static ProtocolError ConsentRequired() =>
        new("consent_required", 400, "The person has to agree, and prompt=none forbids asking.");

    /// <summary>OIDC Core §3.1.2.6.</summary>
    public static ProtocolError RequestNotSupported() =>
        new("request_not_supported", 400, "Request objects are not offered.");

    /// <summary>OIDC Core §3.1.2.6.</summary>
    public static ProtocolError RequestUriNotSupported() =>
        new("request_uri_not_supported", 400, "Request objects by reference are not offered.");

    /// <summary>OIDC Core §3.1.2.6.</summary>
    public static ProtocolError RegistrationNotSupported() =>
        new("registration_not_supported", 400, "The registration parameter is not offered.");

    /// <summary>OpenID Connect Core Unmet Authentication Requirements 1.0.</summary>
    public static ProtocolError UnmetAuthenticationRequirements() =>
        new("unmet_authentication_requirements", 400, "None of the essential acr values can be met here.");

    /// <summary>RFC 7009 §2.2.1.</summary>
    public static ProtocolError UnsupportedTokenType() =>
        new(
            "unsupported_token_type",
            400,
            "A client's own or exchanged access token cannot be revoked: it ends by itself."
        );

    /// <summary>RFC 6750 §3.1.</summary>
    public static ProtocolError InvalidToken(string reason) =>
        new("invalid_token", 401, "The access token is wrong, expired or revoked.") { Reason = reason };

    /// <summary>RFC 6750 §3.1.</summary>
    public static ProtocolError InsufficientScope(string scope) =>
        new("insufficient_scope", 403, $"The access token lacks the scope {scope}.");
}
