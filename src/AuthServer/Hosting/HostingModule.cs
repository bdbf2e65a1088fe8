namespace AuthServer.Hosting;

/// <summary>
/// What any web server of ours needs, whatever it serves. Nothing in this folder knows OpenID Connect.
/// </summary>
internal static class HostingModule
{
    /// <param name="isOutage">Tells outages from bugs (<see cref="OutageRule"/>).</param>
    public static void AddHosting(this WebApplicationBuilder builder, Func<Exception, bool> isOutage)
    {
        builder.Services.AddSingleton(new OutageRule(isOutage));
        builder.AddLogs();
        builder.AddRequestLimits();
        builder.AddTransportSecurity();
        builder.AddForwardedHeaders();
        builder.AddForwardedCertificates();
        builder.AddRateLimits();
        builder.AddDataProtectionKeys();
        builder.AddTelemetry();
        builder.Services.AddHealthChecks();
        builder.AddSecurityTxt();
        // In every environment: a server run from its build output finds its styles too.
        builder.WebHost.UseStaticWebAssets();
        // And keeps them.
        builder.Configuration["ReloadStaticAssetsAtRuntime"] ??= builder.Environment.IsDevelopment().ToString();
    }

    /// <summary>Around everything, from the outside in.</summary>
    public static void UseHosting(this WebApplication app)
    {
        app.UseForwardedCertificates(); // while the address is still the proxy's
        app.UseForwardedHeaders(); // who is asking, and over https or not: everything below relies on it
        app.UseIssuerScheme(); // over https, when that is how people reach the server
        app.UseRequestLogScope(); // what is logged below carries the request's reference
        app.UseSecurityHeaders();
        app.UseMiddleware<ErrorPages>(); // a page or JSON for what went wrong below
        app.UseMalformedRequests(); // what cannot be read is the sender's mistake, never a 500
    }

    public static void MapHosting(this WebApplication app)
    {
        app.MapHealth();
        app.MapSecurityTxt();
    }
}
