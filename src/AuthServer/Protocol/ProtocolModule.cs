using AuthServer.Protocol.Authorize;
using AuthServer.Protocol.Discovery;
using AuthServer.Protocol.Keys;

namespace AuthServer.Protocol;

internal static class ProtocolModule
{
    public static IServiceCollection AddProtocol(
        this IServiceCollection services, IConfiguration configuration, IHostEnvironment environment)
    {
        services.AddSingleton<AuthorizeTickets>();
        services.AddSigningKeys();
        services.AddCors();
        return services;
    }

    public static void UseProtocolCors(this IApplicationBuilder app) => app.UseCors();

    public static void MapProtocol(this IEndpointRouteBuilder routes)
    {
        JwksEndpoint.Map(routes);
    }
}
