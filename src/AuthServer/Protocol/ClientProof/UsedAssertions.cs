using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using AuthServer.Clients;
using AuthServer.Data;

namespace AuthServer.Protocol.ClientProof;

/// <summary>
/// Remembers the <c>jti</c> of client assertions until they expire, as OpenIddict tokens (RFC 7523 §3 (7)). Of several
/// requests with the same one, in whichever process, one is first: the unique index on the reference decides.
/// </summary>
internal sealed class UsedAssertions(HotSql sql, TimeProvider clock)
{
    private const string Insert = """
        INSERT INTO tokens (id, application_id, reference_id, creation_date, expiration_date, status, subject, type, concurrency_token)
        SELECT $1, a.id, $3, $4, $5, 'redeemed', $6, 'urn:openiddict:params:oauth:token-type:client_assertion', $3
        FROM applications a WHERE a.id = $2
        ON CONFLICT (reference_id) DO NOTHING
        RETURNING reference_id
        """;

    /// <returns>False when it was used before, or its client has just been removed.</returns>
    public async ValueTask<bool> UseAsync(
        RegisteredClient client,
        ClientAssertion assertion,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetUtcNow();
        var reference = Base64Url.EncodeToString(
            SHA256.HashData(Encoding.UTF8.GetBytes($"jti {client.ClientId} {assertion.TokenId}"))
        );
        return await sql.WriteOneAsync(
            Insert,
            row => row.Text(0),
            cancellationToken,
            Guid.CreateVersion7(now),
            client.ApplicationId,
            reference,
            now,
            assertion.ExpiresAt,
            client.ClientId
        )
            is not null;
    }
}
