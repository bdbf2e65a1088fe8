using AuthServer.Audit;
using AuthServer.Protocol.Resources;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OpenIddict.Abstractions;
using Xunit;

namespace TestSupport.StorageContract;

/// <summary>Scopes of APIs are rows, with the audiences that tokens with them are for.</summary>
public abstract class ScopesContract : StorageContract
{
    [Fact]
    [Trait("spec", "RFC 8707 2")]
    public async Task A_scope_stands_for_its_resources()
    {
        await AddAsync("reports:read", "https://reports.example", "https://archive.example");
        await AddAsync("reports:write", "https://reports.example");

        Assert.Equal(
            ["https://reports.example", "https://archive.example"],
            await ResourcesAsync("openid", "reports:write", "reports:read")
        );
        Assert.Empty(await ResourcesAsync("openid", "unknown"));
        Assert.Equal(
            2,
            await Server.InDatabaseAsync(db =>
                db.AuditEvents.CountAsync(e => e.Kind == AuditKinds.ScopeRegistered && e.Actor == "test")
            )
        );
    }

    [Fact]
    public async Task A_change_by_this_process_shows_at_once_and_by_another_within_five_seconds()
    {
        await using var other = await AuthServerFixture.StartAsync(Server.Clock, Server.Database);
        Assert.Empty(await ResourcesAsync("api"));
        Assert.Empty(await ResourcesAsync(other, "api"));

        await AddAsync("api", "https://api.example");

        Assert.Equal(["https://api.example"], await ResourcesAsync("api"));
        Server.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(["https://api.example"], await ResourcesAsync(other, "api"));
        Assert.True(await WithAsync(scopes => scopes.RemoveAsync("api", "test", CancellationToken.None)));
        Assert.Empty(await ResourcesAsync("api"));
        Assert.False(await WithAsync(scopes => scopes.RemoveAsync("api", "test", CancellationToken.None)));
    }

    [Fact]
    public async Task Of_many_who_register_the_same_scope_at_once_one_does()
    {
        var outcomes = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => Task.Run(() => AddAsync("api", "https://api.example")))
        );

        Assert.Single(outcomes.OfType<ScopeRegistration.Registered>());
        Assert.All(
            outcomes.OfType<ScopeRegistration.Refused>(),
            refused => Assert.Equal(["The scope is already registered."], refused.Mistakes)
        );
        Assert.Equal(
            1,
            await Server.InDatabaseAsync(db => db.AuditEvents.CountAsync(e => e.Kind == AuditKinds.ScopeRegistered))
        );
    }

    [Fact]
    public async Task A_scope_that_OpenIddicts_manager_made_counts_too()
    {
        await Server.InScopeAsync(async services =>
            await services
                .GetRequiredService<IOpenIddictScopeManager>()
                .CreateAsync(new OpenIddictScopeDescriptor { Name = "api", Resources = { "https://api.example" } })
        );

        Assert.Equal(["https://api.example"], await ResourcesAsync("api"));
        Assert.Equal("api", Assert.Single(await WithAsync(scopes => scopes.ListAsync(CancellationToken.None))).Name);
    }

    private Task<ScopeRegistration> AddAsync(string name, params string[] resources) =>
        WithAsync(scopes => scopes.AddAsync(new ApiScope(name, resources, null), "test", CancellationToken.None));

    private Task<IReadOnlyList<string>> ResourcesAsync(params string[] names) => ResourcesAsync(Server, names);

    private static Task<IReadOnlyList<string>> ResourcesAsync(AuthServerFixture server, params string[] names) =>
        server.Services.GetRequiredService<ScopeDirectory>().ResourcesOfAsync(names, CancellationToken.None).AsTask();

    private Task<T> WithAsync<T>(Func<RegisterScope, Task<T>> act) =>
        Server.InScopeAsync(services => act(services.GetRequiredService<RegisterScope>()));
}
