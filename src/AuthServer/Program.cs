using AuthServer.Accounts;
using AuthServer.Audit;
using AuthServer.CleanUp;
using AuthServer.Clients;
using AuthServer.CommandLine;
using AuthServer.Data;
using AuthServer.Demo;
using AuthServer.Hosting;
using AuthServer.Mail;
using AuthServer.Pages;
using AuthServer.Passwords;
using AuthServer.Protocol;
using AuthServer.Protocol.BackchannelLogout;
using AuthServer.Protocol.Keys;
using Recovery;

return await Commands.RunAsync(args);

/// <summary>
/// The table of contents: what the server is made of, and in which order a request passes through it.
/// </summary>
internal static partial class Program
{
    /// <summary>The server's services, by module. The command line uses them without a server.</summary>
    /// <param name="args">Settings as <c>--Key=value</c>.</param>
    /// <param name="configure">The last word on the services.</param>
    public static WebApplicationBuilder CreateBuilder(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions
            {
                Args = ["--hostBuilder:reloadConfigOnChange=false", .. args], // settings are checked at start, once
                ApplicationName = "AuthServer", // whatever process it runs in
                ContentRootPath = ContentRoot.Find(args),
            }
        );
        builder.Services.AddSingleton(TimeProvider.System);
        builder.AddHosting(isOutage: DatabaseOutage.Caused);
        builder
            .Services.AddData(builder.Configuration)
            .AddAudit()
            .AddPasswords()
            .AddAccounts()
            .AddClients()
            .AddProtocol(builder.Configuration, builder.Environment)
            .AddMail()
            .AddRecovery()
            .AddPages()
            .AddDemo(builder.Configuration, builder.Environment)
            .AddHostCleanUp()
            .AddJobs(
                everywhere: jobs => jobs.AddMailJobs().AddLogoutJobs(),
                once: jobs => jobs.UseSharedStore(builder.Configuration).AddKeyJobs().AddRecoveryJobs()
            )
            .WarmUpLater();
        configure?.Invoke(builder);
        return builder;
    }

    /// <summary>The whole server, ready to be started.</summary>
    /// <param name="args">Settings as <c>--Key=value</c>.</param>
    /// <param name="configure">For tests: a clock, say.</param>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var app = CreateBuilder(args, configure).Build();
        app.UseHosting(); // errors, forwarded headers, security headers: around everything
        app.UseRouting();
        app.UseRateLimiter(); // before any work is done for the request
        app.UseProtocolCors(); // browser apps call some protocol endpoints
        app.UseProtocolEndpoints(); // they prove their caller by themselves: what follows is for pages
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.MapHosting();
        app.MapProtocol();
        app.MapPages();
        return app;
    }
}
