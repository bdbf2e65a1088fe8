using AuthServer.Protocol.Storage;
using OpenIddict.Core;

namespace AuthServer.Clients;

internal static class ClientsModule
{
    public static IServiceCollection AddClients(this IServiceCollection services)
    {
        services.AddSingleton<ClientDirectory>();
        services.AddSingleton<ClientAuthentication>();
        services.AddScoped(provider =>
            (ClientApplicationManager)provider.GetRequiredService<OpenIddictApplicationManager<Application>>()
        );
        services.AddScoped<RegisterClient>();
        services.AddScoped<EditClient>();
        services.AddScoped<RotateClientSecret>();
        services.AddScoped<RemoveClient>();
        services.AddScoped<ListClients>();
        return services;
    }
}
