using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Clients;

/// <summary>
/// A client's metadata as OpenIddict describes an application, and back: the one place that knows which is which. Pure.
/// </summary>
/// <remarks>
/// Whatever OpenIddict has a place for stands there. Members that it has no place for, and the few values that its
/// places cannot express (such as two redirect URIs that differ in a default port only), stand in <c>Properties</c>
/// under their names of RFC 7591. The place is the truth: a property adds to it while it says the same in more detail,
/// and no longer counts once another program has changed the place. So an application that was made without this class
/// reads as sensible metadata too.
/// </remarks>
internal static class ClientDescriptors
{
    private static readonly string[] OurPrefixes =
    [
        Permissions.Prefixes.Endpoint,
        Permissions.Prefixes.GrantType,
        Permissions.Prefixes.ResponseType,
        Permissions.Prefixes.Scope,
    ];

    private static readonly JsonObject Defaults = ToJson(new ClientMetadata());

    /// <summary>Members whose every value has its place: no property of such a name is written or read.</summary>
    private static readonly HashSet<string> Placed = new(StringComparer.Ordinal)
    {
        "client_name",
        "application_type",
        "grant_types",
        "response_types",
        "jwks",
        "require_consent",
        "require_pkce",
        "require_pushed_authorization_requests",
        "access_token_lifetime",
        "id_token_lifetime",
        "refresh_token_lifetime",
    };

    /// <summary>
    /// Members that can say more than their place: whether the metadata says the same as the place, in more detail.
    /// </summary>
    private static readonly Dictionary<string, Func<ClientMetadata, OpenIddictApplicationDescriptor, bool>> Detailed =
        new(StringComparer.Ordinal)
        {
            ["token_endpoint_auth_method"] = (metadata, descriptor) => metadata.IsPublic == IsPublic(descriptor),
            ["redirect_uris"] = (metadata, descriptor) => AreThese(metadata.RedirectUris, descriptor.RedirectUris),
            ["post_logout_redirect_uris"] = (metadata, descriptor) =>
                AreThese(metadata.PostLogoutRedirectUris, descriptor.PostLogoutRedirectUris),
            ["scope"] = AllowsThePermittedScopes,
            ["allowed_scopes"] = AllowsThePermittedScopes,
        };

    /// <summary>Describes the client. What the descriptor holds beyond its metadata stays.</summary>
    public static void Write(ClientMetadata metadata, OpenIddictApplicationDescriptor descriptor)
    {
        WritePlaces(metadata, descriptor);
        var wanted = ToJson(metadata);
        var placed = ToJson(ReadPlaces(descriptor));
        foreach (var (name, value) in wanted)
        {
            if (Placed.Contains(name) || JsonNode.DeepEquals(value, placed[name]))
            {
                descriptor.Properties.Remove(name);
            }
            else
            {
                descriptor.Properties[name] = JsonSerializer.SerializeToElement(value);
            }
        }
    }

    /// <returns>
    /// The metadata. A property that is no metadata of ours, of another type, or not what its place says is left out.
    /// </returns>
    public static ClientMetadata Read(OpenIddictApplicationDescriptor descriptor)
    {
        var json = ToJson(ReadPlaces(descriptor));
        var placed = json.DeepClone().AsObject();
        foreach (var (name, value) in descriptor.Properties.Where(property => !Placed.Contains(property.Key)))
        {
            if (
                value.ValueKind == JsonValueKind.Null
                    ? Defaults.TryGetPropertyValue(name, out var usual) && usual is null
                    : ClientMetadataReader.IsMember(name, value)
            )
            {
                json[name] = JsonSerializer.SerializeToNode(value);
            }
        }

        var metadata = FromJson(json);
        foreach (var name in Detailed.Where(member => !member.Value(metadata, descriptor)).Select(member => member.Key))
        {
            json[name] = placed[name]?.DeepClone();
        }

        return FromJson(json);
    }

    private static void WritePlaces(ClientMetadata metadata, OpenIddictApplicationDescriptor descriptor)
    {
        descriptor.ClientType = metadata.IsPublic ? ClientTypes.Public : ClientTypes.Confidential;
        descriptor.ApplicationType = metadata.ApplicationType;
        descriptor.ConsentType = metadata.RequireConsent ? ConsentTypes.Explicit : ConsentTypes.Implicit;
        descriptor.DisplayName = metadata.ClientName;
        descriptor.JsonWebKeySet = metadata.Jwks is { } jwks ? ClientKeys.Read(jwks) : null;
        Replace(descriptor.RedirectUris, metadata.RedirectUris.Select(uri => new Uri(uri, UriKind.Absolute)));
        Replace(
            descriptor.PostLogoutRedirectUris,
            metadata.PostLogoutRedirectUris.Select(uri => new Uri(uri, UriKind.Absolute))
        );
        Replace(
            descriptor.Permissions,
            [
                .. descriptor.Permissions.Where(permission =>
                    !OurPrefixes.Any(prefix => permission.StartsWith(prefix, StringComparison.Ordinal))
                ),
                .. EndpointsOf(metadata),
                .. metadata.GrantTypes.Select(type => Permissions.Prefixes.GrantType + type),
                .. metadata.ResponseTypes.Select(type => Permissions.Prefixes.ResponseType + type),
                .. ClientScopes.AllowedFor(metadata).Select(scope => Permissions.Prefixes.Scope + scope),
            ]
        );
        Require(descriptor, Requirements.Features.ProofKeyForCodeExchange, metadata.RequirePkce);
        Require(
            descriptor,
            Requirements.Features.PushedAuthorizationRequests,
            metadata.RequirePushedAuthorizationRequests
        );
        descriptor.SetAccessTokenLifetime(Lifetime(metadata.AccessTokenLifetime));
        descriptor.SetIdentityTokenLifetime(Lifetime(metadata.IdTokenLifetime));
        descriptor.SetRefreshTokenLifetime(Lifetime(metadata.RefreshTokenLifetime));
    }

    private static ClientMetadata ReadPlaces(OpenIddictApplicationDescriptor descriptor)
    {
        var isPublic = IsPublic(descriptor);
        var jwks = descriptor.JsonWebKeySet is { Keys.Count: > 0 } keys ? ClientKeys.Write(keys) : (JsonElement?)null;
        return new ClientMetadata
        {
            TokenEndpointAuthMethod =
                isPublic ? ClientAuthentication.None
                : jwks is null ? null
                : ClientAuthentication.PrivateKeyJwt,
            ApplicationType = descriptor.ApplicationType ?? ApplicationTypes.Web,
            // OpenIddict's default is explicit consent.
            RequireConsent = descriptor.ConsentType != ConsentTypes.Implicit,
            ClientName = descriptor.DisplayName,
            Jwks = jwks,
            RedirectUris = [.. descriptor.RedirectUris.Select(uri => uri.OriginalString)],
            PostLogoutRedirectUris = [.. descriptor.PostLogoutRedirectUris.Select(uri => uri.OriginalString)],
            GrantTypes = Permitted(descriptor, Permissions.Prefixes.GrantType),
            ResponseTypes = Permitted(descriptor, Permissions.Prefixes.ResponseType),
            Scope = ScopeOf(descriptor),
            RequirePkce = isPublic || descriptor.Requirements.Contains(Requirements.Features.ProofKeyForCodeExchange),
            RequirePushedAuthorizationRequests = descriptor.Requirements.Contains(
                Requirements.Features.PushedAuthorizationRequests
            ),
            AccessTokenLifetime = Seconds(descriptor, Settings.TokenLifetimes.AccessToken),
            IdTokenLifetime = Seconds(descriptor, Settings.TokenLifetimes.IdentityToken),
            RefreshTokenLifetime = Seconds(descriptor, Settings.TokenLifetimes.RefreshToken),
        };
    }

    private static IEnumerable<string> EndpointsOf(ClientMetadata metadata)
    {
        yield return Permissions.Endpoints.Token;
        yield return Permissions.Endpoints.Revocation;
        if (metadata.GrantTypes.Contains(GrantTypes.AuthorizationCode))
        {
            yield return Permissions.Endpoints.Authorization;
            yield return Permissions.Endpoints.PushedAuthorization;
            yield return Permissions.Endpoints.EndSession;
        }

        if (metadata.GrantTypes.Contains(GrantTypes.DeviceCode))
        {
            yield return Permissions.Endpoints.DeviceAuthorization;
        }

        if (!metadata.IsPublic)
        {
            yield return Permissions.Endpoints.Introspection;
        }
    }

    // OpenIddict never asks for a permission for openid and offline_access, so its other users do not write these two.
    private static string? ScopeOf(OpenIddictApplicationDescriptor descriptor)
    {
        var scopes = Permitted(descriptor, Permissions.Prefixes.Scope);
        if (
            !scopes.Contains(Scopes.OpenId) && descriptor.Permissions.Contains(Permissions.GrantTypes.AuthorizationCode)
        )
        {
            scopes =
                descriptor.Permissions.Contains(Permissions.GrantTypes.RefreshToken)
                && !scopes.Contains(Scopes.OfflineAccess)
                    ? [Scopes.OpenId, .. scopes, Scopes.OfflineAccess]
                    : [Scopes.OpenId, .. scopes];
        }

        return scopes.SequenceEqual(ClientScopes.Default) ? null : string.Join(' ', scopes);
    }

    private static bool IsPublic(OpenIddictApplicationDescriptor descriptor) =>
        string.Equals(descriptor.ClientType, ClientTypes.Public, StringComparison.OrdinalIgnoreCase);

    private static bool AreThese(IReadOnlyList<string> uris, HashSet<Uri> place)
    {
        var distinct = uris.Select(uri => Uri.TryCreate(uri, UriKind.Absolute, out var absolute) ? absolute : null)
            .ToHashSet();
        return distinct
            .Select(uri => uri?.OriginalString)
            .ToHashSet()
            .SetEquals(place.Select(uri => uri.OriginalString));
    }

    private static bool AllowsThePermittedScopes(ClientMetadata metadata, OpenIddictApplicationDescriptor descriptor) =>
        ClientScopes.AllowedFor(metadata).ToHashSet().SetEquals(Permitted(descriptor, Permissions.Prefixes.Scope));

    private static IReadOnlyList<string> Permitted(OpenIddictApplicationDescriptor descriptor, string prefix) =>
        [
            .. descriptor
                .Permissions.Where(p => p.StartsWith(prefix, StringComparison.Ordinal))
                .Select(p => p[prefix.Length..]),
        ];

    private static void Require(OpenIddictApplicationDescriptor descriptor, string requirement, bool required)
    {
        if (required)
        {
            descriptor.Requirements.Add(requirement);
        }
        else
        {
            descriptor.Requirements.Remove(requirement);
        }
    }

    private static TimeSpan? Lifetime(int? seconds) => seconds is { } some ? TimeSpan.FromSeconds(some) : null;

    private static int? Seconds(OpenIddictApplicationDescriptor descriptor, string setting) =>
        descriptor.Settings.TryGetValue(setting, out var text)
        && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var lifetime)
            ? (int)Math.Clamp(lifetime.TotalSeconds, 0, int.MaxValue)
            : null;

    // Emptied first: a set that has lost single members does not keep the order of those that come.
    private static void Replace<T>(HashSet<T> set, IEnumerable<T> values)
    {
        T[] all = [.. values];
        set.Clear();
        set.UnionWith(all);
    }

    private static JsonObject ToJson(ClientMetadata metadata) =>
        JsonSerializer.SerializeToNode(metadata)?.AsObject()
        ?? throw new InvalidOperationException("Metadata was written as null.");

    private static ClientMetadata FromJson(JsonObject json) =>
        json.Deserialize<ClientMetadata>() ?? throw new InvalidOperationException("An object was read as null.");
}
