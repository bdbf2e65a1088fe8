using AuthServer.Audit;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Clients;

/// <summary>Clients to be registered together: all of them, or none.</summary>
/// <param name="Clients">With an id and a secret only where they are brought along.</param>
/// <param name="Actor">Who registers them: an account's id, or <c>command-line</c>.</param>
internal sealed record RegisterClientCommand(IReadOnlyList<DescribedClient> Clients, string Actor);

/// <summary>A client that has been written.</summary>
/// <param name="Client">Its row.</param>
/// <param name="Secret">Its secret when it has a new one. This is the only time that anybody sees it.</param>
internal sealed record WrittenClient(Client Client, string? Secret);

/// <summary>What came of a registration.</summary>
internal abstract record ClientRegistration
{
    private ClientRegistration()
    {
    }

    /// <summary>In the order of the command.</summary>
    public sealed record Registered(IReadOnlyList<WrittenClient> Clients) : ClientRegistration;

    /// <summary>Nothing was registered. The mistakes of each client, in the order of the command.</summary>
    public sealed record Refused(IReadOnlyList<IReadOnlyList<MetadataMistake>> Mistakes) : ClientRegistration;
}

/// <summary>Registers clients (RFC 7591 §2, §3.2.1).</summary>
internal sealed class RegisterClient(AuthDbContext db, AuditTrail audit, ClientDirectory directory, TimeProvider clock)
{
    public async Task<ClientRegistration> HandleAsync(RegisterClientCommand command, CancellationToken cancellationToken)
    {
        List<IReadOnlyList<MetadataMistake>> mistakes = [];
        foreach (var client in command.Clients)
        {
            mistakes.Add([
                .. ClientIdentityRules.Check(client),
                .. ClientMetadataRules.Check(client.Metadata),
                .. await IdIsFreeAsync(client, command.Clients, cancellationToken),
            ]);
        }

        if (mistakes.Any(ofOne => ofOne.Count > 0))
        {
            return new ClientRegistration.Refused(mistakes);
        }

        var now = clock.GetUtcNow();
        WrittenClient[] written = [.. command.Clients.Select(client => Write(client, command.Actor, now))];
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException) when (command.Clients.Any(client => client.ClientId is not null))
        {
            // Somebody took an id in this moment: then the same question finds it now, or the failure is another one.
            db.ChangeTracker.Clear();
            if (await TakenAsync(command.Clients, cancellationToken) is { } taken)
            {
                return taken;
            }

            throw;
        }

        foreach (var client in written)
        {
            directory.Forget(client.Client.ClientId);
        }

        return new ClientRegistration.Registered(written);
    }

    private WrittenClient Write(DescribedClient described, string actor, DateTimeOffset now)
    {
        var client = new Client
        {
            ClientId = described.ClientId ?? ClientIdentityRules.DrawId(),
            Metadata = described.Metadata.Normalised(),
            CreatedAt = now,
            UpdatedAt = now,
        };
        db.Clients.Add(client);
        var secret = client.Metadata.IsPublic ? null : described.ClientSecret ?? ClientSecret.Draw();
        if (secret is not null)
        {
            db.ClientSecrets.Add(ClientSecret.Of(client.ClientId, secret, now));
        }

        audit.Record(AuditKinds.ClientRegistered, actor: actor, clientId: client.ClientId);
        return new WrittenClient(client, secret);
    }

    private async Task<IReadOnlyList<MetadataMistake>> IdIsFreeAsync(
        DescribedClient client, IReadOnlyList<DescribedClient> all, CancellationToken cancellationToken)
    {
        if (client.ClientId is not { } id)
        {
            return [];
        }

        if (all.TakeWhile(other => !ReferenceEquals(other, client)).Any(other => other.ClientId == id))
        {
            return [MetadataMistake.InMetadata("client_id must not be the same as that of another client of the list.")];
        }

        return await db.Clients.AnyAsync(c => c.ClientId == id, cancellationToken)
            ? [MetadataMistake.InMetadata("client_id is taken: that client is already registered.")]
            : [];
    }

    private async Task<ClientRegistration?> TakenAsync(IReadOnlyList<DescribedClient> clients, CancellationToken cancellationToken)
    {
        List<IReadOnlyList<MetadataMistake>> mistakes = [];
        foreach (var client in clients)
        {
            mistakes.Add(await IdIsFreeAsync(client, clients, cancellationToken));
        }

        return mistakes.Any(ofOne => ofOne.Count > 0) ? new ClientRegistration.Refused(mistakes) : null;
    }
}
