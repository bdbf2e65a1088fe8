using System.Text.Json;
using System.Text.Json.Serialization;

namespace AuthServer.Clients;

/// <summary>
/// What is registered about a client: RFC 7591 §2, OIDC Registration §2, OIDC RP-Initiated Logout §3.1, OIDC
/// Back-Channel Logout §2.2, and our own members. Serialised with these names in the command line, the registry and the
/// database. Every mistake in it is found by <c>ClientMetadataRules</c>.
/// </summary>
public sealed record ClientMetadata
{
    [JsonPropertyName("client_name")]
    public string? ClientName { get; init; }

    [JsonPropertyName("client_uri")]
    public string? ClientUri { get; init; }

    [JsonPropertyName("logo_uri")]
    public string? LogoUri { get; init; }

    [JsonPropertyName("policy_uri")]
    public string? PolicyUri { get; init; }

    [JsonPropertyName("tos_uri")]
    public string? TosUri { get; init; }

    [JsonPropertyName("contacts")]
    public IReadOnlyList<string> Contacts { get; init; } = [];

    /// <summary>
    /// Where OIDC third-party initiated log-in starts (Core §4); also the way back to the app from a dead end.
    /// </summary>
    [JsonPropertyName("initiate_login_uri")]
    public string? InitiateLoginUri { get; init; }

    /// <summary>Compared exactly, but for the port of a loopback address (RFC 8252 §7.3).</summary>
    [JsonPropertyName("redirect_uris")]
    public IReadOnlyList<string> RedirectUris { get; init; } = [];

    [JsonPropertyName("post_logout_redirect_uris")]
    public IReadOnlyList<string> PostLogoutRedirectUris { get; init; } = [];

    [JsonPropertyName("grant_types")]
    public IReadOnlyList<string> GrantTypes { get; init; } = ["authorization_code"];

    [JsonPropertyName("response_types")]
    public IReadOnlyList<string> ResponseTypes { get; init; } = ["code"];

    /// <summary>
    /// One of <c>ClientMetadataRules.AuthenticationMethods</c>. Null: a secret, in the header or the body, whichever
    /// the app's library does.
    /// </summary>
    [JsonPropertyName("token_endpoint_auth_method")]
    public string? TokenEndpointAuthMethod { get; init; }

    /// <summary>
    /// Its public keys as a JWK set, for <c>private_key_jwt</c> and <c>self_signed_tls_client_auth</c>.
    /// </summary>
    [JsonPropertyName("jwks")]
    public JsonElement? Jwks { get; init; }

    /// <summary>Where its public keys are published. Never together with <see cref="Jwks"/>.</summary>
    [JsonPropertyName("jwks_uri")]
    public string? JwksUri { get; init; }

    /// <summary>
    /// The one algorithm that its assertions are signed with. Null: any of
    /// <c>ClientAuthentication.AssertionAlgorithms</c>.
    /// </summary>
    [JsonPropertyName("token_endpoint_auth_signing_alg")]
    public string? TokenEndpointAuthSigningAlg { get; init; }

    /// <summary>RFC 8705 §2.1.2: the subject of its certificate, as RFC 4514 writes it.</summary>
    [JsonPropertyName("tls_client_auth_subject_dn")]
    public string? TlsClientAuthSubjectDn { get; init; }

    /// <summary>RFC 8705 §2.1.2: a DNS name of its certificate.</summary>
    [JsonPropertyName("tls_client_auth_san_dns")]
    public string? TlsClientAuthSanDns { get; init; }

    /// <summary>RFC 8705 §2.1.2: a URI of its certificate.</summary>
    [JsonPropertyName("tls_client_auth_san_uri")]
    public string? TlsClientAuthSanUri { get; init; }

    /// <summary>RFC 8705 §2.1.2: an IP address of its certificate.</summary>
    [JsonPropertyName("tls_client_auth_san_ip")]
    public string? TlsClientAuthSanIp { get; init; }

    /// <summary>RFC 8705 §2.1.2: an e-mail address of its certificate.</summary>
    [JsonPropertyName("tls_client_auth_san_email")]
    public string? TlsClientAuthSanEmail { get; init; }

    /// <summary>RFC 8705 §3.4: its access tokens work with its certificate only.</summary>
    [JsonPropertyName("tls_client_certificate_bound_access_tokens")]
    public bool TlsClientCertificateBoundAccessTokens { get; init; }

    /// <summary>
    /// Space separated: the scopes the client may ask for. Null: every scope of a person except <c>professional</c>.
    /// </summary>
    [JsonPropertyName("scope")]
    public string? Scope { get; init; }

    /// <summary>
    /// Ours: narrows <see cref="Scope"/>, for an administrator's word over the developer's. Null: no narrowing.
    /// </summary>
    [JsonPropertyName("allowed_scopes")]
    public IReadOnlyList<string>? AllowedScopes { get; init; }

    [JsonPropertyName("id_token_signed_response_alg")]
    public string IdTokenSignedResponseAlg { get; init; } = "RS256";

    /// <summary>Null: userinfo is plain JSON.</summary>
    [JsonPropertyName("userinfo_signed_response_alg")]
    public string? UserinfoSignedResponseAlg { get; init; }

    /// <summary>Ours: ES256 (the default) or RS256.</summary>
    [JsonPropertyName("access_token_signed_response_alg")]
    public string AccessTokenSignedResponseAlg { get; init; } = "ES256";

    /// <summary>
    /// Ours: who the access tokens are for (RFC 9068 <c>aud</c>). Empty: the APIs of the granted scopes, else the
    /// issuer.
    /// </summary>
    [JsonPropertyName("access_token_audience")]
    public IReadOnlyList<string> AccessTokenAudience { get; init; } = [];

    /// <summary>
    /// Ours: the ID token also holds the claims of the scopes, for libraries that do not ask userinfo.
    /// </summary>
    [JsonPropertyName("id_token_claims")]
    public bool IdTokenClaims { get; init; }

    /// <summary>Ours: the person is asked before the app gets anything for the first time.</summary>
    [JsonPropertyName("require_consent")]
    public bool RequireConsent { get; init; }

    /// <summary>Ours: PKCE. Always required of public clients; a confidential one may be excused.</summary>
    [JsonPropertyName("require_pkce")]
    public bool RequirePkce { get; init; } = true;

    /// <summary>RFC 9126 §6: authorization requests have to be pushed.</summary>
    [JsonPropertyName("require_pushed_authorization_requests")]
    public bool RequirePushedAuthorizationRequests { get; init; }

    /// <summary>Ours: a refresh token is replaced at each use.</summary>
    [JsonPropertyName("rotate_refresh_tokens")]
    public bool RotateRefreshTokens { get; init; } = true;

    /// <summary>Ours: a resource server, which may introspect tokens of every client (RFC 7662).</summary>
    [JsonPropertyName("allow_introspection")]
    public bool AllowIntrospection { get; init; }

    /// <summary>Ours, seconds. Null: the server's default.</summary>
    [JsonPropertyName("access_token_lifetime")]
    public int? AccessTokenLifetime { get; init; }

    /// <summary>Ours, seconds. Null: the server's default.</summary>
    [JsonPropertyName("id_token_lifetime")]
    public int? IdTokenLifetime { get; init; }

    /// <summary>Ours, seconds from the log-in. Null: the server's default.</summary>
    [JsonPropertyName("refresh_token_lifetime")]
    public int? RefreshTokenLifetime { get; init; }

    [JsonPropertyName("default_max_age")]
    public int? DefaultMaxAge { get; init; }

    [JsonPropertyName("require_auth_time")]
    public bool RequireAuthTime { get; init; }

    [JsonPropertyName("backchannel_logout_uri")]
    public string? BackchannelLogoutUri { get; init; }

    [JsonPropertyName("backchannel_logout_session_required")]
    public bool BackchannelLogoutSessionRequired { get; init; }

    [JsonPropertyName("application_type")]
    public string ApplicationType { get; init; } = "web";

    [JsonPropertyName("software_id")]
    public string? SoftwareId { get; init; }

    [JsonPropertyName("software_version")]
    public string? SoftwareVersion { get; init; }

    /// <summary>True when the client cannot keep a secret (RFC 6749 §2.1).</summary>
    [JsonIgnore]
    public bool IsPublic => TokenEndpointAuthMethod == "none";

    /// <summary>True when it authenticates by a secret that both sides know.</summary>
    [JsonIgnore]
    public bool UsesSecret =>
        TokenEndpointAuthMethod is null or ClientAuthentication.Basic or ClientAuthentication.Post;

    /// <summary>True when the client may authenticate by this method.</summary>
    internal bool AcceptsMethod(string method) =>
        TokenEndpointAuthMethod is { } registered
            ? method == registered
            : method is ClientAuthentication.Basic or ClientAuthentication.Post;

    /// <summary>
    /// The same in its one form: nothing twice in a list, keys with the members that count, and no response type that
    /// nothing can come of (RFC 7591 §2.1).
    /// </summary>
    internal ClientMetadata Normalised() =>
        this with
        {
            RedirectUris = [.. RedirectUris.Distinct(StringComparer.Ordinal)],
            PostLogoutRedirectUris = [.. PostLogoutRedirectUris.Distinct(StringComparer.Ordinal)],
            GrantTypes = [.. GrantTypes.Distinct(StringComparer.Ordinal)],
            ResponseTypes = GrantTypes.Contains(ClientMetadataRules.AuthorizationCode)
                ? [.. ResponseTypes.Distinct(StringComparer.Ordinal)]
                : [],
            Jwks = Jwks is { } jwks ? ClientKeys.Write(ClientKeys.Read(jwks)) : null,
        };
}
