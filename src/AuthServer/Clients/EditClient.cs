using System.Security.Cryptography;
using AuthServer.Audit;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Clients;

/// <summary>New metadata for a client. It replaces all there was: what is left out gets its default (RFC 7592 §2.2).</summary>
/// <param name="ClientId">Which client.</param>
/// <param name="Client">An id or a secret in it must be the client's own.</param>
/// <param name="Actor">Who edits it: an account's id, or <c>command-line</c>.</param>
internal sealed record EditClientCommand(string ClientId, DescribedClient Client, string Actor);

/// <summary>What came of an edit.</summary>
internal abstract record ClientEdit
{
    private ClientEdit()
    {
    }

    /// <summary>Done. A client that had no secret and needs one now has a new one.</summary>
    public sealed record Done(WrittenClient Client) : ClientEdit;

    public sealed record Refused(IReadOnlyList<MetadataMistake> Mistakes) : ClientEdit;

    public sealed record NotFound : ClientEdit;
}

/// <summary>Changes what is registered about a client. Its secrets stay as they are, unless its new method needs none or its first.</summary>
internal sealed class EditClient(AuthDbContext db, AuditTrail audit, ClientDirectory directory, TimeProvider clock)
{
    public async Task<ClientEdit> HandleAsync(EditClientCommand command, CancellationToken cancellationToken)
    {
        if (await db.Clients.SingleOrDefaultAsync(c => c.ClientId == command.ClientId, cancellationToken) is not { } client)
        {
            return new ClientEdit.NotFound();
        }

        var secrets = await db.ClientSecrets.Where(s => s.ClientId == command.ClientId).ToListAsync(cancellationToken);
        var now = clock.GetUtcNow();
        MetadataMistake[] mistakes =
            [.. IdentityIsTheSame(command, secrets, now), .. ClientMetadataRules.Check(command.Client.Metadata)];
        if (mistakes.Length > 0)
        {
            return new ClientEdit.Refused(mistakes);
        }

        client.Metadata = command.Client.Metadata.Normalised();
        client.UpdatedAt = now;
        var secret = AdaptSecrets(client, secrets, now);
        audit.Record(AuditKinds.ClientUpdated, actor: command.Actor, clientId: client.ClientId);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            return new ClientEdit.NotFound(); // removed in this moment
        }

        directory.Forget(client.ClientId);
        return new ClientEdit.Done(new WrittenClient(client, secret));
    }

    private static IEnumerable<MetadataMistake> IdentityIsTheSame(
        EditClientCommand command, List<ClientSecret> secrets, DateTimeOffset now)
    {
        if (command.Client.ClientId is { } id && id != command.ClientId)
        {
            yield return MetadataMistake.InMetadata("client_id must be that of the client, or left out: it cannot be changed.");
        }

        if (command.Client.ClientSecret is { } secret && !secrets.Any(kept => IsKept(secret, kept, now)))
        {
            yield return MetadataMistake.InMetadata("client_secret must be that of the client, or left out: rotate it to get another.");
        }
    }

    private static bool IsKept(string secret, ClientSecret kept, DateTimeOffset now)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        ClientSecret.HashOf(secret, hash);
        return (kept.ExpiresAt is not { } end || now < end) && CryptographicOperations.FixedTimeEquals(hash, kept.Hash);
    }

    /// <returns>A new secret, when the client had none and needs one.</returns>
    private string? AdaptSecrets(Client client, List<ClientSecret> secrets, DateTimeOffset now)
    {
        if (client.Metadata.IsPublic)
        {
            db.ClientSecrets.RemoveRange(secrets);
            return null;
        }

        if (secrets.Any(kept => kept.ExpiresAt is not { } end || now < end))
        {
            return null;
        }

        var secret = ClientSecret.Draw();
        db.ClientSecrets.Add(ClientSecret.Of(client.ClientId, secret, now));
        return secret;
    }
}
