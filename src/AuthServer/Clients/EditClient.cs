using AuthServer.Audit;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictExceptions;

namespace AuthServer.Clients;

/// <summary>
/// New metadata for a client. It replaces all there was: what is left out gets its default (RFC 7592 §2.2).
/// </summary>
/// <param name="ClientId">Which client.</param>
/// <param name="Client">An id or a secret in it must be the client's own.</param>
/// <param name="Actor">Who edits it: an account's id, or <c>command-line</c>.</param>
internal sealed record EditClientCommand(string ClientId, DescribedClient Client, string Actor);

/// <summary>What came of an edit.</summary>
internal abstract record ClientEdit
{
    private ClientEdit() { }

    /// <summary>Done. A client that had no secret and needs one now has a new one.</summary>
    public sealed record Done(WrittenClient Client) : ClientEdit;

    public sealed record Refused(IReadOnlyList<MetadataMistake> Mistakes) : ClientEdit;

    public sealed record NotFound : ClientEdit;
}

/// <summary>
/// Changes what is registered about a client. Its secrets stay as they are, unless its new method needs none or its
/// first.
/// </summary>
internal sealed class EditClient(
    AuthDbContext db,
    ClientApplicationManager applications,
    AuditTrail audit,
    TimeProvider clock
)
{
    public async Task<ClientEdit> HandleAsync(EditClientCommand command, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await TryAsync(command, cancellationToken);
            }
            catch (Exception e) when (e is ConcurrencyException or DbUpdateConcurrencyException)
            {
                db.ChangeTracker.Clear(); // changed or removed in this moment: read it again
            }
            catch (DbUpdateException)
            {
                // Removed in this moment, so that the row of a new secret has no client; or the failure is another one.
                db.ChangeTracker.Clear();
                if (await applications.FindFreshAsync(command.ClientId, cancellationToken) is not null)
                {
                    throw;
                }

                return new ClientEdit.NotFound();
            }
        }
    }

    private async Task<ClientEdit> TryAsync(EditClientCommand command, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await applications.FindFreshAsync(command.ClientId, cancellationToken) is not { } application)
        {
            return new ClientEdit.NotFound();
        }

        var before = await applications.ReadAsync(application, cancellationToken);
        MetadataMistake[] mistakes =
        [
            .. IdentityIsTheSame(command, before, clock.GetUtcNow()),
            .. ClientMetadataRules.Check(command.Client.Metadata),
        ];
        if (mistakes.Length > 0)
        {
            return new ClientEdit.Refused(mistakes);
        }

        var descriptor = new OpenIddictApplicationDescriptor();
        await applications.PopulateAsync(descriptor, application, cancellationToken);
        var metadata = command.Client.Metadata.Normalised();
        ClientDescriptors.Write(metadata, descriptor);
        var secret = await AdaptSecretsAsync(metadata, before, cancellationToken);
        audit.Record(AuditKinds.ClientUpdated, actor: command.Actor, clientId: command.ClientId);
        await applications.UpdateAsync(application, descriptor, cancellationToken);
        var after = await applications.ReadAsync(application, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new ClientEdit.Done(new WrittenClient(after, secret));
    }

    private static IEnumerable<MetadataMistake> IdentityIsTheSame(
        EditClientCommand command,
        RegisteredClient client,
        DateTimeOffset now
    )
    {
        if (command.Client.ClientId is { } id && id != command.ClientId)
        {
            yield return MetadataMistake.InMetadata(
                "client_id must be that of the client, or left out: it cannot be changed."
            );
        }

        if (command.Client.ClientSecret is { } secret && !client.HasSecret(secret, now))
        {
            yield return MetadataMistake.InMetadata(
                "client_secret must be that of the client, or left out: rotate it to get another."
            );
        }
    }

    /// <returns>A new secret, when the client has none that works and needs one.</returns>
    private async Task<string?> AdaptSecretsAsync(
        ClientMetadata metadata,
        RegisteredClient client,
        CancellationToken cancellationToken
    )
    {
        if (!metadata.UsesSecret)
        {
            await db
                .ClientSecrets.Where(s => s.ApplicationId == client.ApplicationId)
                .ExecuteDeleteAsync(cancellationToken);
            return null;
        }

        var now = clock.GetUtcNow();
        if (client.Secrets.Any(kept => kept.WorksAt(now)))
        {
            return null;
        }

        var secret = ClientSecret.Draw();
        db.ClientSecrets.Add(ClientSecret.Of(client.ApplicationId, secret, now));
        return secret;
    }
}
