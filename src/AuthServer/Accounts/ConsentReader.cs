using System.Text.Json;
using AuthServer.Clients;
using AuthServer.Data;
using AuthServer.Protocol.Storage;

namespace AuthServer.Accounts;

/// <summary>Reads what a user has agreed that an app may have. <see cref="Consents"/> writes it.</summary>
internal sealed class ConsentReader(HotSql sql)
{
    private const string Find = $"""
        SELECT scopes FROM authorizations
        WHERE account_id = $1 AND application_id = $2 AND type = '{Authorization.Consent}' AND status = 'valid'
        """;

    /// <returns>The scopes; empty when nothing was agreed.</returns>
    public async ValueTask<IReadOnlyCollection<string>> FindAsync(
        Guid accountId,
        RegisteredClient client,
        CancellationToken cancellationToken
    ) =>
        await sql.ReadOneAsync(
            Find,
            row => row.TextOrNull(0) ?? "[]",
            cancellationToken,
            accountId,
            client.ApplicationId
        )
            is { } scopes
            ? JsonSerializer.Deserialize<string[]>(scopes) ?? []
            : [];
}
