using System.Net;
using AuthServer.Clients;
using AuthServer.Protocol.Claims;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OpenIddict.Abstractions;
using Xunit;
using static OpenIddict.Abstractions.OpenIddictConstants;
using Application = AuthServer.Protocol.Storage.Application;
using Authorization = AuthServer.Protocol.Storage.Authorization;

namespace TestSupport.StorageContract;

/// <summary>
/// OpenIddict's managers see and change what this server stores, so that whoever knows OpenIddict finds what they
/// expect.
/// </summary>
public abstract class OpenIddictManagersContract : StorageContract
{
    [Fact]
    public async Task A_sign_in_is_an_authorization_of_its_account_and_app()
    {
        var (account, app, _) = await SignedInAsync();

        var (byManager, listed, application) = await WithAuthorizationsAsync(async authorizations =>
        {
            var found = Assert.Single(await authorizations.FindBySubjectAsync(Subject.Of(account.Id)).ToListAsync());
            return (
                await DescribeAsync(authorizations, found),
                await authorizations.ListAsync().CountAsync(),
                await authorizations.GetApplicationIdAsync(found)
            );
        });

        Assert.Equal(1, listed);
        Assert.Equal(
            (Authorization.SignIn, Statuses.Valid, Subject.Of(account.Id)),
            (byManager.Type, byManager.Status, byManager.Subject)
        );
        Assert.Equal(["openid"], byManager.Scopes);
        Assert.Equal(Server.Now, byManager.CreationDate);
        Assert.Equal((await KnownAsync(app.Client.ClientId)).ApplicationId.ToString(), application);
    }

    [Fact]
    public async Task Revoking_a_sign_in_ends_its_tokens_at_once()
    {
        var (account, app, tokens) = await SignedInAsync();

        Assert.True(
            await WithAuthorizationsAsync(async authorizations =>
            {
                var found = await authorizations.FindBySubjectAsync(Subject.Of(account.Id)).SingleAsync();
                return await authorizations.TryRevokeAsync(found)
                    && await authorizations.HasStatusAsync(found, Statuses.Revoked)
                    && await authorizations.TryRevokeAsync(found);
            })
        );

        await AssertDeadAsync(app, tokens);
    }

    [Fact]
    public async Task A_sign_in_that_was_refreshed_meanwhile_is_revoked_all_the_same_and_cannot_be_written_back()
    {
        var (account, app, tokens) = await SignedInAsync();

        await WithAuthorizationsAsync(async authorizations =>
        {
            var found = await authorizations.FindBySubjectAsync(Subject.Of(account.Id)).SingleAsync();
            var refreshed = (await app.RefreshAsync(tokens.RefreshToken!)).Ok().Json;
            await Assert.ThrowsAsync<OpenIddictExceptions.ConcurrencyException>(async () =>
                await authorizations.UpdateAsync(found)
            );
            Assert.True(await authorizations.TryRevokeAsync(found));
            tokens = tokens with
            {
                AccessToken = refreshed.GetProperty("access_token").GetString()!,
                RefreshToken = refreshed.GetProperty("refresh_token").GetString(),
            };
            return true;
        });

        await AssertDeadAsync(app, tokens);
    }

    [Fact]
    public async Task Pruning_removes_revoked_authorizations_and_never_a_live_sign_in_or_consent()
    {
        var (revoked, app, dead) = await SignedInAsync();
        var (_, _, alive) = await SignedInAsync(app);
        var person = await Server.Given.AccountAsync();
        await Server.Given.ConsentAsync(person, app.Client, "openid email");
        await WithAuthorizationsAsync(async authorizations =>
            await authorizations.TryRevokeAsync(
                await authorizations.FindBySubjectAsync(Subject.Of(revoked.Id)).SingleAsync()
            )
        );

        var pruned = await WithAuthorizationsAsync(authorizations =>
            authorizations.PruneAsync(Server.Now.AddYears(10)).AsTask()
        );

        Assert.Equal(1, pruned);
        await AssertDeadAsync(app, dead);
        Assert.Equal(HttpStatusCode.OK, (await app.UserInfoAsync(alive.AccessToken)).Status);
        (await app.RefreshAsync(alive.RefreshToken!)).Ok();
        var left = await Server.InDatabaseAsync(db =>
            db.Authorizations.AsNoTracking().Select(a => a.Type).Order().ToListAsync()
        );
        Assert.Equal([Authorization.Consent, Authorization.SignIn], left);
    }

    [Fact]
    public async Task Consent_is_a_permanent_authorization()
    {
        var account = await Server.Given.AccountAsync();
        var client = await Server.Given.ClientAsync();
        await Server.Given.ConsentAsync(account, client, "openid email");
        var application = (await KnownAsync(client.ClientId)).ApplicationId.ToString();

        var found = await WithAuthorizationsAsync(async authorizations =>
            await DescribeAsync(
                authorizations,
                await authorizations
                    .FindAsync(
                        Subject.Of(account.Id),
                        application,
                        Statuses.Valid,
                        AuthorizationTypes.Permanent,
                        ["email"]
                    )
                    .SingleAsync()
            )
        );

        Assert.Equal(new HashSet<string> { "email", "openid" }, found.Scopes);
        Assert.Equal(Server.Now, found.CreationDate);
    }

    [Fact]
    public async Task Clients_that_were_registered_are_listed_and_found()
    {
        await RegisterAsync(
            "web",
            new ClientMetadata { ClientName = "Portfolio", RedirectUris = ["http://127.0.0.1/cb"] }
        );

        await WithApplicationsAsync(async applications =>
        {
            var found = await applications.FindByClientIdAsync("web");
            Assert.NotNull(found);
            Assert.Equal("Portfolio", await applications.GetDisplayNameAsync(found));
            Assert.True(await applications.HasClientTypeAsync(found, ClientTypes.Confidential));
            Assert.True(await applications.HasPermissionAsync(found, Permissions.GrantTypes.AuthorizationCode));
            Assert.False(await applications.HasPermissionAsync(found, Permissions.GrantTypes.ClientCredentials));
            Assert.True(await applications.HasRequirementAsync(found, Requirements.Features.ProofKeyForCodeExchange));
            Assert.True(await applications.ValidateRedirectUriAsync(found, "http://127.0.0.1:49152/cb"));
            Assert.False(await applications.ValidateRedirectUriAsync(found, "http://localhost/cb"));
            Assert.NotNull(await applications.FindByIdAsync((await applications.GetIdAsync(found))!));
            Assert.Null(await applications.FindByIdAsync(Guid.NewGuid().ToString()));
            Assert.Null(await applications.FindByIdAsync("no key"));
            Assert.Null(await applications.FindByClientIdAsync("other"));
            Assert.Single(await applications.ListAsync().ToListAsync());
            Assert.Single(await applications.FindByRedirectUriAsync("http://127.0.0.1/cb").ToListAsync());
            return true;
        });
    }

    [Fact]
    public async Task Secrets_are_checked_whether_OpenIddict_or_the_command_line_made_them()
    {
        var secret = await RegisterAsync("web", new ClientMetadata { GrantTypes = ["client_credentials"] });
        await CreateAsync(
            new OpenIddictApplicationDescriptor
            {
                ClientId = "theirs",
                ClientSecret = "388D45FA-B36B-4988-BA59-B187D329C207",
            }
        );

        Assert.True(await ValidAsync("web", secret!));
        Assert.False(await ValidAsync("web", "another"));
        Assert.True(await ValidAsync("theirs", "388D45FA-B36B-4988-BA59-B187D329C207"));
        Assert.Equal(2, await Server.InDatabaseAsync(db => db.ClientSecrets.CountAsync()));
        Assert.Equal(
            0,
            await Server.InDatabaseAsync(db => db.Applications.CountAsync(app => app.ClientSecret != null))
        );
        Assert.True(
            await Server.Services.GetRequiredService<ClientDirectory>().FindAsync("theirs", CancellationToken.None)
                is { Metadata.UsesSecret: true }
        );

        await UpdateAsync("theirs", descriptor => descriptor.ClientSecret = "a new secret");

        Assert.False(await ValidAsync("theirs", "388D45FA-B36B-4988-BA59-B187D329C207"));
        Assert.True(await ValidAsync("theirs", "a new secret"));
    }

    [Fact]
    public async Task A_public_application_cannot_have_a_secret_and_an_id_is_given_once()
    {
        await RegisterAsync("web", new ClientMetadata { GrantTypes = ["client_credentials"] });

        await Assert.ThrowsAsync<OpenIddictExceptions.ValidationException>(() =>
            CreateAsync(
                new OpenIddictApplicationDescriptor
                {
                    ClientId = "spa",
                    ClientType = ClientTypes.Public,
                    ClientSecret = "secret",
                }
            )
        );
        await Assert.ThrowsAsync<OpenIddictExceptions.ValidationException>(() =>
            CreateAsync(new OpenIddictApplicationDescriptor { ClientId = "web", ClientSecret = "secret" })
        );

        Assert.Equal(1, await Server.InDatabaseAsync(db => db.Applications.CountAsync()));
        Assert.Equal(1, await Server.InDatabaseAsync(db => db.ClientSecrets.CountAsync()));
    }

    [Fact]
    public async Task An_application_that_OpenIddict_made_signs_people_in()
    {
        const string Secret = "901564A5-E7FE-42CB-B10D-61EF6A8F3654";
        await CreateAsync(
            new OpenIddictApplicationDescriptor
            {
                ClientId = "mvc",
                ClientSecret = Secret,
                ConsentType = ConsentTypes.Implicit,
                RedirectUris = { new Uri(Given.RedirectUri) },
                Permissions =
                {
                    Permissions.Endpoints.Authorization,
                    Permissions.Endpoints.Token,
                    Permissions.GrantTypes.AuthorizationCode,
                    Permissions.GrantTypes.RefreshToken,
                    Permissions.ResponseTypes.Code,
                    Permissions.Scopes.Email,
                },
            }
        );
        using var browser = await Server.Given.LoggedInAsync(await Server.Given.AccountAsync());

        var tokens = await new RelyingParty(
            Server,
            new GivenClient("mvc", Secret, new ClientMetadata { RedirectUris = [Given.RedirectUri] })
        ).SignInAsync(browser, "openid email");

        Assert.NotNull(tokens.RefreshToken);
    }

    [Fact]
    public async Task A_change_by_the_manager_shows_at_once_and_one_that_was_made_upon_an_old_state_is_refused()
    {
        await RegisterAsync(
            "web",
            new ClientMetadata { ClientName = "Portfolio", RedirectUris = ["https://app.example/cb"] }
        );

        await Server.InScopeAsync(async late =>
            await Server.InScopeAsync(async early =>
            {
                var lateManager = late.GetRequiredService<IOpenIddictApplicationManager>();
                var read = await lateManager.FindByClientIdAsync("web");
                Assert.NotNull(read);
                var earlyManager = early.GetRequiredService<IOpenIddictApplicationManager>();
                await RenameAsync(earlyManager, (await earlyManager.FindByClientIdAsync("web"))!, "First");
                // Twice in one scope.
                await RenameAsync(earlyManager, (await earlyManager.FindByClientIdAsync("web"))!, "Second");
                await Assert.ThrowsAsync<OpenIddictExceptions.ConcurrencyException>(() =>
                    RenameAsync(lateManager, read, "Late")
                );
                return true;
            })
        );

        Assert.Equal("Second", (await KnownAsync("web")).DisplayName);
        Assert.True(
            await WithApplicationsAsync(async applications =>
            {
                await applications.DeleteAsync((await applications.FindByClientIdAsync("web"))!);
                return await applications.FindByClientIdAsync("web") is null;
            })
        );
    }

    [Fact]
    public async Task A_client_that_was_found_lately_is_found_again_in_any_scope_without_asking_the_database()
    {
        await RegisterAsync("web", new ClientMetadata { RedirectUris = ["https://app.example/cb"] });
        var id = (await KnownAsync("web")).ApplicationId.ToString();
        using var recorder = new StatementRecorder();

        await FindAsync(applications => applications.FindByClientIdAsync("web"));
        await FindAsync(applications => applications.FindByIdAsync(id));

        Assert.Empty(recorder.Statements);
        Server.Clock.Advance(ClientDirectory.Freshness);
        await FindAsync(applications => applications.FindByClientIdAsync("web"));
        Assert.NotEmpty(recorder.Statements);

        Task<bool> FindAsync(Func<IOpenIddictApplicationManager, ValueTask<object?>> find) =>
            WithApplicationsAsync(async applications =>
            {
                var found = Assert.IsType<Application>(await find(applications));
                Assert.NotNull(found.Parsed);
                return await applications.HasPermissionAsync(found, Permissions.Endpoints.Token);
            });
    }

    [Fact]
    public async Task A_redirect_uri_that_the_manager_removes_is_the_clients_no_longer()
    {
        await RegisterAsync(
            "web",
            new ClientMetadata
            {
                RedirectUris = ["https://app.example/cb", "https://app.example:443/cb", "https://app.example/b"],
            }
        );
        var before = (await KnownAsync("web")).Metadata.RedirectUris;

        await UpdateAsync("web", descriptor => descriptor.RedirectUris.Remove(new Uri("https://app.example/cb")));

        Assert.Equal(["https://app.example/cb", "https://app.example:443/cb", "https://app.example/b"], before);
        Assert.Equal(["https://app.example/b"], (await KnownAsync("web")).Metadata.RedirectUris);
    }

    [Theory]
    [InlineData("revocation")]
    [InlineData("replay")]
    public async Task A_sign_in_that_has_ended_meanwhile_cannot_be_written_back_as_it_was_read(string how)
    {
        var (account, app, tokens) = await SignedInAsync();
        var current = tokens.RefreshToken!;
        for (var i = 0; i < 2; i++)
        {
            current = (await app.RefreshAsync(current)).Ok().Json.GetProperty("refresh_token").GetString()!;
        }

        await WithAuthorizationsAsync(async authorizations =>
        {
            var found = await authorizations.FindBySubjectAsync(Subject.Of(account.Id)).SingleAsync();
            var ended =
                how == "replay"
                    ? await app.RefreshAsync(tokens.RefreshToken!)
                    : await app.PostAsync("/connect/revoke", new Dictionary<string, string> { ["token"] = current });
            Assert.Equal(how == "replay" ? HttpStatusCode.BadRequest : HttpStatusCode.OK, ended.Status);
            await Assert.ThrowsAsync<OpenIddictExceptions.ConcurrencyException>(async () =>
                await authorizations.UpdateAsync(found)
            );
            return true;
        });

        await AssertDeadAsync(app, tokens with { RefreshToken = current });
    }

    [Theory]
    [InlineData("user")]
    [InlineData("app")]
    public async Task Revoking_every_authorization_of_a_user_or_of_an_app_ends_its_tokens_at_once(string whose)
    {
        var (account, app, tokens) = await SignedInAsync();
        var (_, other, others) = await SignedInAsync();
        var application = (await KnownAsync(app.Client.ClientId)).ApplicationId.ToString();

        var revoked = await WithAuthorizationsAsync(authorizations =>
            whose == "user"
                ? authorizations.RevokeBySubjectAsync(Subject.Of(account.Id)).AsTask()
                : authorizations.RevokeByApplicationIdAsync(application).AsTask()
        );

        Assert.Equal(1, revoked);
        await AssertDeadAsync(app, tokens);
        (await other.RefreshAsync(others.RefreshToken!)).Ok();
    }

    private static async Task RenameAsync(IOpenIddictApplicationManager applications, object application, string name)
    {
        var descriptor = new OpenIddictApplicationDescriptor();
        await applications.PopulateAsync(descriptor, application);
        descriptor.DisplayName = name;
        await applications.UpdateAsync(application, descriptor);
    }

    private static async Task<OpenIddictAuthorizationDescriptor> DescribeAsync(
        IOpenIddictAuthorizationManager authorizations,
        object found
    )
    {
        var descriptor = new OpenIddictAuthorizationDescriptor();
        await authorizations.PopulateAsync(descriptor, found);
        return descriptor;
    }

    private static async Task AssertDeadAsync(RelyingParty app, Tokens tokens)
    {
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.UserInfoAsync(tokens.AccessToken)).Status);
        var introspection = await app.PostAsync(
            "/connect/introspect",
            new Dictionary<string, string> { ["token"] = tokens.AccessToken }
        );
        Assert.False(introspection.Ok().Json.GetProperty("active").GetBoolean());
        var refresh = await app.RefreshAsync(tokens.RefreshToken!);
        Assert.Equal(
            (HttpStatusCode.BadRequest, "invalid_grant"),
            (refresh.Status, refresh.Json.GetProperty("error").GetString())
        );
    }

    private async Task<(GivenAccount Account, RelyingParty App, Tokens Tokens)> SignedInAsync(RelyingParty? app = null)
    {
        var account = await Server.Given.AccountAsync();
        using var browser = await Server.Given.LoggedInAsync(account);
        app ??= await Server.Given.RelyingPartyAsync();
        return (account, app, await app.SignInAsync(browser));
    }

    private async Task<string?> RegisterAsync(string clientId, ClientMetadata metadata) =>
        await Server.InScopeAsync(async services =>
        {
            var command = new RegisterClientCommand([new DescribedClient(metadata, clientId)], "test");
            var outcome = await services
                .GetRequiredService<RegisterClient>()
                .HandleAsync(command, CancellationToken.None);
            return Assert.Single(Assert.IsType<ClientRegistration.Registered>(outcome).Clients).Secret;
        });

    private Task<object> CreateAsync(OpenIddictApplicationDescriptor descriptor) =>
        WithApplicationsAsync(applications => applications.CreateAsync(descriptor).AsTask());

    private Task<bool> UpdateAsync(string clientId, Action<OpenIddictApplicationDescriptor> change) =>
        WithApplicationsAsync(async applications =>
        {
            var application = (await applications.FindByClientIdAsync(clientId))!;
            var descriptor = new OpenIddictApplicationDescriptor();
            await applications.PopulateAsync(descriptor, application);
            change(descriptor);
            await applications.UpdateAsync(application, descriptor);
            return true;
        });

    private Task<bool> ValidAsync(string clientId, string secret) =>
        WithApplicationsAsync(async applications =>
            await applications.ValidateClientSecretAsync((await applications.FindByClientIdAsync(clientId))!, secret)
        );

    private async Task<RegisteredClient> KnownAsync(string clientId) =>
        (await Server.Services.GetRequiredService<ClientDirectory>().FindAsync(clientId, CancellationToken.None))!;

    private Task<T> WithAuthorizationsAsync<T>(Func<IOpenIddictAuthorizationManager, Task<T>> act) =>
        Server.InScopeAsync(services => act(services.GetRequiredService<IOpenIddictAuthorizationManager>()));

    private Task<T> WithApplicationsAsync<T>(Func<IOpenIddictApplicationManager, Task<T>> act) =>
        Server.InScopeAsync(services => act(services.GetRequiredService<IOpenIddictApplicationManager>()));
}
