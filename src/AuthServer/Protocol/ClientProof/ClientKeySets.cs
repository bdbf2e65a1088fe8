using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;
using AuthServer.Clients;
using AuthServer.Protocol.BackchannelLogout;
using Microsoft.IdentityModel.Tokens;

namespace AuthServer.Protocol.ClientProof;

/// <summary>
/// The public keys of clients: from their registration (<c>jwks</c>), or fetched from their <c>jwks_uri</c> and kept
/// for five minutes (OIDC Registration §2). A fetch takes 5 s and 64 kB at most, and follows no redirect.
/// </summary>
internal sealed partial class ClientKeySets(IHttpClientFactory http, TimeProvider clock, ILogger<ClientKeySets> logger)
{
    private const int MaxBytes = 64 * 1024;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>How long fetched keys are used without asking again.</summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromMinutes(5);

    /// <summary>How long fetched keys are used while the client's site does not answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    /// <summary>The shortest time between two fetches because of an unknown key.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(60);

    /// <summary>The shortest time between a fetch that failed and the next.</summary>
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(10);

    private readonly ConditionalWeakTable<RegisteredClient, IReadOnlyList<JsonWebKey>> _registered = [];
    private readonly ConcurrentDictionary<Guid, Site> _sites = new();

    /// <returns>The keys that the client signs with; none when it has none, or they could not be fetched.</returns>
    public ValueTask<IReadOnlyList<JsonWebKey>> FindAsync(
        RegisteredClient client,
        CancellationToken cancellationToken
    ) =>
        client.Metadata switch
        {
            { Jwks: { } jwks } => ValueTask.FromResult(
                _registered.GetValue(client, _ => Signing(ClientKeys.ReadUsable(jwks)))
            ),
            { JwksUri: { } uri } => FetchedAsync(client, uri, Freshness, cancellationToken),
            _ => ValueTask.FromResult<IReadOnlyList<JsonWebKey>>([]),
        };

    /// <summary>Called when an unknown key was used: fetches the keys again, at most once in 60 s.</summary>
    /// <returns>The keys as they are known now.</returns>
    public ValueTask<IReadOnlyList<JsonWebKey>> RenewAsync(
        RegisteredClient client,
        CancellationToken cancellationToken
    ) =>
        client.Metadata is { Jwks: null, JwksUri: { } uri }
            ? FetchedAsync(client, uri, Pause, cancellationToken)
            : FindAsync(client, cancellationToken);

    private async ValueTask<IReadOnlyList<JsonWebKey>> FetchedAsync(
        RegisteredClient client,
        string uri,
        TimeSpan maxAge,
        CancellationToken cancellationToken
    )
    {
        var site = _sites.AddOrUpdate(
            client.ApplicationId,
            _ => new Site(uri),
            (_, known) => known.Uri == uri ? known : new Site(uri)
        );
        if (site.Known is { } known && clock.GetElapsedTime(known.FetchedAt) < maxAge)
        {
            return known.Keys;
        }

        await site.Gate.WaitAsync(cancellationToken);
        try
        {
            // Another request may have fetched them meanwhile, or failed to.
            if (
                !(site.Known is { } fresh && clock.GetElapsedTime(fresh.FetchedAt) < maxAge)
                && !(site.FailedAt is { } failedAt && clock.GetElapsedTime(failedAt) < PauseAfterFailure)
            )
            {
                // The caller may go; the keys are wanted by the next request too.
                await FetchAsync(client, site);
            }
        }
        finally
        {
            site.Gate.Release();
        }

        return site.Known is { } kept && clock.GetElapsedTime(kept.FetchedAt) < Patience ? kept.Keys : [];
    }

    private async Task FetchAsync(RegisteredClient client, Site site)
    {
        var startedAt = clock.GetTimestamp();
        if (ClientUriRules.WrongAsEndpoint(site.Uri) is not null)
        {
            site.FailedAt = startedAt;
            NotFetched(client.ClientId, "jwks_uri is not an https address");
            return;
        }

        try
        {
            using var within = new CancellationTokenSource(Timeout, clock);
            using var caller = http.CreateClient(AppCalls.Name);
            caller.MaxResponseContentBufferSize = MaxBytes;
            using var response = await caller.GetAsync(site.Uri, within.Token);
            if (!response.IsSuccessStatusCode)
            {
                site.FailedAt = startedAt;
                NotFetched(client.ClientId, $"{(int)response.StatusCode}");
                return;
            }

            using var document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(within.Token));
            (site.Known, site.FailedAt) = (
                new KnownKeys(Signing(ClientKeys.ReadUsable(document.RootElement)), startedAt),
                null
            );
        }
        catch (Exception failure)
            when (failure
                    is HttpRequestException
                        or OperationCanceledException
                        or JsonException
                        or InvalidOperationException
            )
        {
            site.FailedAt = startedAt;
            NotFetched(
                client.ClientId,
                failure switch
                {
                    HttpRequestException { HttpRequestError: var error } => error.ToString(),
                    JsonException or InvalidOperationException => "not JSON",
                    _ => "no response in time",
                }
            );
        }
    }

    private static IReadOnlyList<JsonWebKey> Signing(JsonWebKeySet set) =>
        [.. set.Keys.Where(key => key.Use is null or "sig")];

    [LoggerMessage(2701, LogLevel.Warning, "Could not fetch the keys of {ClientId}: {Reason}.")]
    private partial void NotFetched(string clientId, string reason);

    private sealed class Site(string uri)
    {
        public string Uri => uri;

        public SemaphoreSlim Gate { get; } = new(1);

        public volatile KnownKeys? Known;

        public long? FailedAt;
    }

    private sealed record KnownKeys(IReadOnlyList<JsonWebKey> Keys, long FetchedAt);
}
