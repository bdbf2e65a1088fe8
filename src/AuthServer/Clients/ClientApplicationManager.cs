using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using AuthServer.Data;
using AuthServer.Protocol.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Core;
using OpenIddict.EntityFrameworkCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Clients;

/// <summary>
/// OpenIddict's application manager with clients from memory (<see cref="ClientDirectory"/>) and their secrets in rows
/// of <see cref="ClientSecret"/>: several at once, each with its own end, under one SHA-256 because they are long and
/// random.
/// </summary>
internal sealed class ClientApplicationManager(
    IOpenIddictApplicationCache<Application> cache,
    ILogger<OpenIddictApplicationManager<Application>> logger,
    IOptionsMonitor<OpenIddictCoreOptions> options,
    IOpenIddictApplicationStore<Application> store,
    IOpenIddictEntityFrameworkCoreContext context,
    ClientDirectory directory,
    AfterCommit afterCommit,
    TimeProvider clock
) : OpenIddictApplicationManager<Application>(cache, logger, options, store)
{
    private const string ConfidentialWithoutSecret = "ID2113";
    private const string PublicWithSecret = "ID2114";

    /// <returns>The row as the database has it now, to be changed; null when there is none.</returns>
    public ValueTask<Application?> FindFreshAsync(string clientId, CancellationToken cancellationToken) =>
        Store.GetAsync((all, id) => all.Where(application => application.ClientId == id), clientId, cancellationToken);

    /// <summary>The client that a row and its secrets stand for.</summary>
    public async ValueTask<RegisteredClient> ReadAsync(Application application, CancellationToken cancellationToken)
    {
        var descriptor = new OpenIddictApplicationDescriptor();
        await PopulateAsync(descriptor, application, cancellationToken);
        var db = await context.GetDbContextAsync(cancellationToken);
        var secrets = await db.Set<ClientSecret>()
            .AsNoTracking()
            .Where(secret => secret.ApplicationId == application.Id)
            .OrderBy(secret => secret.CreatedAt)
            .Select(secret => new RegisteredSecret(secret.Hash, secret.CreatedAt, secret.ExpiresAt))
            .ToListAsync(cancellationToken);
        return new RegisteredClient(application.ClientId ?? "", ClientDescriptors.Read(descriptor), secrets)
        {
            ApplicationId = application.Id,
            CreatedAt = application.CreatedAt,
            UpdatedAt = application.UpdatedAt,
        };
    }

    /// <returns>A copy that remembers what its JSON columns say.</returns>
    public async ValueTask<Application> ParseAsync(Application application, CancellationToken cancellationToken)
    {
        var parsed = new ParsedColumns(
            application.Permissions,
            (await Store.GetPermissionsAsync(application, cancellationToken)).ToHashSet(StringComparer.Ordinal),
            application.Requirements,
            (await Store.GetRequirementsAsync(application, cancellationToken)).ToHashSet(StringComparer.Ordinal),
            application.Settings,
            await Store.GetSettingsAsync(application, cancellationToken)
        );
        return application.Copy(parsed);
    }

    public override async ValueTask<Application?> FindByClientIdAsync(
        string identifier,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentException.ThrowIfNullOrEmpty(identifier);
        return (await directory.FindKnownAsync(identifier, cancellationToken))?.Application.Copy();
    }

    public override async ValueTask<Application?> FindByIdAsync(
        string identifier,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentException.ThrowIfNullOrEmpty(identifier);
        return Guid.TryParse(identifier, out var id)
            ? (await directory.FindKnownAsync(id, cancellationToken))?.Application.Copy()
            : null;
    }

    public override ValueTask<bool> HasPermissionAsync(
        Application application,
        string permission,
        CancellationToken cancellationToken = default
    ) =>
        application.Parsed is { } parsed && ReferenceEquals(parsed.PermissionsText, application.Permissions)
            ? ValueTask.FromResult(parsed.Permissions.Contains(permission))
            : base.HasPermissionAsync(application, permission, cancellationToken);

    public override ValueTask<bool> HasRequirementAsync(
        Application application,
        string requirement,
        CancellationToken cancellationToken = default
    ) =>
        application.Parsed is { } parsed && ReferenceEquals(parsed.RequirementsText, application.Requirements)
            ? ValueTask.FromResult(parsed.Requirements.Contains(requirement))
            : base.HasRequirementAsync(application, requirement, cancellationToken);

    public override ValueTask<ImmutableDictionary<string, string>> GetSettingsAsync(
        Application application,
        CancellationToken cancellationToken = default
    ) =>
        application.Parsed is { } parsed && ReferenceEquals(parsed.SettingsText, application.Settings)
            ? ValueTask.FromResult(parsed.Settings)
            : base.GetSettingsAsync(application, cancellationToken);

    // Loopback ports as RFC 8252 §7.3 has them; OpenIddict's rule needs application_type native and lets "localhost"
    // pass (§8.3).
    public override async ValueTask<bool> ValidateRedirectUriAsync(
        Application application,
        string uri,
        CancellationToken cancellationToken = default
    ) => RedirectUriRules.IsAmong(await Store.GetRedirectUrisAsync(application, cancellationToken), uri);

    public override async ValueTask<bool> ValidatePostLogoutRedirectUriAsync(
        Application application,
        string uri,
        CancellationToken cancellationToken = default
    ) => RedirectUriRules.IsAmong(await Store.GetPostLogoutRedirectUrisAsync(application, cancellationToken), uri);

    public override async ValueTask<bool> ValidateClientSecretAsync(
        Application application,
        string secret,
        CancellationToken cancellationToken = default
    ) =>
        await directory.FindAsync(application.Id, cancellationToken) is { Metadata.IsPublic: false } client
        && client.HasSecret(secret, clock.GetUtcNow());

    public override async ValueTask CreateAsync(
        Application application,
        string? secret,
        CancellationToken cancellationToken = default
    )
    {
        var now = clock.GetUtcNow();
        application.Id = application.Id == Guid.Empty ? Guid.CreateVersion7(now) : application.Id;
        (application.CreatedAt, application.UpdatedAt) = (now, now);
        var db = await context.GetDbContextAsync(cancellationToken);
        var kept = Keep(db, application, secret, now);
        ForgetLater(application);
        try
        {
            await base.CreateAsync(application, null, cancellationToken);
        }
        catch when (kept is not null)
        {
            db.Entry(kept).State = EntityState.Detached;
            throw;
        }
    }

    public override async ValueTask UpdateAsync(Application application, CancellationToken cancellationToken = default)
    {
        await OwnAsync(application, cancellationToken);
        application.UpdatedAt = clock.GetUtcNow();
        ForgetLater(application);
        await base.UpdateAsync(application, cancellationToken);
    }

    /// <summary>Replaces every secret by this one, or by none.</summary>
    public override async ValueTask UpdateAsync(
        Application application,
        string? secret,
        CancellationToken cancellationToken = default
    )
    {
        application.ClientSecret = null;
        var db = await context.GetDbContextAsync(cancellationToken);
        db.RemoveRange(
            await db.Set<ClientSecret>()
                .Where(kept => kept.ApplicationId == application.Id)
                .ToListAsync(cancellationToken)
        );
        Keep(db, application, secret, clock.GetUtcNow());
        await UpdateAsync(application, cancellationToken);
    }

    /// <summary>Removes the client with its secrets, and with every authorization and token of it.</summary>
    public override async ValueTask DeleteAsync(Application application, CancellationToken cancellationToken = default)
    {
        await OwnAsync(application, cancellationToken);
        ForgetLater(application);
        await base.DeleteAsync(application, cancellationToken);
    }

    // A confidential client may have its secrets in rows, its keys at an address, or a certificate: the column proves
    // nothing.
    public override async IAsyncEnumerable<ValidationResult> ValidateAsync(
        Application application,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        var excused = OpenIddictResources.GetResourceString(ConfidentialWithoutSecret);
        await foreach (var result in base.ValidateAsync(application, cancellationToken))
        {
            if (result.ErrorMessage != excused)
            {
                yield return result;
            }
        }
    }

    protected override ValueTask<string> ObfuscateClientSecretAsync(
        string secret,
        CancellationToken cancellationToken = default
    )
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        ClientSecret.HashOf(secret, hash);
        return ValueTask.FromResult(Convert.ToBase64String(hash));
    }

    protected override ValueTask<bool> ValidateClientSecretAsync(
        string secret,
        string comparand,
        CancellationToken cancellationToken = default
    )
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> kept = stackalloc byte[SHA256.HashSizeInBytes];
        ClientSecret.HashOf(secret, hash);
        return ValueTask.FromResult(
            Convert.TryFromBase64String(comparand, kept, out var length)
                && CryptographicOperations.FixedTimeEquals(hash, kept[..length])
        );
    }

    private static ClientSecret? Keep(DbContext db, Application application, string? secret, DateTimeOffset now)
    {
        if (string.IsNullOrEmpty(secret))
        {
            return null;
        }

        application.ClientType ??= ClientTypes.Confidential;
        if (string.Equals(application.ClientType, ClientTypes.Public, StringComparison.OrdinalIgnoreCase))
        {
            var result = new ValidationResult(OpenIddictResources.GetResourceString(PublicWithSecret));
            throw new OpenIddictExceptions.ValidationException(result.ErrorMessage, [result]);
        }

        return db.Add(ClientSecret.Of(application.Id, secret, now)).Entity;
    }

    // What memory hands out is a copy that no context knows; the context of this scope may hold the same row as another
    // object.
    private async ValueTask OwnAsync(Application application, CancellationToken cancellationToken)
    {
        var db = await context.GetDbContextAsync(cancellationToken);
        foreach (var other in db.ChangeTracker.Entries<Application>().ToList())
        {
            if (other.Entity.Id == application.Id && !ReferenceEquals(other.Entity, application))
            {
                other.State = EntityState.Detached;
            }
        }

        db.Attach(application);
    }

    private void ForgetLater(Application application)
    {
        if (application.ClientId is { } clientId)
        {
            afterCommit.Do(() => directory.Forget(clientId));
        }
    }
}
