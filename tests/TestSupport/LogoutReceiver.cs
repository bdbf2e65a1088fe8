using System.Collections.Concurrent;
using AuthServer.Clients;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace TestSupport;

/// <summary>
/// An app that is told of log-outs: it keeps what is posted to its <c>backchannel_logout_uri</c>, and answers as it is
/// set to.
/// </summary>
internal sealed class LogoutReceiver : IAsyncDisposable
{
    private readonly ConcurrentQueue<ToldOfLogout> _told = new();
    private WebApplication? _site;

    public string Uri { get; private set; } = "";

    /// <summary>The status it answers with.</summary>
    public int Answer { get; set; } = StatusCodes.Status200OK;

    /// <summary>What it was sent, oldest first.</summary>
    public IReadOnlyList<ToldOfLogout> Told => [.. _told];

    /// <summary>An app that signs people in with everything, and wants to hear of log-outs here.</summary>
    public ClientMetadata Metadata =>
        new()
        {
            ClientName = "Portfolio",
            RedirectUris = [Given.RedirectUri],
            PostLogoutRedirectUris = [Given.PostLogoutRedirectUri],
            GrantTypes = ["authorization_code", "refresh_token"],
            Scope = "openid profile offline_access",
            BackchannelLogoutUri = Uri,
            BackchannelLogoutSessionRequired = true,
        };

    /// <param name="certificate">With it the app is on https.</param>
    public static async Task<LogoutReceiver> StartAsync(SelfSignedCertificate? certificate = null)
    {
        // Another process may take a port between the draw and the start; then the next draw is tried.
        for (var attempt = 1; ; attempt++)
        {
            var receiver = new LogoutReceiver();
            var origin = $"{(certificate is null ? "http" : "https")}://127.0.0.1:{FreePort.Next()}";
            receiver.Uri = origin + "/log-out";
            receiver._site = receiver.Build(origin, certificate);
            try
            {
                await receiver._site.StartAsync();
                return receiver;
            }
            catch (IOException) when (attempt < 5)
            {
                await receiver.DisposeAsync();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_site is { } site)
        {
            await site.DisposeAsync();
        }
    }

    private WebApplication Build(string origin, SelfSignedCertificate? certificate)
    {
        var builder = WebApplication.CreateSlimBuilder(
            certificate is null
                ? []
                :
                [
                    $"--Kestrel:Certificates:Default:Path={certificate.CertificatePath}",
                    $"--Kestrel:Certificates:Default:KeyPath={certificate.KeyPath}",
                ]
        );
        builder.WebHost.UseUrls(origin).UseKestrelHttpsConfiguration();
        builder.Logging.ClearProviders();
        var site = builder.Build();
        site.MapPost(
            "/log-out",
            async context =>
            {
                var form = await context.Request.ReadFormAsync(context.RequestAborted);
                _told.Enqueue(
                    new ToldOfLogout(
                        context.Request.ContentType,
                        form.Keys.Order().ToList(),
                        form["logout_token"].ToString()
                    )
                );
                context.Response.StatusCode = Answer;
                context.Response.Headers.Location = "/log-out"; // followed by nobody
            }
        );
        return site;
    }
}

/// <param name="Parameters">The names of the form's fields.</param>
/// <param name="LogoutToken">As it came.</param>
internal sealed record ToldOfLogout(string? ContentType, IReadOnlyList<string> Parameters, string LogoutToken);
