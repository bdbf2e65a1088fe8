using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace OpenIddictPeer;

/// <summary>
/// At the first start, makes the tables, the clients of <c>configs/openiddict.json</c> and the driver's people.
/// </summary>
internal sealed class Seed(IServiceProvider services) : IHostedService
{
    public const string ApiScope = "api";
    private const int PeopleCount = 24; // servers.py: PERSONS

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PeerDbContext>();
        await db.Database.EnsureCreatedAsync(cancellationToken);
        if (await db.People.AnyAsync(cancellationToken))
        {
            return;
        }

        var scopes = scope.ServiceProvider.GetRequiredService<IOpenIddictScopeManager>();
        await scopes.CreateAsync(
            new OpenIddictScopeDescriptor { Name = ApiScope, Resources = { "api" } },
            cancellationToken
        );

        var applications = scope.ServiceProvider.GetRequiredService<IOpenIddictApplicationManager>();
        await applications.CreateAsync(
            WebApp("web", "web-secret-0123456789abcdef0123456789abcdef01"),
            cancellationToken
        );
        await applications.CreateAsync(WebApp("spa", secret: null), cancellationToken);
        await applications.CreateAsync(
            Machine("machine", "machine-secret-0123456789abcdef0123456789abcd"),
            cancellationToken
        );

        db.People.AddRange(
            Enumerable
                .Range(0, PeopleCount)
                .Select(n => new Person
                {
                    Id = Guid.NewGuid().ToString(),
                    Username = $"driver{n}",
                    Name = "Dee Driver",
                    Email = $"driver{n}@example.test",
                })
        );
        await db.SaveChangesAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static OpenIddictApplicationDescriptor WebApp(string id, string? secret)
    {
        var app = new OpenIddictApplicationDescriptor
        {
            ClientId = id,
            ClientSecret = secret,
            ClientType = secret is null ? ClientTypes.Public : ClientTypes.Confidential,
            ConsentType = ConsentTypes.Implicit,
            RedirectUris = { new Uri("http://127.0.0.1:9999/cb") },
            Permissions =
            {
                Permissions.Endpoints.Authorization,
                Permissions.Endpoints.Token,
                Permissions.GrantTypes.AuthorizationCode,
                Permissions.GrantTypes.RefreshToken,
                Permissions.ResponseTypes.Code,
                Permissions.Scopes.Email,
                Permissions.Scopes.Profile,
            },
            Requirements = { Requirements.Features.ProofKeyForCodeExchange },
        };
        if (secret is not null)
        {
            app.Permissions.Add(Permissions.Endpoints.Introspection);
        }

        return app;
    }

    private static OpenIddictApplicationDescriptor Machine(string id, string secret) =>
        new()
        {
            ClientId = id,
            ClientSecret = secret,
            Permissions =
            {
                Permissions.Endpoints.Token,
                Permissions.GrantTypes.ClientCredentials,
                Permissions.Prefixes.Scope + ApiScope,
            },
        };
}
