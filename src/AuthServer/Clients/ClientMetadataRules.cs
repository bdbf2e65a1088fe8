namespace AuthServer.Clients;

/// <summary>
/// Finds every mistake in a client's metadata (RFC 7591 §2, OIDC Registration §2): the one place that does, for the
/// command line, the pages and the registration endpoint alike.
/// </summary>
internal static class ClientMetadataRules
{
    public const string AuthorizationCode = "authorization_code";
    public const string RefreshToken = "refresh_token";
    public const string ClientCredentials = "client_credentials";
    public const string DeviceCode = "urn:ietf:params:oauth:grant-type:device_code";
    public const string TokenExchange = "urn:ietf:params:oauth:grant-type:token-exchange";

    /// <summary>Every grant type that a client may register.</summary>
    public static IReadOnlyList<string> GrantTypes { get; } =
    [AuthorizationCode, RefreshToken, ClientCredentials, DeviceCode, TokenExchange];

    /// <summary>Every way to authenticate that a client may register.</summary>
    public static IReadOnlyList<string> AuthenticationMethods { get; } =
    [
        ClientAuthentication.Basic,
        ClientAuthentication.Post,
        ClientAuthentication.PrivateKeyJwt,
        ClientAuthentication.TlsClient,
        ClientAuthentication.SelfSignedTlsClient,
        ClientAuthentication.None,
    ];

    /// <summary>Every algorithm that tokens may be signed with.</summary>
    public static IReadOnlyList<string> SigningAlgorithms { get; } = ["RS256", "ES256"];

    /// <summary>The rules, in the order of the mistakes they find. Each is pure.</summary>
    public static IReadOnlyList<Func<ClientMetadata, IEnumerable<MetadataMistake>>> All { get; } =
    [
        RedirectUrisAreSafe,
        CodeFlowHasARedirectUri,
        GrantTypesAreKnown,
        RefreshTokensComeFromCodes,
        ResponseTypeIsCode,
        AuthenticationMethodIsKnown,
        .. ClientKeyRules.All,
        PublicClientsProveThemselvesByPkce,
        PublicClientsRotateRefreshTokens,
        ConfidentialPowersNeedAuthentication,
        ApplicationTypeIsKnown,
        AlgorithmsAreKnown,
        ScopesAreLegal,
        LinksAreHttps,
        LogOutAddressesAreSafe,
        LifetimesAreInRange,
        WordsCanBeShown,
    ];

    /// <returns>Every mistake; none when the client can be registered.</returns>
    public static IReadOnlyList<MetadataMistake> Check(ClientMetadata metadata) =>
        [.. All.SelectMany(rule => rule(metadata))];

    private static IEnumerable<MetadataMistake> RedirectUrisAreSafe(ClientMetadata metadata) =>
        WrongIn(
                "redirect_uris",
                metadata.RedirectUris,
                uri => ClientUriRules.WrongAsRedirect(uri, IsPublicNative(metadata))
            )
            .Select(MetadataMistake.InRedirectUris);

    private static IEnumerable<MetadataMistake> CodeFlowHasARedirectUri(ClientMetadata metadata) =>
        metadata.GrantTypes.Contains(AuthorizationCode) && metadata.RedirectUris.Count == 0
            ?
            [
                MetadataMistake.InRedirectUris(
                    "redirect_uris must hold an address: grant_types names authorization_code."
                ),
            ]
            : [];

    private static IEnumerable<MetadataMistake> GrantTypesAreKnown(ClientMetadata metadata) =>
        metadata.GrantTypes.Count == 0
            ? [MetadataMistake.InMetadata($"grant_types must name at least one of {Either(GrantTypes)}.")]
            : WrongIn(
                    "grant_types",
                    metadata.GrantTypes,
                    type => GrantTypes.Contains(type) ? null : $"must be {Either(GrantTypes)}."
                )
                .Select(MetadataMistake.InMetadata);

    private static IEnumerable<MetadataMistake> RefreshTokensComeFromCodes(ClientMetadata metadata) =>
        metadata.GrantTypes.Contains(RefreshToken)
        && !metadata.GrantTypes.Any(type => type is AuthorizationCode or DeviceCode)
            ?
            [
                MetadataMistake.InMetadata(
                    $"grant_types must name authorization_code or {DeviceCode} where it names refresh_token."
                ),
            ]
            : [];

    private static IEnumerable<MetadataMistake> ResponseTypeIsCode(ClientMetadata metadata)
    {
        if (metadata.ResponseTypes.Any(type => type != "code"))
        {
            yield return MetadataMistake.InMetadata("response_types must be code: nothing else is offered.");
        }
        else if (metadata.ResponseTypes.Count == 0 && metadata.GrantTypes.Contains(AuthorizationCode))
        {
            yield return MetadataMistake.InMetadata(
                "response_types must name code where grant_types names authorization_code."
            );
        }
    }

    private static IEnumerable<MetadataMistake> AuthenticationMethodIsKnown(ClientMetadata metadata) =>
        OneOf("token_endpoint_auth_method", metadata.TokenEndpointAuthMethod, AuthenticationMethods);

    private static IEnumerable<MetadataMistake> PublicClientsProveThemselvesByPkce(ClientMetadata metadata) =>
        metadata is { IsPublic: true, RequirePkce: false }
            ? [MetadataMistake.InMetadata("require_pkce must be true with token_endpoint_auth_method none.")] // RFC 9700 §2.1.1
            : [];

    private static IEnumerable<MetadataMistake> PublicClientsRotateRefreshTokens(ClientMetadata metadata) =>
        metadata is { IsPublic: true, RotateRefreshTokens: false } && metadata.GrantTypes.Contains(RefreshToken)
            ? [MetadataMistake.InMetadata("rotate_refresh_tokens must be true with token_endpoint_auth_method none.")] // RFC 9700 §2.2.2
            : [];

    private static IEnumerable<MetadataMistake> ConfidentialPowersNeedAuthentication(ClientMetadata metadata)
    {
        foreach (
            var type in new[] { ClientCredentials, TokenExchange }.Where(type =>
                metadata.IsPublic && metadata.GrantTypes.Contains(type)
            )
        )
        {
            // RFC 6749 §4.4, RFC 8693 §2.1
            yield return MetadataMistake.InMetadata(
                $"grant_types must not name {type} with token_endpoint_auth_method none."
            );
        }

        if (metadata is { IsPublic: true, AllowIntrospection: true })
        {
            // RFC 7662 §2.1
            yield return MetadataMistake.InMetadata(
                "allow_introspection must be false with token_endpoint_auth_method none."
            );
        }
    }

    private static IEnumerable<MetadataMistake> ApplicationTypeIsKnown(ClientMetadata metadata) =>
        OneOf("application_type", metadata.ApplicationType, ["web", "native"]);

    private static IEnumerable<MetadataMistake> AlgorithmsAreKnown(ClientMetadata metadata) =>
        [
            .. OneOf("id_token_signed_response_alg", metadata.IdTokenSignedResponseAlg, SigningAlgorithms),
            .. OneOf("userinfo_signed_response_alg", metadata.UserinfoSignedResponseAlg, SigningAlgorithms),
            .. OneOf("access_token_signed_response_alg", metadata.AccessTokenSignedResponseAlg, SigningAlgorithms),
        ];

    private static IEnumerable<MetadataMistake> ScopesAreLegal(ClientMetadata metadata)
    {
        const string Legal = "must be printable ASCII without spaces, double quotes and backslashes."; // RFC 6749 §3.3
        if (metadata.Scope is { } scope && !ClientScopes.Split(scope).All(ClientScopes.IsLegal))
        {
            yield return MetadataMistake.InMetadata($"scope: each part {Legal}");
        }

        foreach (
            var wrong in WrongIn(
                "allowed_scopes",
                metadata.AllowedScopes ?? [],
                s => ClientScopes.IsLegal(s) ? null : Legal
            )
        )
        {
            yield return MetadataMistake.InMetadata(wrong);
        }
    }

    private static IEnumerable<MetadataMistake> LinksAreHttps(ClientMetadata metadata)
    {
        (string Member, string? Uri, Func<string, string?> Wrong)[] links =
        [
            ("client_uri", metadata.ClientUri, ClientUriRules.WrongAsLink),
            ("logo_uri", metadata.LogoUri, ClientUriRules.WrongAsLink),
            ("policy_uri", metadata.PolicyUri, ClientUriRules.WrongAsLink),
            ("tos_uri", metadata.TosUri, ClientUriRules.WrongAsLink),
            ("initiate_login_uri", metadata.InitiateLoginUri, ClientUriRules.WrongAsEndpoint),
            ("backchannel_logout_uri", metadata.BackchannelLogoutUri, ClientUriRules.WrongAsEndpoint),
            ("jwks_uri", metadata.JwksUri, ClientUriRules.WrongAsEndpoint),
        ];
        return links
            .Select(link => link.Uri is { } uri && link.Wrong(uri) is { } wrong ? $"{link.Member} {wrong}" : null)
            .OfType<string>()
            .Select(MetadataMistake.InMetadata);
    }

    private static IEnumerable<MetadataMistake> LogOutAddressesAreSafe(ClientMetadata metadata) =>
        WrongIn(
                "post_logout_redirect_uris",
                metadata.PostLogoutRedirectUris,
                uri => ClientUriRules.WrongAsRedirect(uri, IsPublicNative(metadata))
            )
            .Select(MetadataMistake.InMetadata);

    private static IEnumerable<MetadataMistake> LifetimesAreInRange(ClientMetadata metadata) =>
        [
            .. Between("access_token_lifetime", metadata.AccessTokenLifetime, 60, 86_400), // a day: keys are published that long
            .. Between("id_token_lifetime", metadata.IdTokenLifetime, 60, 86_400),
            .. Between("refresh_token_lifetime", metadata.RefreshTokenLifetime, 3_600, 366 * 86_400),
            .. Between("default_max_age", metadata.DefaultMaxAge, 0, 366 * 86_400),
        ];

    private static IEnumerable<MetadataMistake> WordsCanBeShown(ClientMetadata metadata)
    {
        if (metadata.ClientName is { } name && (name.Trim().Length is 0 or > 100 || name.Any(char.IsControl)))
        {
            yield return MetadataMistake.InMetadata(
                "client_name must be 1 to 100 characters long, without control characters."
            );
        }

        foreach (
            var wrong in WrongIn("contacts", metadata.Contacts, c => c.Trim().Length == 0 ? "must not be empty." : null)
        )
        {
            yield return MetadataMistake.InMetadata(wrong);
        }

        foreach (
            var wrong in WrongIn(
                "access_token_audience",
                metadata.AccessTokenAudience,
                a =>
                    a.Length is 0 or > 255 || !ClientScopes.IsLegal(a)
                        ? "must be an address or a name of 1 to 255 ASCII characters without spaces."
                        : null
            )
        )
        {
            yield return MetadataMistake.InMetadata(wrong);
        }
    }

    private static bool IsPublicNative(ClientMetadata metadata) =>
        metadata is { IsPublic: true, ApplicationType: "native" };

    /// <summary>
    /// The mistakes among the values of a list, named by their place: what a stranger wrote is not repeated.
    /// </summary>
    private static IEnumerable<string> WrongIn(
        string member,
        IReadOnlyList<string> values,
        Func<string, string?> wrong
    ) =>
        values.Select((value, i) => wrong(value) is { } sentence ? $"{member}[{i}] {sentence}" : null).OfType<string>();

    internal static IEnumerable<MetadataMistake> OneOf(string member, string? value, IReadOnlyList<string> allowed) =>
        value is null || allowed.Contains(value)
            ? []
            : [MetadataMistake.InMetadata($"{member} must be {Either(allowed)}.")];

    private static IEnumerable<MetadataMistake> Between(string member, int? seconds, int least, int most) =>
        seconds is { } value && (value < least || value > most)
            ? [MetadataMistake.InMetadata($"{member} must be between {least} and {most} seconds.")]
            : [];

    private static string Either(IReadOnlyList<string> values) =>
        $"{string.Join(", ", values.SkipLast(1))} or {values[^1]}";
}
