using System.Net;
using AuthServer.Clients;
using Microsoft.IdentityModel.JsonWebTokens;
using TestSupport;

namespace ProtocolTests.Token;

/// <summary>A confidential client's token of its own (RFC 6749 §4.4).</summary>
[Trait("oidc", "T13")]
[Trait("spec", "RFC 6749 4.4")]
public sealed class ClientCredentialsGrantTests(AuthServerFixture server) : IClassFixture<AuthServerFixture>
{
    private static readonly ClientMetadata Service = new()
    {
        GrantTypes = ["client_credentials"],
        Scope = "openid profile offline_access reports:read reports:write",
        AccessTokenAudience = ["https://reports.example.test"],
    };

    [Fact]
    public async Task Its_subject_is_the_client_and_it_has_the_scopes_of_its_own()
    {
        var app = await server.Given.RelyingPartyAsync(Service);

        var answer = (await AskAsync(app)).Ok();
        var token = new JsonWebToken(answer.AccessToken());

        Assert.Equal("reports:read reports:write", answer.Json.GetProperty("scope").GetString());
        Assert.Equal(app.Client.ClientId, token.Subject);
        Assert.Equal(app.Client.ClientId, token.GetPayloadValue<string>("client_id"));
        Assert.Equal(["https://reports.example.test"], token.Audiences);
        Assert.Equal("at+jwt", token.Typ);
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
        Assert.False(answer.Json.TryGetProperty("refresh_token", out _));
        Assert.False(answer.Json.TryGetProperty("id_token", out _));
    }

    [Fact]
    public async Task It_may_ask_for_less()
    {
        var app = await server.Given.RelyingPartyAsync(Service);

        Assert.Equal("reports:read", (await AskAsync(app, "reports:read")).Ok().Json.GetProperty("scope").GetString());
    }

    [Theory]
    [InlineData("openid")]
    [InlineData("profile")]
    [InlineData("offline_access")]
    [InlineData("reports:read reports:delete")]
    [Trait("oidc", "N9")]
    public async Task It_gets_no_scope_about_a_person_and_none_that_is_not_registered(string scope)
    {
        var app = await server.Given.RelyingPartyAsync(Service);

        (await AskAsync(app, scope)).IsError("invalid_scope");
    }

    [Fact]
    public async Task A_public_client_gets_none()
    {
        var app = await server.Given.RelyingPartyAsync(Service with { TokenEndpointAuthMethod = "none" });

        (await AskAsync(app)).IsError("unauthorized_client");
    }

    [Fact]
    public async Task A_client_that_is_not_registered_for_it_gets_none()
    {
        var app = await server.Given.RelyingPartyAsync(Service with { GrantTypes = ["authorization_code"] });

        (await AskAsync(app)).IsError("unauthorized_client");
    }

    [Fact]
    public async Task It_opens_nobodys_userinfo()
    {
        var app = await server.Given.RelyingPartyAsync(Service);

        var page = await app.UserInfoAsync((await AskAsync(app)).AccessToken());

        page.IsError("insufficient_scope", HttpStatusCode.Forbidden);
    }

    private static Task<Page> AskAsync(RelyingParty app, string? scope = null)
    {
        var fields = new Dictionary<string, string> { ["grant_type"] = "client_credentials" };
        if (scope is not null)
        {
            fields["scope"] = scope;
        }

        return app.TokenAsync(fields);
    }
}
