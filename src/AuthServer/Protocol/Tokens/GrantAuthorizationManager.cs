using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;
using AuthServer.Protocol.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Core;
using OpenIddict.EntityFrameworkCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Protocol.Tokens;

/// <summary>
/// OpenIddict's authorization manager for a table that holds sign-ins beside consents. Without it a sign-in has a type
/// that OpenIddict refuses to update, so that <c>TryRevokeAsync</c> would do nothing.
/// </summary>
internal sealed class GrantAuthorizationManager(
    IOpenIddictAuthorizationCache<Authorization> cache,
    ILogger<OpenIddictAuthorizationManager<Authorization>> logger,
    IOptionsMonitor<OpenIddictCoreOptions> options,
    IOpenIddictAuthorizationStore<Authorization> store,
    IOpenIddictEntityFrameworkCoreContext context,
    Grants grants
) : OpenIddictAuthorizationManager<Authorization>(cache, logger, options, store)
{
    private const string TypeIsUnknown = "ID2117";

    // By account, which has an index; a subject of another kind is looked for as OpenIddict does.
    public override IAsyncEnumerable<Authorization> FindBySubjectAsync(
        string subject,
        CancellationToken cancellationToken = default
    ) =>
        Authorization.AccountOf(subject) is { } account
            ? Store.ListAsync(
                (all, id) => all.Include(a => a.Application).Where(a => a.AccountId == id),
                account,
                cancellationToken
            )
            : base.FindBySubjectAsync(subject, cancellationToken);

    /// <summary>Ends a sign-in by one statement, so that a refresh at the same time cannot make it fail.</summary>
    public override async ValueTask<bool> TryRevokeAsync(
        Authorization authorization,
        CancellationToken cancellationToken = default
    )
    {
        if (authorization.Type != Authorization.SignIn)
        {
            return await base.TryRevokeAsync(authorization, cancellationToken);
        }

        var db = await context.GetDbContextAsync(cancellationToken);
        await grants.RevokeAllAsync(db.Set<Authorization>().Where(a => a.Id == authorization.Id), cancellationToken);
        await Cache.RemoveAsync(authorization, cancellationToken);
        if (db.Entry(authorization) is { State: not EntityState.Detached } entry)
        {
            await entry.ReloadAsync(cancellationToken);
        }
        else
        {
            authorization.Status = Statuses.Revoked;
        }

        return true;
    }

    public override async IAsyncEnumerable<ValidationResult> ValidateAsync(
        Authorization authorization,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        var excused =
            authorization.Type == Authorization.SignIn ? OpenIddictResources.GetResourceString(TypeIsUnknown) : null;
        await foreach (var result in base.ValidateAsync(authorization, cancellationToken))
        {
            if (excused is null || result.ErrorMessage != excused)
            {
                yield return result;
            }
        }
    }
}
