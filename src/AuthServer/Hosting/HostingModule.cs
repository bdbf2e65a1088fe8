namespace AuthServer.Hosting;

internal static class HostingModule
{
    public static void AddHosting(this WebApplicationBuilder builder)
    {
        builder.Services.AddDataProtection();
        builder.Services.AddRateLimiter(_ => { });
    }

    public static void UseHosting(this WebApplication app)
    {
    }

    public static void MapHosting(this IEndpointRouteBuilder routes)
    {
    }
}
