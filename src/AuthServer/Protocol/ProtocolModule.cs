using AuthServer.Protocol.Authorize;

namespace AuthServer.Protocol;

internal static class ProtocolModule
{
    public static IServiceCollection AddProtocol(
        this IServiceCollection services, IConfiguration configuration, IHostEnvironment environment)
    {
        services.AddSingleton<AuthorizeTickets>();
        services.AddCors();
        return services;
    }

    public static void UseProtocolCors(this IApplicationBuilder app) => app.UseCors();

    public static void MapProtocol(this IEndpointRouteBuilder routes)
    {
    }
}
