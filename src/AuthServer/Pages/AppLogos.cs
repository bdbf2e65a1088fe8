using System.Collections.Concurrent;
using System.Net;
using AuthServer.Clients;
using AuthServer.Protocol.BackchannelLogout;
using HttpResults = Microsoft.AspNetCore.Http.Results;

namespace AuthServer.Pages;

/// <param name="Type">Its media type, one of <see cref="AppLogos"/>' few.</param>
internal sealed record AppLogo(byte[] Bytes, string Type);

/// <summary>
/// Apps' logos, fetched by the server and kept for a while, so that no browser on a page of ours asks anybody else for
/// anything: not even the app is told that somebody is about to log in.
/// </summary>
internal sealed partial class AppLogos(
    ClientDirectory clients,
    IHttpClientFactory http,
    TimeProvider clock,
    ILogger<AppLogos> logger
)
{
    /// <summary>Bytes; far more than a picture 64 pixels high needs.</summary>
    public const int Largest = 256 * 1024;

    /// <summary>How long a logo is kept, here and in browsers.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    private static readonly TimeSpan KeptWhenMissing = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly string[] Types = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml"];

    private readonly ConcurrentDictionary<string, Fetched> _fetched = new(StringComparer.Ordinal);

    /// <returns>Null when no such app is registered, it has no logo, or the logo cannot be had.</returns>
    public async Task<AppLogo?> FindAsync(string clientId, CancellationToken cancellationToken)
    {
        if (
            await clients.FindAsync(clientId, cancellationToken) is not { } client
            || AppViews.Web(client.Metadata.LogoUri) is not { } address
        )
        {
            return null;
        }

        var now = clock.GetUtcNow();
        var fetched = _fetched.AddOrUpdate(
            client.ClientId,
            id => new Fetched(address, now, new Lazy<Task<AppLogo?>>(() => FetchAsync(id, address))),
            (id, old) =>
                old.Address == address && now < old.Until
                    ? old
                    : new Fetched(address, now, new Lazy<Task<AppLogo?>>(() => FetchAsync(id, address)))
        );
        // Whoever asked first may be gone; the others still get it.
        return await fetched.Logo.Value.WaitAsync(cancellationToken);
    }

    private async Task<AppLogo?> FetchAsync(string clientId, Uri address)
    {
        try
        {
            using var within = new CancellationTokenSource(Patience);
            using var caller = http.CreateClient(AppCalls.Name);
            using var answer = await caller.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, within.Token);
            if (
                answer.StatusCode == HttpStatusCode.OK
                && Types.SingleOrDefault(type => type == answer.Content.Headers.ContentType?.MediaType) is { } type
            )
            {
                var bytes = new byte[Largest + 1];
                await using var body = await answer.Content.ReadAsStreamAsync(within.Token);
                var length = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, within.Token);
                if (length is > 0 and <= Largest)
                {
                    return new AppLogo(bytes[..length], type);
                }
            }

            Missing(
                clientId,
                $"{(int)answer.StatusCode}, {answer.Content.Headers.ContentType?.MediaType ?? "no type"}"
            );
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or OperationCanceledException)
        {
            Missing(
                clientId,
                failure is HttpRequestException { HttpRequestError: var error } ? error.ToString() : "no answer in time"
            );
        }

        return null;
    }

    [LoggerMessage(
        6301,
        LogLevel.Information,
        "The logo of client {ClientId} cannot be shown: {Answer}. It must be a PNG, JPEG, GIF, WebP or SVG of 256 KB or less."
    )]
    private partial void Missing(string clientId, string answer);

    /// <summary>A logo that was asked for, there or not.</summary>
    private sealed record Fetched(Uri Address, DateTimeOffset At, Lazy<Task<AppLogo?>> Logo)
    {
        // One that could not be had is soon asked for again; one that is still being asked for is not asked for twice.
        public DateTimeOffset Until =>
            At
            + (
                Logo.IsValueCreated && Logo.Value is { IsCompletedSuccessfully: true, Result: null }
                    ? KeptWhenMissing
                    : Kept
            );
    }
}

/// <summary>Where pages find an app's logo.</summary>
internal static class AppLogoEndpoint
{
    public static void MapAppLogos(this IEndpointRouteBuilder routes) =>
        routes.MapGet(
            Links.AppLogo + "/{clientId}",
            async (string clientId, AppLogos logos, HttpResponse response, CancellationToken cancellationToken) =>
            {
                if (await logos.FindAsync(clientId, cancellationToken) is not { } logo)
                {
                    return HttpResults.NotFound();
                }

                response.Headers.CacheControl = $"public, max-age={(int)AppLogos.Kept.TotalSeconds}";

                // An SVG that is opened by itself is a document of ours: it runs nothing.
                response.Headers.ContentSecurityPolicy =
                    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox";
                return HttpResults.Bytes(logo.Bytes, logo.Type);
            }
        );
}
