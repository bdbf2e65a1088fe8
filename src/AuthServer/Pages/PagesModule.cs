namespace AuthServer.Pages;

internal static class PagesModule
{
    public static IServiceCollection AddPages(this IServiceCollection services)
    {
        services.AddRazorPages();
        services.AddAntiforgery();
        return services;
    }

    public static void MapPages(this IEndpointRouteBuilder routes) => routes.MapRazorPages();
}
