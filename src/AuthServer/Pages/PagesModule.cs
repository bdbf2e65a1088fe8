using AuthServer.Pages.About;
using AuthServer.Pages.Help;
using AuthServer.Pages.Shared;
using AuthServer.Protocol;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.Extensions.Options;
using Recovery.Ports;

namespace AuthServer.Pages;

internal static class PagesModule
{
    private const string ErrorPath = "error";

    public static IServiceCollection AddPages(this IServiceCollection services)
    {
        services
            .AddRazorPages(pages => RecoveryPages.Fit(pages.Conventions))
            .AddMvcOptions(mvc =>
            {
                mvc.SuppressImplicitRequiredAttributeForNonNullableReferenceTypes = true; // its words are not ours
                mvc.Filters.Add<PageHeadersFilter>();
                mvc.Filters.Add<StalePageFilter>();
            });
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Path = "/";
            antiforgery.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;

            // Lax, not Strict: a person who comes from an app would arrive without the cookie, be given a new one, and
            // find the log-in page in their other tab broken. Forms of other websites do not send a Lax cookie either.
            antiforgery.Cookie.SameSite = SameSiteMode.Lax;
            antiforgery.SuppressXFrameOptionsHeader = true; // every answer has it
        });
        services
            .AddOptions<AntiforgeryOptions>()
            .Configure<IOptions<ProtocolOptions>>(
                (antiforgery, protocol) =>
                    antiforgery.Cookie.Name = IsHttps(protocol.Value.Issuer) ? "__Host-form" : "form"
            ); // RFC 6265bis §4.1.3.2
        services.AddSingleton<AppViews>();
        services.AddSingleton<AppLogos>();
        services.AddSingleton<IRecoveryHost, RecoveryHost>();
        services.AddSingleton<IRecoveryApps, RecoveryApps>();
        services.AddSingleton<NhsLogo>();
        services.AddOptions<HelpOptions>().BindConfiguration(HelpOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<HelpOptions>, HelpOptionsValidator>();
        services.AddOptions<PolicyOptions>().BindConfiguration(PolicyOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<PolicyOptions>, PolicyOptionsValidator>();
        services.AddSingleton<IValidateOptions<PolicyOptions>, PolicySourcesValidator>();
        services.AddSingleton<Policies>();
        services.AddSingleton<CookieList>();
        return services;
    }

    public static void MapPages(this IEndpointRouteBuilder routes)
    {
        routes.MapStaticAssets().ShortCircuit();
        routes.MapAppLogos();
        routes.MapMethods(
            Links.ChangePassword,
            ["GET", "HEAD"],
            () => TypedResults.Redirect(Links.ForgottenLogInDetails)
        ); // 302
        routes
            .MapRazorPages()
            .WithStaticAssets()
            .Add(page =>
            {
                // But the error page, which stands in the place of whatever failed.
                if (
                    page is RouteEndpointBuilder route
                    && !ErrorPath.Equals(route.RoutePattern.RawText, StringComparison.OrdinalIgnoreCase)
                )
                {
                    page.Metadata.Add(new HttpMethodMetadata(["GET", "HEAD", "POST"]));
                }
            });
    }

    private static bool IsHttps(string issuer) => issuer.StartsWith("https:", StringComparison.OrdinalIgnoreCase);
}
