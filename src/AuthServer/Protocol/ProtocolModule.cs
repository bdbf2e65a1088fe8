using System.Security.Cryptography;
using AuthServer.Accounts;
using AuthServer.Clients;
using AuthServer.Data;
using AuthServer.Protocol.Authorize;
using AuthServer.Protocol.BackchannelLogout;
using AuthServer.Protocol.ClientProof;
using AuthServer.Protocol.Device;
using AuthServer.Protocol.Discovery;
using AuthServer.Protocol.EndSession;
using AuthServer.Protocol.Handlers;
using AuthServer.Protocol.Keys;
using AuthServer.Protocol.Resources;
using AuthServer.Protocol.Storage;
using AuthServer.Protocol.Tokens;
using AuthServer.Protocol.Validation;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Protocol;

/// <summary>
/// OpenIddict and what stands beside it: endpoints, flows, lifetimes. Our handlers are in <see cref="HandlerList"/>.
/// </summary>
internal static class ProtocolModule
{
    public static IServiceCollection AddProtocol(
        this IServiceCollection services,
        IConfiguration configuration,
        IHostEnvironment environment
    )
    {
        services.AddOptions<ProtocolOptions>().BindConfiguration(ProtocolOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ProtocolOptions>, ProtocolOptionsValidator>();
        services.AddIssuer(configuration, environment);
        services
            .AddOpenIddict()
            .AddCore(core =>
                core.UseEntityFrameworkCore()
                    .UseDbContext<AuthDbContext>()
                    .ReplaceDefaultEntities<Application, Authorization, Scope, Token, Guid>()
            )
            .AddCore(core =>
                core.ReplaceApplicationManager<Application, ClientApplicationManager>()
                    .ReplaceAuthorizationManager<Authorization, GrantAuthorizationManager>()
            )
            .AddServer(AddServer)
            .AddValidation(validation => validation.UseKeyRingAndGrants());
        services
            .AddOptions<OpenIddictServerOptions>()
            .Configure<IOptions<ProtocolOptions>>((server, protocol) => server.Issuer = new Uri(protocol.Value.Issuer));

        services.AddSingleton<DispatchPlan>();
        services.Replace(ServiceDescriptor.Scoped<IOpenIddictServerDispatcher, PlannedDispatcher>());

        services.AddSigningKeys();
        services.AddOptions<MtlsOptions>().BindConfiguration(MtlsOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<MtlsOptions>, MtlsRules>();
        services.AddSingleton<ClientKeySets>();
        services.AddSingleton<UsedAssertions>();
        services.AddSingleton<ClientCertificates>();
        services.AddSingleton<AuthorizeTickets>();
        services.AddSingleton<AuthorizePages>();
        services.AddSingleton<AuthorizeRequestReader>();
        services.AddSingleton<ResourceIndicators>();
        services.AddSingleton<AuthorizationCodes>();
        services.AddSingleton<IdTokenHints>();
        services.AddSingleton<Grants>();
        services.AddSingleton<NewGrants>();
        services.AddScoped<DeviceVerification>();
        services.AddSingleton<GrantReplay>();
        services.AddSingleton<ScopeDirectory>();
        services.AddScoped<RegisterScope>();
        services.AddScoped<IAccountGrants, AccountGrants>();
        services.AddSingleton<JwtSigner>();
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<AccessTokenReader>();
        services.AddSingleton<IdTokens>();
        services.AddSingleton<ProtocolMeters>();
        services.AddSingleton<EndSessionTickets>();
        services.AddSingleton<EndSessionRequests>();
        services.AddSingleton<DiscoveryEndpoint>();
        services.AddBackchannelLogout();
        services.AddCors();
        services.AddSingleton<ICorsPolicyProvider, ProtocolCors>();
        return services;
    }

    private static void AddServer(OpenIddictServerBuilder server)
    {
        server
            .SetConfigurationEndpointUris(ProtocolPaths.Discovery, ProtocolPaths.OAuthDiscovery)
            .SetJsonWebKeySetEndpointUris(ProtocolPaths.Jwks)
            .SetAuthorizationEndpointUris(ProtocolPaths.Authorize)
            .SetPushedAuthorizationEndpointUris(ProtocolPaths.PushedAuthorization)
            .SetDeviceAuthorizationEndpointUris(ProtocolPaths.DeviceAuthorization)
            .SetEndUserVerificationEndpointUris(PagePaths.Device) // a page of ours; OpenIddict names it to devices
            .SetTokenEndpointUris(ProtocolPaths.Token)
            .SetUserInfoEndpointUris(ProtocolPaths.UserInfo)
            .SetIntrospectionEndpointUris(ProtocolPaths.Introspect)
            .SetRevocationEndpointUris(ProtocolPaths.Revoke)
            .SetEndSessionEndpointUris(ProtocolPaths.EndSession)
            .AllowAuthorizationCodeFlow()
            .AllowRefreshTokenFlow()
            .AllowClientCredentialsFlow()
            .AllowDeviceAuthorizationFlow()
            .AllowTokenExchangeFlow()
            .DisableAccessTokenEncryption()
            .UseDataProtection();

        // RFC 9700: S256 only. The keys are there because OpenIddict wants some; tokens are signed by the key ring.
        server.Configure(options =>
        {
            options.CodeChallengeMethods.Remove(CodeChallengeMethods.Plain);
            options.RequestTokenLifetime = TimeSpan.FromSeconds(60);
            options.SubjectTokenTypes.IntersectWith([TokenTypeIdentifiers.AccessToken]);
            options.ActorTokenTypes.Clear(); // the actor is the client that asks
        });
        server
            .SetUserCodeCharset([.. DeviceCodes.Letters.Select(letter => letter.ToString())])
            .SetUserCodeLength(DeviceCodes.Length)
            .SetUserCodeDisplayFormat(DeviceCodes.DisplayFormat)
            .SetUserCodeLifetime(DeviceCodes.Lifetime)
            .SetDeviceCodeLifetime(DeviceCodes.Lifetime);
        server.AddSigningKey(new ECDsaSecurityKey(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = "unused" });
        server.AddEncryptionKey(new SymmetricSecurityKey(RandomNumberGenerator.GetBytes(32)) { KeyId = "unused" });

        // Whether a request came by https is known to the proxy, and to the issuer.
        server.UseAspNetCore().DisableTransportSecurityRequirement();
        server.UseOurHandlers();
    }

    public static void UseProtocolCors(this IApplicationBuilder app) => app.UseCors();

    public static void MapProtocol(this IEndpointRouteBuilder routes)
    {
        string[] get = ["GET", "HEAD"];
        string[] post = ["POST"];
        string[] both = ["GET", "HEAD", "POST"];
        var map = routes.MapGroup("").WithMetadata(ProtocolPipeline.Mark);
        var programs = map.MapGroup("").WithMetadata(ProtocolPipeline.ForPrograms);

        Map(
                programs,
                ProtocolPaths.Discovery,
                get,
                OpenIddictServerEndpointType.Configuration,
                DiscoveryEndpoint.HandleAsync
            )
            .RequireCors(ProtocolCors.Anybody);
        Map(
                programs,
                ProtocolPaths.OAuthDiscovery,
                get,
                OpenIddictServerEndpointType.Configuration,
                DiscoveryEndpoint.HandleAsync
            )
            .RequireCors(ProtocolCors.Anybody);
        Map(programs, ProtocolPaths.Jwks, get, OpenIddictServerEndpointType.JsonWebKeySet, JwksEndpoint.HandleAsync)
            .RequireCors(ProtocolCors.Anybody);
        Map(map, ProtocolPaths.Authorize, both, OpenIddictServerEndpointType.Authorization);
        Map(programs, ProtocolPaths.PushedAuthorization, post, OpenIddictServerEndpointType.PushedAuthorization);
        Map(programs, ProtocolPaths.DeviceAuthorization, post, OpenIddictServerEndpointType.DeviceAuthorization);
        Map(programs, ProtocolPaths.Token, post, OpenIddictServerEndpointType.Token)
            .RequireCors(ProtocolCors.BrowserApps);
        Map(programs, ProtocolPaths.UserInfo, both, OpenIddictServerEndpointType.UserInfo)
            .RequireCors(ProtocolCors.BrowserApps);
        Map(programs, ProtocolPaths.Introspect, post, OpenIddictServerEndpointType.Introspection);
        Map(programs, ProtocolPaths.Revoke, post, OpenIddictServerEndpointType.Revocation)
            .RequireCors(ProtocolCors.BrowserApps);
        Map(map, ProtocolPaths.EndSession, both, OpenIddictServerEndpointType.EndSession);
        map.MapGet(AuthorizeResponse.ScriptPath, FormPostScript);
    }

    private static IEndpointConventionBuilder Map(
        IEndpointRouteBuilder routes,
        string path,
        string[] methods,
        OpenIddictServerEndpointType type,
        RequestDelegate? answer = null
    ) => routes.MapMethods(path, methods, answer ?? OpenIdEndpoint.HandleAsync).WithMetadata(new OpenIdEndpoint(type));

    private static Task FormPostScript(HttpContext http)
    {
        http.Response.ContentType = "text/javascript; charset=utf-8";
        http.Response.Headers.CacheControl = "public, max-age=86400";
        return http.Response.WriteAsync(AuthorizeResponse.Script);
    }
}
