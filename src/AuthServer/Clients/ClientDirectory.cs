using System.Collections.Concurrent;
using System.Text.Json;
using AuthServer.Data;
using AuthServer.Protocol.Storage;
using Microsoft.EntityFrameworkCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Clients;

/// <summary>
/// Finds clients, from memory when it can. A change made by any process shows here within <see cref="Freshness"/>; one
/// made by this process shows at once.
/// </summary>
internal sealed class ClientDirectory(IServiceScopeFactory scopes, TimeProvider clock)
{
    /// <summary>How old an answer may be.</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<string, KnownClient> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Guid, string> _clientIds = new();
    private volatile KnownOrigins? _origins;
    private volatile AllClients? _all;

    /// <returns>The client, or null when no such client is registered.</returns>
    public ValueTask<RegisteredClient?> FindAsync(string clientId, CancellationToken cancellationToken)
    {
        var finding = FindKnownAsync(clientId, cancellationToken);
        return finding.IsCompletedSuccessfully ? ValueTask.FromResult(finding.Result?.Client) : WaitAsync(finding);

        static async ValueTask<RegisteredClient?> WaitAsync(ValueTask<KnownClient?> finding) => (await finding)?.Client;
    }

    /// <returns>The client whose row has this key, or null.</returns>
    public async ValueTask<RegisteredClient?> FindAsync(Guid applicationId, CancellationToken cancellationToken) =>
        (await FindKnownAsync(applicationId, cancellationToken))?.Client;

    /// <returns>The client and its row, or null when no such client is registered.</returns>
    public ValueTask<KnownClient?> FindKnownAsync(string clientId, CancellationToken cancellationToken) =>
        _known.TryGetValue(clientId, out var known) && clock.GetElapsedTime(known.ReadAt) < Freshness
            ? ValueTask.FromResult<KnownClient?>(known)
        : clientId.Contains('\0', StringComparison.Ordinal) ? default // no id has one, and PostgreSQL cannot even be asked
        : ReadAsync(clientId, cancellationToken);

    /// <returns>The client whose row has this key and the row, or null.</returns>
    public async ValueTask<KnownClient?> FindKnownAsync(Guid applicationId, CancellationToken cancellationToken)
    {
        if (
            _clientIds.TryGetValue(applicationId, out var clientId)
            && await FindKnownAsync(clientId, cancellationToken) is { } known
            && known.Client.ApplicationId == applicationId
        )
        {
            return known;
        }

        await using var scope = scopes.CreateAsyncScope();
        var stored = await scope
            .ServiceProvider.GetRequiredService<AuthDbContext>()
            .Applications.AsNoTracking()
            .Where(a => a.Id == applicationId)
            .Select(a => a.ClientId)
            .SingleOrDefaultAsync(cancellationToken);
        return stored is null ? null : await ReadAsync(stored, cancellationToken);
    }

    /// <summary>
    /// The origins that scripts of public clients run on, taken from their redirect URIs: who may read tokens in a
    /// browser.
    /// </summary>
    public async ValueTask<IReadOnlyCollection<string>> BrowserOriginsAsync(CancellationToken cancellationToken)
    {
        if (_origins is { } known && clock.GetElapsedTime(known.ReadAt) < Freshness)
        {
            return known.Origins;
        }

        var readAt = clock.GetTimestamp();
        await using var scope = scopes.CreateAsyncScope();
        var redirectUris = await scope
            .ServiceProvider.GetRequiredService<AuthDbContext>()
            .Applications.AsNoTracking()
            .Where(a => a.ClientType == ClientTypes.Public && a.RedirectUris != null)
            .Select(a => a.RedirectUris)
            .ToListAsync(cancellationToken);
        HashSet<string> origins =
        [
            .. redirectUris
                .SelectMany(uris => JsonSerializer.Deserialize<string[]>(uris ?? "[]") ?? [])
                .Select(uri => new Uri(uri))
                .Where(uri => uri.Scheme is "https" or "http")
                .Select(uri => uri.GetLeftPart(UriPartial.Authority)),
        ];
        _origins = new KnownOrigins(origins, readAt);
        return origins;
    }

    /// <returns>Every client.</returns>
    public async ValueTask<IReadOnlyList<RegisteredClient>> AllAsync(CancellationToken cancellationToken)
    {
        if (_all is { } known && clock.GetElapsedTime(known.ReadAt) < Freshness)
        {
            return known.Clients;
        }

        var readAt = clock.GetTimestamp();
        await using var scope = scopes.CreateAsyncScope();
        var clients = await scope.ServiceProvider.GetRequiredService<ListClients>().AllAsync(cancellationToken);
        _all = new AllClients(clients, readAt);
        return clients;
    }

    /// <summary>Forgets what is known of a client that has just been changed.</summary>
    public void Forget(string clientId)
    {
        if (_known.TryRemove(clientId, out var known))
        {
            _clientIds.TryRemove(known.Client.ApplicationId, out _);
        }

        (_origins, _all) = (null, null);
    }

    private async ValueTask<KnownClient?> ReadAsync(string clientId, CancellationToken cancellationToken)
    {
        var readAt = clock.GetTimestamp();
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AuthDbContext>();
        var application = await db
            .Applications.AsNoTracking()
            .SingleOrDefaultAsync(a => a.ClientId == clientId, cancellationToken);
        if (application is null)
        {
            // Not remembered: anybody can ask for ids that do not exist, and memory must not grow by that.
            Forget(clientId);
            return null;
        }

        var applications = scope.ServiceProvider.GetRequiredService<ClientApplicationManager>();
        var client = await applications.ReadAsync(application, cancellationToken);
        var known = new KnownClient(client, await applications.ParseAsync(application, cancellationToken), readAt);
        _known[clientId] = known;
        _clientIds[client.ApplicationId] = clientId;
        return known;
    }

    private sealed record AllClients(IReadOnlyList<RegisteredClient> Clients, long ReadAt);

    private sealed record KnownOrigins(IReadOnlyCollection<string> Origins, long ReadAt);
}

/// <summary>A client in memory.</summary>
/// <param name="Client">As the protocol's handlers read it.</param>
/// <param name="Application">As OpenIddict's managers read it. Every request sees this object: hand out copies.</param>
/// <param name="ReadAt">A timestamp of the clock.</param>
internal sealed record KnownClient(RegisteredClient Client, Application Application, long ReadAt);
