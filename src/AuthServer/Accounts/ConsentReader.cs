using AuthServer.Clients;
using AuthServer.Data;

namespace AuthServer.Accounts;

/// <summary>Reads what a person has agreed that an app may have. <c>Consents</c> writes it.</summary>
internal sealed class ConsentReader(HotSql sql)
{
    private const string Find = "SELECT scopes FROM consents WHERE account_id = $1 AND client_id = $2";

    /// <returns>The scopes; empty when nothing was agreed.</returns>
    public async ValueTask<IReadOnlyCollection<string>> FindAsync(
        Guid accountId, RegisteredClient client, CancellationToken cancellationToken) =>
        await sql.ReadOneAsync(Find, row => row.Text(0), cancellationToken, accountId, client.ClientId) is { } scopes
            ? scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            : [];
}
