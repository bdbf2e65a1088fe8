using Microsoft.EntityFrameworkCore;

namespace AuthServer.Clients;

/// <summary>Reads clients from the database, for people who look after them.</summary>
internal sealed class ListClients(ClientApplicationManager applications, TimeProvider clock)
{
    /// <summary>Every client, by id.</summary>
    public async Task<IReadOnlyList<RegisteredClient>> AllAsync(CancellationToken cancellationToken)
    {
        var rows = await applications
            .ListAsync(all => all.OrderBy(application => application.ClientId), cancellationToken)
            .ToListAsync(cancellationToken);
        List<RegisteredClient> clients = [];
        foreach (var row in rows)
        {
            clients.Add(await applications.ReadAsync(row, cancellationToken));
        }

        return clients;
    }

    /// <returns>The client with those of its secrets that still work; null when there is no such client.</returns>
    public async Task<RegisteredClient?> FindAsync(string clientId, CancellationToken cancellationToken)
    {
        if (await applications.FindFreshAsync(clientId, cancellationToken) is not { } row)
        {
            return null;
        }

        var now = clock.GetUtcNow();
        var client = await applications.ReadAsync(row, cancellationToken);
        return client with { Secrets = [.. client.Secrets.Where(secret => secret.WorksAt(now))] };
    }
}
