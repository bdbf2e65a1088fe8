using System.Text.Json;
using AuthServer.Clients;
using FsCheck;
using FsCheck.Fluent;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace UnitTests.AuthServer.Clients;

[Trait("spec", "RFC 7591 2")]
public sealed class ClientDescriptorsTests
{
    private static readonly ClientMetadata Web = new()
    {
        ClientName = "Portfolio",
        RedirectUris = ["https://app.example/cb"],
        GrantTypes = ["authorization_code", "refresh_token"],
        Scope = "openid email",
    };

    [Fact]
    public void Whatever_is_registered_is_read_back_the_same() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(1_000),
            Prop.ForAll(
                GeneratedMetadata.Any.ToArbitrary(),
                metadata =>
                {
                    var descriptor = Written(metadata);
                    return Json(ClientDescriptors.Read(descriptor)) == Json(metadata);
                }
            )
        );

    [Fact]
    public void Whatever_is_registered_later_replaces_all_that_was_there_before() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(500),
            Prop.ForAll(
                GeneratedMetadata.Any.ToArbitrary(),
                GeneratedMetadata.Any.ToArbitrary(),
                (before, after) =>
                {
                    var descriptor = Written(before);
                    ClientDescriptors.Write(after, descriptor);
                    return Json(ClientDescriptors.Read(descriptor)) == Json(after);
                }
            )
        );

    [Fact]
    public void What_OpenIddict_has_a_place_for_stands_there()
    {
        var descriptor = Written(Web with { AccessTokenLifetime = 300, RequirePushedAuthorizationRequests = true });

        Assert.Equal(
            (ClientTypes.Confidential, ApplicationTypes.Web, ConsentTypes.Implicit, "Portfolio"),
            (descriptor.ClientType, descriptor.ApplicationType, descriptor.ConsentType, descriptor.DisplayName)
        );
        Assert.Equal(["https://app.example/cb"], descriptor.RedirectUris.Select(uri => uri.OriginalString));
        Assert.Superset(
            new HashSet<string>
            {
                Permissions.Endpoints.Authorization,
                Permissions.Endpoints.Token,
                Permissions.GrantTypes.AuthorizationCode,
                Permissions.GrantTypes.RefreshToken,
                Permissions.ResponseTypes.Code,
                "scp:openid",
                "scp:email",
            },
            descriptor.Permissions
        );
        Assert.Equal(
            new HashSet<string>
            {
                Requirements.Features.ProofKeyForCodeExchange,
                Requirements.Features.PushedAuthorizationRequests,
            },
            descriptor.Requirements
        );
        Assert.Equal("00:05:00", descriptor.Settings[Settings.TokenLifetimes.AccessToken]);
        Assert.Empty(descriptor.Properties);
    }

    [Fact]
    public void What_another_program_keeps_about_the_application_stays()
    {
        var descriptor = new OpenIddictApplicationDescriptor { Permissions = { "rsrc:https://api.example" } };
        descriptor.Properties["theirs"] = JsonSerializer.SerializeToElement(1);
        descriptor.SetAuthorizationCodeLifetime(TimeSpan.FromSeconds(30));

        ClientDescriptors.Write(Web, descriptor);

        Assert.Contains("rsrc:https://api.example", descriptor.Permissions);
        Assert.Equal(1, descriptor.Properties["theirs"].GetInt32());
        Assert.Equal("00:00:30", descriptor.Settings[Settings.TokenLifetimes.AuthorizationCode]);
    }

    [Fact]
    public void An_application_as_OpenIddict_documents_it_is_sensible_metadata()
    {
        var metadata = ClientDescriptors.Read(
            new OpenIddictApplicationDescriptor
            {
                ClientId = "mvc",
                ClientSecret = "secret",
                ClientType = ClientTypes.Confidential,
                DisplayName = "MVC client",
                RedirectUris = { new Uri("https://localhost:44381/callback/login/local") },
                Permissions =
                {
                    Permissions.Endpoints.Authorization,
                    Permissions.Endpoints.Token,
                    Permissions.GrantTypes.AuthorizationCode,
                    Permissions.GrantTypes.RefreshToken,
                    Permissions.ResponseTypes.Code,
                    Permissions.Scopes.Email,
                    Permissions.Scopes.Profile,
                },
                Requirements = { Requirements.Features.ProofKeyForCodeExchange },
            }
        );

        Assert.Equal(
            ("MVC client", "web", null, "openid email profile offline_access", true, true, false),
            (
                metadata.ClientName,
                metadata.ApplicationType,
                metadata.TokenEndpointAuthMethod,
                metadata.Scope,
                metadata.RequireConsent,
                metadata.RequirePkce,
                metadata.RequirePushedAuthorizationRequests
            )
        );
        Assert.Equal(["authorization_code", "refresh_token"], metadata.GrantTypes);
        Assert.Equal(["code"], metadata.ResponseTypes);
        Assert.Empty(ClientMetadataRules.Check(metadata));
    }

    [Fact]
    public void A_place_that_another_program_has_changed_counts_and_not_what_was_written_beside_it()
    {
        var twins = Written(Web with { RedirectUris = ["https://app.example/cb", "https://app.example:443/cb"] });
        twins.RedirectUris.Clear();
        twins.RedirectUris.Add(new Uri("https://new.example/cb"));
        var posting = Written(Web with { TokenEndpointAuthMethod = "client_secret_post" });
        posting.ClientType = ClientTypes.Public;
        var narrowed = Written(Web with { Scope = "openid email professional", AllowedScopes = ["openid", "email"] });
        narrowed.Permissions.Remove("scp:email");
        narrowed.Permissions.Add("scp:phone");

        Assert.Equal(["https://new.example/cb"], ClientDescriptors.Read(twins).RedirectUris);
        Assert.True(ClientDescriptors.Read(posting).IsPublic);
        Assert.Equal(["openid", "phone"], ClientScopes.AllowedFor(ClientDescriptors.Read(narrowed)));
    }

    [Fact]
    public void Whatever_another_program_writes_to_the_places_counts_whatever_was_registered_before() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(1_000),
            Prop.ForAll(
                GeneratedMetadata.Any.ToArbitrary(),
                GeneratedMetadata.Any.ToArbitrary(),
                (before, after) =>
                {
                    var (changed, fresh) = (Written(after), Written(after));
                    changed.Properties.Clear();
                    fresh.Properties.Clear();
                    foreach (var (name, value) in Written(before).Properties)
                    {
                        changed.Properties[name] = value;
                    }

                    return InPlaces(ClientDescriptors.Read(changed)) == InPlaces(ClientDescriptors.Read(fresh));
                }
            )
        );

    [Fact]
    public void A_property_of_the_wrong_type_is_left_out()
    {
        var descriptor = Written(Web);
        descriptor.Properties["logo_uri"] = JsonSerializer.SerializeToElement(1);
        descriptor.Properties["contacts"] = JsonSerializer.SerializeToElement<object?>(null);

        Assert.Equal(Json(Web), Json(ClientDescriptors.Read(descriptor)));
    }

    private static OpenIddictApplicationDescriptor Written(ClientMetadata metadata)
    {
        var descriptor = new OpenIddictApplicationDescriptor();
        ClientDescriptors.Write(metadata, descriptor);
        return descriptor;
    }

    /// <summary>
    /// What the places say of a client. They may leave out openid and offline_access, which need no permission.
    /// </summary>
    private static string InPlaces(ClientMetadata metadata) =>
        JsonSerializer.Serialize(
            new
            {
                metadata.IsPublic,
                RedirectUris = metadata
                    .RedirectUris.Select(uri => new Uri(uri))
                    .Distinct()
                    .Select(uri => uri.OriginalString)
                    .Order(),
                PostLogoutRedirectUris = metadata
                    .PostLogoutRedirectUris.Select(uri => new Uri(uri))
                    .Distinct()
                    .Select(uri => uri.OriginalString)
                    .Order(),
                Scopes = ClientScopes.AllowedFor(metadata).Except(["openid", "offline_access"]).Order(),
                metadata.GrantTypes,
                metadata.ResponseTypes,
                metadata.ClientName,
                metadata.ApplicationType,
                metadata.Jwks,
                metadata.RequireConsent,
                metadata.RequirePkce,
                metadata.RequirePushedAuthorizationRequests,
                metadata.AccessTokenLifetime,
                metadata.IdTokenLifetime,
                metadata.RefreshTokenLifetime,
            }
        );

    private static string Json(ClientMetadata metadata) => JsonSerializer.Serialize(metadata);
}
