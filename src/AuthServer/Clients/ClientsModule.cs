namespace AuthServer.Clients;

internal static class ClientsModule
{
    public static IServiceCollection AddClients(this IServiceCollection services)
    {
        services.AddSingleton<ClientDirectory>();
        return services;
    }
}
