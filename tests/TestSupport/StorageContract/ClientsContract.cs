using System.Security.Cryptography;
using System.Text;
using AuthServer.Audit;
using AuthServer.Clients;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace TestSupport.StorageContract;

/// <summary>
/// Clients and their secrets are rows; each change is audited in the same breath and seen by every process.
/// </summary>
public abstract class ClientsContract : StorageContract
{
    private static readonly ClientMetadata Web = new()
    {
        ClientName = "Portfolio",
        RedirectUris = ["https://app.example/cb"],
        GrantTypes = ["authorization_code", "refresh_token"],
    };

    [Fact]
    public async Task A_registered_client_is_read_back_as_it_was_described()
    {
        var metadata = Web with
        {
            Scope = "openid professional",
            AllowedScopes = ["openid"],
            RequirePkce = false,
            AccessTokenLifetime = 300,
        };

        var written = await RegisterAsync(new DescribedClient(metadata));

        var found = await FindAsync(Server, written.Client.ClientId);
        Assert.NotNull(found);
        Assert.Equivalent(metadata, found.Metadata);
        Assert.Equal(["openid"], found.Scopes);
    }

    [Fact]
    public async Task Only_the_hash_of_a_secret_is_kept()
    {
        var written = await RegisterAsync(new DescribedClient(Web));

        var kept = Assert.Single(await SecretsAsync(written.Client.ClientId));
        Assert.Equal(43, written.Secret?.Length);
        Assert.Equal(SHA256.HashData(Encoding.UTF8.GetBytes(written.Secret ?? "")), kept.Hash);
    }

    [Fact]
    public async Task An_id_and_a_secret_that_are_brought_along_are_kept()
    {
        const string Secret = "web-secret-0123456789abcdef0123456789abcdef01";

        var written = await RegisterAsync(new DescribedClient(Web, "web", Secret));

        Assert.Equal(("web", Secret), (written.Client.ClientId, written.Secret));
        Assert.IsType<ClientAuthenticationResult.Authenticated>(await AuthenticateAsync(Server, "web", Secret));
    }

    [Fact]
    public async Task One_mistake_in_a_list_and_nothing_is_registered()
    {
        var outcome = await HandleAsync(
            new DescribedClient(Web, "first"),
            new DescribedClient(Web with { RedirectUris = [] }, "second")
        );

        var refused = Assert.IsType<ClientRegistration.Refused>(outcome);
        Assert.Equal([0, 1], refused.Mistakes.Select(mistakes => mistakes.Count));
        Assert.Equal(0, await Server.InDatabaseAsync(db => db.Applications.CountAsync()));
        Assert.Equal(0, await AuditedAsync(AuditKinds.ClientRegistered));
    }

    [Fact]
    public async Task An_id_is_given_once()
    {
        await RegisterAsync(new DescribedClient(Web, "web"));

        var again = await HandleAsync(new DescribedClient(Web, "web"));
        var twice = await HandleAsync(new DescribedClient(Web, "twin"), new DescribedClient(Web, "twin"));

        Assert.Equal(
            "client_id is taken: that client is already registered.",
            Assert.Single(Assert.IsType<ClientRegistration.Refused>(again).Mistakes[0]).Sentence
        );
        Assert.Equal(
            "client_id must not be the same as that of another client of the list.",
            Assert.Single(Assert.IsType<ClientRegistration.Refused>(twice).Mistakes[1]).Sentence
        );
    }

    [Fact]
    public async Task Of_many_who_register_the_same_id_at_once_one_gets_it()
    {
        var outcomes = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => Task.Run(() => HandleAsync(new DescribedClient(Web, "web"))))
        );

        Assert.Single(outcomes.OfType<ClientRegistration.Registered>());
        Assert.Equal(7, outcomes.OfType<ClientRegistration.Refused>().Count());
        Assert.Single(await SecretsAsync("web"));
        Assert.Equal(1, await AuditedAsync(AuditKinds.ClientRegistered));
    }

    [Fact]
    public async Task A_change_by_this_process_shows_at_once_and_by_another_within_five_seconds()
    {
        await using var other = await AuthServerFixture.StartAsync(Server.Clock, Server.Database);
        await RegisterAsync(new DescribedClient(Web, "web"));
        Assert.Equal("Portfolio", (await FindAsync(Server, "web"))?.DisplayName);
        Assert.Equal("Portfolio", (await FindAsync(other, "web"))?.DisplayName);

        await EditAsync(Server, "web", new DescribedClient(Web with { ClientName = "Passport" }));

        Assert.Equal("Passport", (await FindAsync(Server, "web"))?.DisplayName);
        Server.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("Passport", (await FindAsync(other, "web"))?.DisplayName);
    }

    [Fact]
    public async Task An_edit_replaces_everything_and_leaves_the_secret()
    {
        var written = await RegisterAsync(
            new DescribedClient(Web with { LogoUri = "https://app.example/logo.png" }, "web")
        );

        var edit = await EditAsync(Server, "web", new DescribedClient(Web, "web", written.Secret));

        Assert.Null(Assert.IsType<ClientEdit.Done>(edit).Client.Secret);
        Assert.Null((await FindAsync(Server, "web"))?.Metadata.LogoUri);
        Assert.IsType<ClientAuthenticationResult.Authenticated>(await AuthenticateAsync(Server, "web", written.Secret));
        Assert.Equal(1, await AuditedAsync(AuditKinds.ClientUpdated));
    }

    [Fact]
    public async Task An_edit_with_a_mistake_or_another_identity_changes_nothing()
    {
        await RegisterAsync(new DescribedClient(Web, "web"));

        var mistaken = await EditAsync(
            Server,
            "web",
            new DescribedClient(Web with { ClientName = "New", RedirectUris = [] })
        );
        var renamed = await EditAsync(Server, "web", new DescribedClient(Web, "other"));
        var withSecret = await EditAsync(
            Server,
            "web",
            new DescribedClient(Web, null, "another-secret-0123456789abcdef0123456789")
        );
        var unknown = await EditAsync(Server, "nobody", new DescribedClient(Web));

        Assert.All(
            [mistaken, renamed, withSecret],
            edit => Assert.Single(Assert.IsType<ClientEdit.Refused>(edit).Mistakes)
        );
        Assert.IsType<ClientEdit.NotFound>(unknown);
        Assert.Equal("Portfolio", (await FindAsync(Server, "web"))?.DisplayName);
        Assert.Equal(0, await AuditedAsync(AuditKinds.ClientUpdated));
    }

    [Fact]
    public async Task A_client_that_becomes_public_loses_its_secret_and_gets_another_when_it_turns_back()
    {
        var written = await RegisterAsync(new DescribedClient(Web, "web"));

        await EditAsync(Server, "web", new DescribedClient(Web with { TokenEndpointAuthMethod = "none" }));
        var secretsOfPublic = await SecretsAsync("web");
        var back = await EditAsync(Server, "web", new DescribedClient(Web));

        Assert.Empty(secretsOfPublic);
        var secret = Assert.IsType<ClientEdit.Done>(back).Client.Secret;
        Assert.NotNull(secret);
        Assert.NotEqual(written.Secret, secret);
        Assert.IsType<ClientAuthenticationResult.Authenticated>(await AuthenticateAsync(Server, "web", secret));
    }

    [Fact]
    public async Task A_rotated_secret_works_beside_the_old_one_until_the_overlap_ends()
    {
        var old = (await RegisterAsync(new DescribedClient(Web, "web"))).Secret;

        var rotation = Assert.IsType<SecretRotation.Done>(await RotateAsync("web", TimeSpan.FromDays(7)));

        Assert.Equal(Server.Now.AddDays(7), rotation.OldSecretsEndAt);
        Assert.IsType<ClientAuthenticationResult.Authenticated>(await AuthenticateAsync(Server, "web", old));
        Assert.IsType<ClientAuthenticationResult.Authenticated>(
            await AuthenticateAsync(Server, "web", rotation.Secret)
        );
        Server.Clock.Advance(TimeSpan.FromDays(7));
        Assert.IsType<ClientAuthenticationResult.Refused>(await AuthenticateAsync(Server, "web", old));
        Assert.IsType<ClientAuthenticationResult.Authenticated>(
            await AuthenticateAsync(Server, "web", rotation.Secret)
        );
        Assert.Equal(1, await AuditedAsync(AuditKinds.ClientSecretRotated));
    }

    [Fact]
    public async Task Without_an_overlap_the_old_secret_ends_at_once()
    {
        var old = (await RegisterAsync(new DescribedClient(Web, "web"))).Secret;
        await RotateAsync("web", TimeSpan.FromDays(7));

        await RotateAsync("web", TimeSpan.Zero);

        Assert.IsType<ClientAuthenticationResult.Refused>(await AuthenticateAsync(Server, "web", old));
        Assert.Single(await SecretsAsync("web"));
    }

    [Fact]
    public async Task A_later_rotation_never_lengthens_the_life_of_an_older_secret()
    {
        var old = (await RegisterAsync(new DescribedClient(Web, "web"))).Secret;
        await RotateAsync("web", TimeSpan.FromHours(1));

        await RotateAsync("web", TimeSpan.FromDays(7));
        Server.Clock.Advance(TimeSpan.FromHours(1));

        Assert.IsType<ClientAuthenticationResult.Refused>(await AuthenticateAsync(Server, "web", old));
    }

    [Fact]
    public async Task Many_rotations_at_once_each_give_a_secret_that_works()
    {
        await RegisterAsync(new DescribedClient(Web, "web"));

        var rotations = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(_ => Task.Run(() => RotateAsync("web", TimeSpan.FromHours(1))))
        );

        foreach (var rotation in rotations)
        {
            var secret = Assert.IsType<SecretRotation.Done>(rotation).Secret;
            Assert.IsType<ClientAuthenticationResult.Authenticated>(await AuthenticateAsync(Server, "web", secret));
        }
    }

    [Fact]
    public async Task Many_edits_at_once_are_all_done_and_a_removal_among_them_is_final()
    {
        await RegisterAsync(new DescribedClient(Web, "web"));

        var edits = await Task.WhenAll(
            Enumerable
                .Range(0, 6)
                .Select(i =>
                    Task.Run(() => EditAsync(Server, "web", new DescribedClient(Web with { ClientName = $"Edit {i}" })))
                )
        );
        var racing = Enumerable
            .Range(0, 4)
            .Select(_ => Task.Run(() => EditAsync(Server, "web", new DescribedClient(Web))))
            .ToList();
        var removed = await Task.Run(() => RemoveAsync("web"));
        await Task.WhenAll(racing);

        Assert.All(edits, edit => Assert.IsType<ClientEdit.Done>(edit));
        Assert.True(removed);
        Assert.Null(await FindAsync(Server, "web"));
        Assert.Equal(0, await Server.InDatabaseAsync(db => db.Applications.CountAsync()));
    }

    [Fact]
    public async Task A_public_client_has_no_secret_to_rotate()
    {
        await RegisterAsync(new DescribedClient(Web with { TokenEndpointAuthMethod = "none" }, "spa"));

        Assert.IsType<SecretRotation.HasNone>(await RotateAsync("spa", TimeSpan.Zero));
        Assert.IsType<SecretRotation.NotFound>(await RotateAsync("nobody", TimeSpan.Zero));
        Assert.Empty(await SecretsAsync("spa"));
    }

    [Fact]
    public async Task A_removed_client_is_gone_with_its_secrets()
    {
        var secret = (await RegisterAsync(new DescribedClient(Web, "web"))).Secret;

        var removed = await RemoveAsync("web");
        var again = await RemoveAsync("web");

        Assert.True(removed);
        Assert.False(again);
        Assert.Empty(await SecretsAsync("web"));
        Assert.IsType<ClientAuthenticationResult.Refused>(await AuthenticateAsync(Server, "web", secret));
        Assert.Equal(1, await AuditedAsync(AuditKinds.ClientRemoved));
    }

    [Fact]
    public async Task A_client_that_gets_the_id_of_a_removed_one_inherits_neither_grants_nor_consents()
    {
        await RegisterAsync(new DescribedClient(Web, "web"));
        var account = await Server.Given.AccountAsync();
        var web = (await FindAsync(Server, "web"))!.ApplicationId;
        await Server.Given.ConsentAsync(account, new GivenClient("web", null, Web), "openid");
        await Server.InDatabaseAsync(db =>
        {
            db.Authorizations.Add(SignInRow.Of(account.Id, Server.Now, Server.Now.AddDays(1), web));
            db.Authorizations.Add(SignInRow.Of(account.Id, Server.Now, Server.Now.AddDays(1)));
            return db.SaveChangesAsync();
        });

        await RemoveAsync("web");
        await RegisterAsync(new DescribedClient(Web, "web"));

        var alive = await Server.InDatabaseAsync(db =>
            db.Authorizations.Where(grant => grant.Status == Statuses.Valid).ToListAsync()
        );
        Assert.Null(Assert.Single(alive).ApplicationId);
    }

    private async Task<WrittenClient> RegisterAsync(DescribedClient client) =>
        Assert.Single(Assert.IsType<ClientRegistration.Registered>(await HandleAsync(client)).Clients);

    private Task<ClientRegistration> HandleAsync(params DescribedClient[] clients) =>
        Server.InScopeAsync(services =>
            services
                .GetRequiredService<RegisterClient>()
                .HandleAsync(new RegisterClientCommand(clients, "test"), CancellationToken.None)
        );

    private static Task<ClientEdit> EditAsync(AuthServerFixture server, string clientId, DescribedClient client) =>
        server.InScopeAsync(services =>
            services
                .GetRequiredService<EditClient>()
                .HandleAsync(new EditClientCommand(clientId, client, "test"), CancellationToken.None)
        );

    private Task<SecretRotation> RotateAsync(string clientId, TimeSpan overlap) =>
        Server.InScopeAsync(services =>
            services
                .GetRequiredService<RotateClientSecret>()
                .HandleAsync(new RotateClientSecretCommand(clientId, overlap, "test"), CancellationToken.None)
        );

    private Task<bool> RemoveAsync(string clientId) =>
        Server.InScopeAsync(services =>
            services
                .GetRequiredService<RemoveClient>()
                .HandleAsync(new RemoveClientCommand(clientId, "test"), CancellationToken.None)
        );

    private static Task<RegisteredClient?> FindAsync(AuthServerFixture server, string clientId) =>
        server.Services.GetRequiredService<ClientDirectory>().FindAsync(clientId, CancellationToken.None).AsTask();

    private static Task<ClientAuthenticationResult> AuthenticateAsync(
        AuthServerFixture server,
        string clientId,
        string? secret
    ) =>
        server
            .Services.GetRequiredService<ClientAuthentication>()
            .AuthenticateAsync(
                "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{clientId}:{secret}")),
                null,
                null,
                null,
                CancellationToken.None
            )
            .AsTask();

    private Task<List<ClientSecret>> SecretsAsync(string clientId) =>
        Server.InDatabaseAsync(db =>
            db.ClientSecrets.AsNoTracking()
                .Where(secret => db.Applications.Any(app => app.ClientId == clientId && app.Id == secret.ApplicationId))
                .ToListAsync()
        );

    private Task<int> AuditedAsync(string kind) =>
        Server.InDatabaseAsync(db => db.AuditEvents.CountAsync(e => e.Kind == kind && e.Actor == "test"));
}
