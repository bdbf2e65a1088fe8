namespace AuthServer.Clients;

internal static class ClientsModule
{
    public static IServiceCollection AddClients(this IServiceCollection services)
    {
        services.AddSingleton<ClientDirectory>();
        services.AddSingleton<ClientAuthentication>();
        services.AddScoped<RegisterClient>();
        services.AddScoped<EditClient>();
        services.AddScoped<RotateClientSecret>();
        services.AddScoped<RemoveClient>();
        services.AddScoped<ListClients>();
        return services;
    }
}
