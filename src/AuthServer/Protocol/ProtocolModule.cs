using AuthServer.Accounts;
using AuthServer.Clients;
using AuthServer.Protocol.Authorize;
using AuthServer.Protocol.BackchannelLogout;
using AuthServer.Protocol.Discovery;
using AuthServer.Protocol.EndSession;
using AuthServer.Protocol.Introspection;
using AuthServer.Protocol.Keys;
using AuthServer.Protocol.Revocation;
using AuthServer.Protocol.Token;
using AuthServer.Protocol.Tokens;
using AuthServer.Protocol.UserInfo;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;

namespace AuthServer.Protocol;

internal static class ProtocolModule
{
    public static IServiceCollection AddProtocol(
        this IServiceCollection services, IConfiguration configuration, IHostEnvironment environment)
    {
        services.AddOptions<ProtocolOptions>().BindConfiguration(ProtocolOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ProtocolOptions>, ProtocolOptionsValidator>();
        services.AddIssuer(configuration, environment);
        services.AddSingleton<AuthorizeTickets>();
        services.AddSigningKeys();
        services.AddSingleton<AuthorizationCodes>();
        services.AddSingleton<IdTokenHints>();
        services.AddSingleton<AuthorizeEndpoint>();

        services.AddSingleton<ITokenGrant, AuthorizationCodeGrant>();
        services.AddSingleton<ITokenGrant, RefreshTokenGrant>();
        services.AddSingleton<ITokenGrant, ClientCredentialsGrant>();
        services.AddSingleton<Grants>();
        services.AddScoped<IRemovedWithClient, GrantsOfRemovedClient>();
        services.AddScoped<IAccountGrants, AccountGrants>();
        services.AddSingleton<JwtSigner>();
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<AccessTokenReader>();
        services.AddSingleton<IdTokens>();
        services.AddSingleton<ProtocolMeters>();
        services.AddSingleton<TokenEndpoint>();

        services.AddSingleton<UserInfoEndpoint>();
        services.AddSingleton<IntrospectionEndpoint>();
        services.AddSingleton<RevocationEndpoint>();

        services.AddSingleton<EndSessionTickets>();
        services.AddSingleton<EndSessionRequests>();
        services.AddScoped<EndSessionEndpoint>();
        services.AddBackchannelLogout();

        services.AddSingleton<DiscoveryDocument>();
        services.AddSingleton<DiscoveryEndpoint>();
        services.AddCors();
        services.AddSingleton<ICorsPolicyProvider, ProtocolCors>();
        return services;
    }

    public static void UseProtocolCors(this IApplicationBuilder app) => app.UseCors();

    public static void MapProtocol(this IEndpointRouteBuilder routes)
    {
        string[] get = ["GET", "HEAD"];
        string[] both = ["GET", "POST"];
        var map = routes.MapGroup("").WithMetadata(ProtocolPipeline.Mark);
        var programs = map.MapGroup("").WithMetadata(ProtocolPipeline.ForPrograms);

        programs.MapMethods(DiscoveryEndpoint.Path, get, DiscoveryEndpoint.HandleAsync).RequireCors(ProtocolCors.Anybody);
        programs.MapMethods(DiscoveryEndpoint.OAuthPath, get, DiscoveryEndpoint.HandleAsync).RequireCors(ProtocolCors.Anybody);
        JwksEndpoint.Map(programs);
        map.MapMethods(AuthorizeEndpoint.Path, both, AuthorizeEndpoint.HandleAsync);
        map.MapGet(AuthorizeResponse.ScriptPath, FormPostScript);
        programs.MapPost(TokenEndpoint.Path, TokenEndpoint.HandleAsync).RequireCors(ProtocolCors.BrowserApps);
        programs.MapMethods(UserInfoEndpoint.Path, both, UserInfoEndpoint.HandleAsync).RequireCors(ProtocolCors.BrowserApps);
        programs.MapPost(IntrospectionEndpoint.Path, IntrospectionEndpoint.HandleAsync);
        programs.MapPost(RevocationEndpoint.Path, RevocationEndpoint.HandleAsync).RequireCors(ProtocolCors.BrowserApps);
        map.MapMethods(EndSessionEndpoint.Path, both, EndSessionEndpoint.HandleAsync);
    }

    private static Task FormPostScript(HttpContext http)
    {
        http.Response.ContentType = "text/javascript; charset=utf-8";
        http.Response.Headers.CacheControl = "public, max-age=86400";
        return http.Response.WriteAsync(AuthorizeResponse.Script);
    }
}
