using AuthServer.Accounts;
using AuthServer.Audit;
using AuthServer.Clients;
using AuthServer.Protocol.Claims;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OpenIddict.Abstractions;
using Xunit;

namespace TestSupport.StorageContract;

/// <summary>What a person agreed to is remembered by app, and adds up.</summary>
public abstract class ConsentsContract : StorageContract
{
    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await Server.Given.ClientAsync(clientId: "app");
        await Server.Given.ClientAsync(clientId: "other-app");
    }

    [Fact]
    public async Task What_is_agreed_later_is_added_to_what_was_agreed_before()
    {
        var account = await Server.Given.AccountAsync();
        await GiveAsync(account.Id, "openid", "profile");
        Server.Clock.Advance(TimeSpan.FromSeconds(1));

        await GiveAsync(account.Id, "openid", "email");

        Assert.Equal(["email", "openid", "profile"], await AgreedAsync(account.Id, "app"));
        Assert.Empty(await AgreedAsync(account.Id, "other-app"));
        var audited = await Server.InDatabaseAsync(db =>
            db.AuditEvents.AsNoTracking()
                .Where(e => e.Kind == AuditKinds.ConsentGiven)
                .OrderBy(e => e.At)
                .Select(e => e.Detail)
                .ToListAsync()
        );
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

    [Fact]
    public async Task A_consent_that_was_revoked_begins_anew()
    {
        var account = await Server.Given.AccountAsync();
        await GiveAsync(account.Id, "openid", "profile");

        await Server.InScopeAsync(async services =>
        {
            var authorizations = services.GetRequiredService<IOpenIddictAuthorizationManager>();
            var consent = await authorizations.FindBySubjectAsync(Subject.Of(account.Id)).SingleAsync();
            return await authorizations.TryRevokeAsync(consent);
        });
        Assert.Empty(await AgreedAsync(account.Id, "app"));
        await GiveAsync(account.Id, "openid", "email");

        Assert.Equal(["email", "openid"], await AgreedAsync(account.Id, "app"));
    }

    private Task<bool> GiveAsync(Guid accountId, params string[] scopes) =>
        Server.InScopeAsync(async services =>
        {
            await services
                .GetRequiredService<Consents>()
                .GiveAsync(accountId, await AppAsync("app"), scopes, CancellationToken.None);
            return true;
        });

    private async Task<IReadOnlyCollection<string>> AgreedAsync(Guid accountId, string clientId) =>
        await Server
            .Services.GetRequiredService<ConsentReader>()
            .FindAsync(accountId, await AppAsync(clientId), CancellationToken.None);

    private async Task<RegisteredClient> AppAsync(string clientId)
    {
        var app = await Server
            .Services.GetRequiredService<ClientDirectory>()
            .FindAsync(clientId, CancellationToken.None);
        Assert.NotNull(app);
        return app;
    }
}
