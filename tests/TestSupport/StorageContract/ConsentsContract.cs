using AuthServer.Accounts;
using AuthServer.Audit;
using AuthServer.Clients;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace TestSupport.StorageContract;

/// <summary>What a person agreed to is remembered by app, and adds up.</summary>
public abstract class ConsentsContract : StorageContract
{
    [Fact]
    public async Task What_is_agreed_later_is_added_to_what_was_agreed_before()
    {
        var account = await Server.Given.AccountAsync();
        await GiveAsync(account.Id, "openid", "profile");
        Server.Clock.Advance(TimeSpan.FromSeconds(1));

        await GiveAsync(account.Id, "openid", "email");

        Assert.Equal(["email", "openid", "profile"], await AgreedAsync(account.Id, "app"));
        Assert.Empty(await AgreedAsync(account.Id, "other-app"));
        var audited = await Server.InDatabaseAsync(db => db.AuditEvents.AsNoTracking()
            .Where(e => e.Kind == AuditKinds.ConsentGiven).OrderBy(e => e.At).Select(e => e.Detail).ToListAsync());
        Assert.Equal(["scopes=openid profile", "scopes=openid email"], audited);
    }

    [Fact]
    public async Task Agreements_at_the_same_time_are_all_kept()
    {
        var account = await Server.Given.AccountAsync();
        string[] scopes = ["address", "email", "openid", "phone", "professional", "profile"];

        await Task.WhenAll(scopes.Select(scope => Task.Run(() => GiveAsync(account.Id, scope))));

        Assert.Equal(scopes, await AgreedAsync(account.Id, "app"));
    }

    private Task<bool> GiveAsync(Guid accountId, params string[] scopes) => Server.InScopeAsync(async services =>
    {
        await services.GetRequiredService<Consents>().GiveAsync(accountId, "app", scopes, CancellationToken.None);
        return true;
    });

    private async Task<IReadOnlyCollection<string>> AgreedAsync(Guid accountId, string clientId) =>
        await Server.Services.GetRequiredService<ConsentReader>().FindAsync(
            accountId, new RegisteredClient(clientId, new ClientMetadata(), []), CancellationToken.None);
}
