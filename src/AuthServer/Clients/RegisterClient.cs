using AuthServer.Audit;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictExceptions;

namespace AuthServer.Clients;

/// <summary>Clients to be registered together: all of them, or none.</summary>
/// <param name="Clients">With an id and a secret only where they are brought along.</param>
/// <param name="Actor">Who registers them: an account's id, or <c>command-line</c>.</param>
internal sealed record RegisterClientCommand(IReadOnlyList<DescribedClient> Clients, string Actor);

/// <summary>A client that has been written.</summary>
/// <param name="Client">As it is registered now.</param>
/// <param name="Secret">Its secret when it has a new one, which is shown this once.</param>
internal sealed record WrittenClient(RegisteredClient Client, string? Secret);

/// <summary>What came of a registration.</summary>
internal abstract record ClientRegistration
{
    private ClientRegistration() { }

    /// <summary>In the order of the command.</summary>
    public sealed record Registered(IReadOnlyList<WrittenClient> Clients) : ClientRegistration;

    /// <summary>Nothing was registered. The mistakes of each client, in the order of the command.</summary>
    public sealed record Refused(IReadOnlyList<IReadOnlyList<MetadataMistake>> Mistakes) : ClientRegistration;
}

/// <summary>Registers clients (RFC 7591 §2, §3.2.1).</summary>
internal sealed class RegisterClient(AuthDbContext db, ClientApplicationManager applications, AuditTrail audit)
{
    public async Task<ClientRegistration> HandleAsync(
        RegisterClientCommand command,
        CancellationToken cancellationToken
    )
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

        try
        {
            return new ClientRegistration.Registered(await WriteAsync(command, cancellationToken));
        }
        catch (Exception e)
            when (e is DbUpdateException or ValidationException
                && command.Clients.Any(client => client.ClientId is not null)
            )
        {
            // Another process took an id in this moment: then the same question finds it now, or the failure is another
            // one.
            db.ChangeTracker.Clear();
            if (await TakenAsync(command.Clients, cancellationToken) is { } taken)
            {
                return taken;
            }

            throw;
        }
    }

    private async Task<IReadOnlyList<WrittenClient>> WriteAsync(
        RegisterClientCommand command,
        CancellationToken cancellationToken
    )
    {
        List<WrittenClient> written = [];
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        foreach (var described in command.Clients)
        {
            var metadata = described.Metadata.Normalised();
            var descriptor = new OpenIddictApplicationDescriptor
            {
                ClientId = described.ClientId ?? ClientIdentityRules.DrawId(),
                ClientSecret = metadata.UsesSecret ? described.ClientSecret ?? ClientSecret.Draw() : null,
            };
            ClientDescriptors.Write(metadata, descriptor);
            audit.Record(AuditKinds.ClientRegistered, actor: command.Actor, clientId: descriptor.ClientId);
            var application = await applications.CreateAsync(descriptor, cancellationToken);
            written.Add(
                new WrittenClient(await applications.ReadAsync(application, cancellationToken), descriptor.ClientSecret)
            );
        }

        await transaction.CommitAsync(cancellationToken);
        return written;
    }

    private async Task<IReadOnlyList<MetadataMistake>> IdIsFreeAsync(
        DescribedClient client,
        IReadOnlyList<DescribedClient> all,
        CancellationToken cancellationToken
    )
    {
        if (client.ClientId is not { } id)
        {
            return [];
        }

        if (all.TakeWhile(other => !ReferenceEquals(other, client)).Any(other => other.ClientId == id))
        {
            return
            [
                MetadataMistake.InMetadata("client_id must not be the same as that of another client of the list."),
            ];
        }

        return await applications.FindFreshAsync(id, cancellationToken) is not null
            ? [MetadataMistake.InMetadata("client_id is taken: that client is already registered.")]
            : [];
    }

    private async Task<ClientRegistration?> TakenAsync(
        IReadOnlyList<DescribedClient> clients,
        CancellationToken cancellationToken
    )
    {
        List<IReadOnlyList<MetadataMistake>> mistakes = [];
        foreach (var client in clients)
        {
            mistakes.Add(await IdIsFreeAsync(client, clients, cancellationToken));
        }

        return mistakes.Any(ofOne => ofOne.Count > 0) ? new ClientRegistration.Refused(mistakes) : null;
    }
}
