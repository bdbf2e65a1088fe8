using System.Collections.Concurrent;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Clients;

/// <summary>A client as the protocol sees it: never changes once read.</summary>
/// <param name="ClientId">Its id.</param>
/// <param name="Metadata">What is registered about it.</param>
/// <param name="Secrets">Its secrets' hashes, with the instants at which they stop working.</param>
public sealed record RegisteredClient(string ClientId, ClientMetadata Metadata, IReadOnlyList<RegisteredSecret> Secrets)
{
    /// <summary>What people call the app: its name, or its id when none is registered.</summary>
    public string DisplayName => Metadata.ClientName ?? ClientId;

    /// <summary>The key of its row.</summary>
    public Guid ApplicationId { get; } = KeyOf(ClientId);

    internal static Guid KeyOf(string clientId) =>
        new(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(clientId)).AsSpan(0, 16));

    /// <summary>Every scope that it may ask for.</summary>
    public IReadOnlyList<string> Scopes { get; } = ClientScopes.AllowedFor(Metadata);
}

/// <param name="Hash">SHA-256, 32 bytes.</param>
/// <param name="ExpiresAt">Null: never.</param>
public sealed record RegisteredSecret(byte[] Hash, DateTimeOffset? ExpiresAt);

/// <summary>
/// Finds clients, from memory when it can. A change made by any process shows here within <see cref="Freshness"/>; one made
/// by this process shows at once.
/// </summary>
internal sealed class ClientDirectory(IServiceScopeFactory scopes, TimeProvider clock)
{
    /// <summary>How old an answer may be.</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<string, Known> _known = new(StringComparer.Ordinal);
    private volatile KnownOrigins? _origins;

    /// <returns>The client, or null when no such client is registered.</returns>
    public ValueTask<RegisteredClient?> FindAsync(string clientId, CancellationToken cancellationToken) =>
        _known.TryGetValue(clientId, out var known) && clock.GetElapsedTime(known.ReadAt) < Freshness
            ? ValueTask.FromResult<RegisteredClient?>(known.Client)
            : clientId.Contains('\0', StringComparison.Ordinal) ? default // no id has one, and PostgreSQL cannot even be asked
            : ReadAsync(clientId, cancellationToken);

    /// <returns>The client whose row has this key, or null.</returns>
    public async ValueTask<RegisteredClient?> FindAsync(Guid applicationId, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var ids = await scope.ServiceProvider.GetRequiredService<AuthDbContext>().Clients.Select(c => c.ClientId).ToListAsync(cancellationToken);
        return ids.Find(id => RegisteredClient.KeyOf(id) == applicationId) is { } clientId ? await FindAsync(clientId, cancellationToken) : null;
    }

    /// <summary>
    /// The origins that scripts of public clients run on, taken from their redirect URIs: who may read tokens in a browser.
    /// </summary>
    public async ValueTask<IReadOnlyCollection<string>> BrowserOriginsAsync(CancellationToken cancellationToken)
    {
        if (_origins is { } known && clock.GetElapsedTime(known.ReadAt) < Freshness)
        {
            return known.Origins;
        }

        var readAt = clock.GetTimestamp();
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AuthDbContext>();
        var clients = await db.Clients.AsNoTracking().Select(c => c.Metadata).ToListAsync(cancellationToken);
        HashSet<string> origins =
        [
            .. clients.Where(client => client.IsPublic)
                .SelectMany(client => client.RedirectUris)
                .Select(uri => new Uri(uri))
                .Where(uri => uri.Scheme is "https" or "http")
                .Select(uri => uri.GetLeftPart(UriPartial.Authority)),
        ];
        _origins = new KnownOrigins(origins, readAt);
        return origins;
    }

    /// <summary>Forgets what is known of a client that has just been changed.</summary>
    public void Forget(string clientId)
    {
        _known.TryRemove(clientId, out _);
        _origins = null;
    }

    private async ValueTask<RegisteredClient?> ReadAsync(string clientId, CancellationToken cancellationToken)
    {
        var readAt = clock.GetTimestamp();
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AuthDbContext>();
        var metadata = await db.Clients.AsNoTracking()
            .Where(c => c.ClientId == clientId)
            .Select(c => c.Metadata)
            .SingleOrDefaultAsync(cancellationToken);
        if (metadata is null)
        {
            // Not remembered: anybody can ask for ids that do not exist, and memory must not grow by that.
            _known.TryRemove(clientId, out _);
            return null;
        }

        var secrets = await db.ClientSecrets.AsNoTracking()
            .Where(s => s.ClientId == clientId)
            .Select(s => new RegisteredSecret(s.Hash, s.ExpiresAt))
            .ToListAsync(cancellationToken);
        var client = new RegisteredClient(clientId, metadata, secrets);
        _known[clientId] = new Known(client, readAt);
        return client;
    }

    private sealed record KnownOrigins(IReadOnlyCollection<string> Origins, long ReadAt);

    private sealed record Known(RegisteredClient Client, long ReadAt);
}
