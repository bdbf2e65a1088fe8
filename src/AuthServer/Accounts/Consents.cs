using AuthServer.Audit;
using AuthServer.Clients;
using AuthServer.Data;
using AuthServer.Protocol.Storage;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;
using OpenIddict.Core;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Abstractions.OpenIddictExceptions;

namespace AuthServer.Accounts;

/// <summary>
/// Writes what users have agreed that apps may have: one OpenIddict authorization of the type "permanent" per account
/// and app. <see cref="ConsentReader"/> reads it.
/// </summary>
internal sealed class Consents(
    AuthDbContext db,
    OpenIddictAuthorizationManager<Authorization> authorizations,
    AuditTrail audit,
    TimeProvider clock
)
{
    /// <summary>Adds scopes to what was agreed before. Two agreements at once are both kept.</summary>
    public async Task GiveAsync(
        Guid accountId,
        RegisteredClient client,
        IEnumerable<string> scopes,
        CancellationToken cancellationToken
    )
    {
        string[] given = [.. scopes.Distinct(StringComparer.Ordinal)];
        while (true)
        {
            try
            {
                await TryAsync(accountId, client, given, cancellationToken);
                return;
            }
            catch (ConcurrencyException)
            {
                db.ChangeTracker.Clear(); // another agreement was written in this moment: add to it
            }
            catch (DbUpdateException)
            {
                db.ChangeTracker.Clear();
                if (await FindAsync(accountId, client, cancellationToken) is null)
                {
                    throw;
                }
            }
        }
    }

    private async Task TryAsync(
        Guid accountId,
        RegisteredClient client,
        string[] given,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        audit.Record(
            AuditKinds.ConsentGiven,
            accountId,
            clientId: client.ClientId,
            detail: $"scopes={string.Join(' ', given)}"
        );
        if (await FindAsync(accountId, client, cancellationToken) is { } consent)
        {
            var descriptor = new OpenIddictAuthorizationDescriptor();
            await authorizations.PopulateAsync(descriptor, consent, cancellationToken);
            // A revoked one begins anew.
            string[] before = descriptor.Status == Statuses.Valid ? [.. descriptor.Scopes] : [];
            Agree(descriptor, before.Union(given));
            await authorizations.UpdateAsync(consent, descriptor, cancellationToken);
        }
        else
        {
            var descriptor = new OpenIddictAuthorizationDescriptor
            {
                ApplicationId = client.ApplicationId.ToString(),
                CreationDate = clock.GetUtcNow(),
                Subject = Authorization.SubjectOf(accountId),
                Type = Authorization.Consent,
            };
            Agree(descriptor, given);
            await authorizations.CreateAsync(descriptor, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    private static void Agree(OpenIddictAuthorizationDescriptor descriptor, IEnumerable<string> scopes)
    {
        descriptor.Status = Statuses.Valid;
        descriptor.Scopes.Clear();
        descriptor.Scopes.UnionWith(scopes.Order(StringComparer.Ordinal));
    }

    private ValueTask<Authorization?> FindAsync(
        Guid accountId,
        RegisteredClient client,
        CancellationToken cancellationToken
    ) =>
        authorizations.GetAsync(
            all =>
                all.Where(a =>
                    a.AccountId == accountId
                    && a.ApplicationId == client.ApplicationId
                    && a.Type == Authorization.Consent
                ),
            cancellationToken
        );
}
