using AuthServer.Audit;
using AuthServer.Clients;
using AuthServer.Data;
using AuthServer.Protocol.Claims;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictExceptions;

namespace AuthServer.Protocol.Resources;

/// <summary>A scope of an API.</summary>
/// <param name="Name">As it stands in a <c>scope</c> parameter.</param>
/// <param name="Resources">The API's identifiers: who tokens with this scope are for (RFC 8707 §2).</param>
/// <param name="Description">For administrators; null: none.</param>
internal sealed record ApiScope(string Name, IReadOnlyList<string> Resources, string? Description);

/// <summary>What came of a registration.</summary>
internal abstract record ScopeRegistration
{
    private ScopeRegistration() { }

    public sealed record Registered : ScopeRegistration;

    /// <param name="Mistakes">A sentence each.</param>
    public sealed record Refused(IReadOnlyList<string> Mistakes) : ScopeRegistration;
}

/// <summary>Registers scopes of APIs, lists and removes them, through OpenIddict's scope manager.</summary>
internal sealed class RegisterScope(
    AuthDbContext db,
    IOpenIddictScopeManager scopes,
    AuditTrail audit,
    ScopeDirectory directory
)
{
    private const int LongestName = 200;
    private const int LongestDescription = 200;
    private const string Taken = "The scope is already registered.";

    /// <param name="scope">The scope.</param>
    /// <param name="actor">Who registers it: an account's id, or <c>command-line</c>.</param>
    /// <param name="cancellationToken">Ends the wait for the database.</param>
    public async Task<ScopeRegistration> AddAsync(ApiScope scope, string actor, CancellationToken cancellationToken)
    {
        string[] mistakes = [.. Mistakes(scope)];
        if (mistakes.Length > 0)
        {
            return new ScopeRegistration.Refused(mistakes);
        }

        if (await scopes.FindByNameAsync(scope.Name, cancellationToken) is not null)
        {
            return new ScopeRegistration.Refused([Taken]);
        }

        var descriptor = new OpenIddictScopeDescriptor { Name = scope.Name, Description = scope.Description };
        descriptor.Resources.UnionWith(scope.Resources);
        try
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            audit.Record(AuditKinds.ScopeRegistered, actor: actor, detail: $"scope={scope.Name}");
            await scopes.CreateAsync(descriptor, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        catch (Exception e) when (e is DbUpdateException or ValidationException)
        {
            // Another process registered it in this moment: then it is there now, or the failure is another one.
            db.ChangeTracker.Clear();
            if (await db.Scopes.AsNoTracking().AnyAsync(s => s.Name == scope.Name, cancellationToken))
            {
                return new ScopeRegistration.Refused([Taken]);
            }

            throw;
        }

        directory.Forget();
        return new ScopeRegistration.Registered();
    }

    /// <summary>
    /// Every registered scope, by name. Those about a person are not among them: they are part of the program.
    /// </summary>
    public async Task<IReadOnlyList<ApiScope>> ListAsync(CancellationToken cancellationToken)
    {
        List<ApiScope> all = [];
        await foreach (var row in scopes.ListAsync(cancellationToken: cancellationToken))
        {
            var descriptor = new OpenIddictScopeDescriptor();
            await scopes.PopulateAsync(descriptor, row, cancellationToken);
            all.Add(new ApiScope(descriptor.Name ?? "", [.. descriptor.Resources], descriptor.Description));
        }

        return [.. all.OrderBy(scope => scope.Name, StringComparer.Ordinal)];
    }

    /// <returns>False when no such scope is registered.</returns>
    public async Task<bool> RemoveAsync(string name, string actor, CancellationToken cancellationToken)
    {
        if (name.Length == 0 || await scopes.FindByNameAsync(name, cancellationToken) is not { } scope)
        {
            return false;
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        audit.Record(AuditKinds.ScopeRemoved, actor: actor, detail: $"scope={name}");
        try
        {
            await scopes.DeleteAsync(scope, cancellationToken);
        }
        catch (ConcurrencyException)
        {
            return false; // removed in this moment
        }

        await transaction.CommitAsync(cancellationToken);
        directory.Forget();
        return true;
    }

    private static IEnumerable<string> Mistakes(ApiScope scope)
    {
        if (scope.Name.Length > LongestName || !ClientScopes.IsLegal(scope.Name))
        {
            // RFC 6749 §3.3
            yield return $"The name must be 1 to {LongestName} printable ASCII characters without spaces, double quotes and backslashes.";
        }
        else if (Scopes.Supported.Contains(scope.Name))
        {
            yield return $"{scope.Name} is a scope about people, which this server has of itself: an API needs a scope of its own.";
        }

        for (var i = 0; i < scope.Resources.Count; i++)
        {
            if (WrongResource(scope.Resources[i]) is { } wrong)
            {
                yield return $"Resource {i + 1} {wrong}";
            }
        }

        if (
            scope.Description is { } text
            && (text.Trim().Length is 0 or > LongestDescription || text.Any(char.IsControl))
        )
        {
            yield return $"The description must be 1 to {LongestDescription} characters long, without control characters.";
        }
    }

    // RFC 8707 §2: an absolute URI, which must not have a fragment.
    private static string? WrongResource(string resource) =>
        resource.Length > 2000
        || !resource.All(c => c is > ' ' and < '\x7f')
        || !Uri.IsWellFormedUriString(resource, UriKind.Absolute)
            ? "must be an absolute address of at most 2000 ASCII characters, such as https://api.example.nhs.uk."
        : resource.Contains('#', StringComparison.Ordinal) ? "must not have a fragment."
        : null;
}
