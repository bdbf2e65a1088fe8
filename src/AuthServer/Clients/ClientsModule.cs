namespace AuthServer.Clients;

internal static class ClientsModule
{
    public static IServiceCollection AddClients(this IServiceCollection services)
    {
        services.AddSingleton<ClientDirectory>();
        services.AddSingleton<ClientAuthentication>();
        return services;
    }
}
