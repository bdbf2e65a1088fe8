using System.Net;
using AuthServer.Clients;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using TestSupport;

namespace ProtocolTests.Introspection;

/// <summary>What a token is worth, for those who may ask (RFC 7662).</summary>
[Trait("oidc", "V1")]
[Trait("spec", "RFC 7662 2")]
public sealed class IntrospectionTests(ClockedServer clocked) : IClassFixture<ClockedServer>
{
    private const string Path = "/connect/introspect";

    private static readonly ClientMetadata ResourceServer = new() { GrantTypes = [], AllowIntrospection = true };

    private readonly AuthServerFixture server = clocked.Server;

    [Fact]
    [Trait("oidc", "N8")]
    public async Task A_resource_server_learns_everything_about_an_access_token()
    {
        var account = await server.Given.AccountAsync();
        using var browser = await server.Given.LoggedInAsync(account);
        var app = await server.Given.RelyingPartyAsync(
            ProtocolSteps.EveryScope with
            {
                AccessTokenAudience = ["https://api.example.test"],
            }
        );
        var tokens = await app.SignInAsync(browser, "openid email");
        var api = await server.Given.RelyingPartyAsync(ResourceServer);

        var page = (await AskAsync(api, tokens.AccessToken)).Ok();

        var answer = page.Json;
        Assert.Equal("application/json", page.Headers["Content-Type"]);
        Assert.Equal("no-store", page.Headers["Cache-Control"]);
        Assert.True(answer.GetProperty("active").GetBoolean());
        Assert.Equal(server.Issuer, answer.GetProperty("iss").GetString());
        Assert.Equal(account.Id.ToString(), answer.GetProperty("sub").GetString());
        Assert.Equal(account.Username, answer.GetProperty("username").GetString());
        Assert.Equal(app.Client.ClientId, answer.GetProperty("client_id").GetString());
        Assert.Equal("openid email", answer.GetProperty("scope").GetString());
        Assert.Equal("Bearer", answer.GetProperty("token_type").GetString());
        Assert.Equal(
            ["https://api.example.test"],
            answer.GetProperty("aud").EnumerateArray().Select(aud => aud.GetString())
        );
        Assert.Equal(new JsonWebToken(tokens.AccessToken).Id, answer.GetProperty("jti").GetString());
        Assert.Equal(server.Now.ToUnixTimeSeconds(), answer.GetProperty("iat").GetInt64());
        Assert.Equal(server.Now.AddMinutes(10).ToUnixTimeSeconds(), answer.GetProperty("exp").GetInt64());
        Assert.Equal(server.Now.ToUnixTimeSeconds(), answer.GetProperty("auth_time").GetInt64());
    }

    [Fact]
    public async Task A_client_may_ask_about_its_own_tokens()
    {
        var (app, tokens) = await SignedInAsync();

        Assert.True(await IsActiveAsync(app, tokens.AccessToken));
        Assert.True(await IsActiveAsync(app, tokens.RefreshToken!));
    }

    [Theory]
    [InlineData("access_token")]
    [InlineData("refresh_token")]
    [InlineData("nonsense")]
    [Trait("spec", "RFC 7662 2.1")]
    public async Task The_type_hint_is_only_a_hint(string hint)
    {
        var (app, tokens) = await SignedInAsync();

        var page = await app.PostAsync(
            Path,
            new Dictionary<string, string> { ["token"] = tokens.AccessToken, ["token_type_hint"] = hint }
        );

        Assert.True(page.Ok().Json.GetProperty("active").GetBoolean());
    }

    [Fact]
    [Trait("spec", "RFC 7662 2.2")]
    public async Task Another_clients_token_is_not_active_to_an_ordinary_client()
    {
        var (_, tokens) = await SignedInAsync();
        var other = await server.Given.RelyingPartyAsync();

        foreach (var token in new[] { tokens.AccessToken, tokens.RefreshToken! })
        {
            Assert.Equal("""{"active":false}""", (await AskAsync(other, token)).Ok().Body);
        }
    }

    [Fact]
    [Trait("spec", "RFC 7662 2.2")]
    public async Task An_expired_token_is_not_active()
    {
        var (app, tokens) = await SignedInAsync();

        server.Clock.Advance(TimeSpan.FromMinutes(10));

        Assert.False(await IsActiveAsync(app, tokens.AccessToken));
        Assert.True(await IsActiveAsync(app, tokens.RefreshToken!));
    }

    [Fact]
    [Trait("spec", "RFC 7662 2.2")]
    public async Task A_replaced_or_revoked_refresh_token_is_not_active()
    {
        var (app, tokens) = await SignedInAsync();

        var next = (await app.RefreshAsync(tokens.RefreshToken!)).RefreshToken();
        Assert.False(await IsActiveAsync(app, tokens.RefreshToken!));
        Assert.True(await IsActiveAsync(app, next));

        await app.PostAsync("/connect/revoke", new Dictionary<string, string> { ["token"] = next });
        Assert.False(await IsActiveAsync(app, next));
        Assert.False(await IsActiveAsync(app, tokens.AccessToken));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("eyJhbGciOiJub25lIn0.e30.")]
    [InlineData("é € 😀")]
    [Trait("spec", "RFC 7662 2.2")]
    public async Task What_is_no_token_of_ours_is_not_active(string token)
    {
        var api = await server.Given.RelyingPartyAsync(ResourceServer);

        Assert.Equal("""{"active":false}""", (await AskAsync(api, token)).Ok().Body);
    }

    [Fact]
    public async Task An_id_token_is_no_access_token()
    {
        var (app, tokens) = await SignedInAsync();

        Assert.False(await IsActiveAsync(app, tokens.IdToken));
    }

    [Fact]
    public async Task A_clients_own_token_is_active_and_names_nobody()
    {
        var service = await server.Given.RelyingPartyAsync(
            new ClientMetadata { GrantTypes = ["client_credentials"], Scope = "reports:read" }
        );
        var token = (
            await service.TokenAsync(new Dictionary<string, string> { ["grant_type"] = "client_credentials" })
        ).AccessToken();
        var api = await server.Given.RelyingPartyAsync(ResourceServer);

        var answer = (await AskAsync(api, token)).Ok().Json;

        Assert.True(answer.GetProperty("active").GetBoolean());
        Assert.Equal(service.Client.ClientId, answer.GetProperty("sub").GetString());
        Assert.False(answer.TryGetProperty("username", out _));
    }

    [Fact]
    [Trait("spec", "RFC 7662 2.2")]
    public async Task The_own_token_of_a_client_that_was_removed_is_not_active()
    {
        var service = await server.Given.RelyingPartyAsync(
            new ClientMetadata { GrantTypes = ["client_credentials"], Scope = "reports:read" }
        );
        var token = (
            await service.TokenAsync(new Dictionary<string, string> { ["grant_type"] = "client_credentials" })
        ).AccessToken();
        var api = await server.Given.RelyingPartyAsync(ResourceServer);
        Assert.True(await IsActiveAsync(api, token));

        await server.InScopeAsync(services =>
            services
                .GetRequiredService<RemoveClient>()
                .HandleAsync(new RemoveClientCommand(service.Client.ClientId, "test"), CancellationToken.None)
        );

        Assert.False(await IsActiveAsync(api, token));
    }

    [Fact]
    [Trait("spec", "RFC 7662 2.1")]
    public async Task Nobody_asks_without_authenticating()
    {
        var (_, tokens) = await SignedInAsync();
        var publicApp = await server.Given.RelyingPartyAsync(ProtocolSteps.PublicApp);
        using var anybody = server.NewBrowser();

        (await AskAsync(publicApp, tokens.AccessToken)).IsError("invalid_client", HttpStatusCode.Unauthorized);
        (await anybody.PostAsync(Path, [new("token", tokens.AccessToken)])).IsError(
            "invalid_client",
            HttpStatusCode.Unauthorized
        );
    }

    [Fact]
    [Trait("spec", "RFC 7662 2.1")]
    public async Task A_question_without_a_token_is_invalid_request()
    {
        var app = await server.Given.RelyingPartyAsync();

        (await app.PostAsync(Path, new Dictionary<string, string> { ["token_type_hint"] = "access_token" })).IsError(
            "invalid_request"
        );
    }

    private static Task<Page> AskAsync(RelyingParty app, string token) =>
        app.PostAsync(Path, new Dictionary<string, string> { ["token"] = token });

    private static async Task<bool> IsActiveAsync(RelyingParty app, string token) =>
        (await AskAsync(app, token)).Ok().Json.GetProperty("active").GetBoolean();

    private async Task<(RelyingParty App, Tokens Tokens)> SignedInAsync()
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();
        return (app, await app.SignInAsync(browser));
    }
}
