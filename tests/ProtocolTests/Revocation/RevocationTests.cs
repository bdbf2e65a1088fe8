using System.Net;
using TestSupport;

namespace ProtocolTests.Revocation;

/// <summary>An app gives its tokens back (RFC 7009).</summary>
[Trait("oidc", "V1")]
[Trait("spec", "RFC 7009 2.1")]
public sealed class RevocationTests(AuthServerFixture server) : IClassFixture<AuthServerFixture>
{
    private const string Path = "/connect/revoke";

    [Theory]
    [InlineData("refresh_token")]
    [InlineData("access_token")]
    public async Task A_revoked_token_ends_its_whole_family_at_once(string which)
    {
        var (app, tokens) = await SignedInAsync(ProtocolSteps.EveryScope);

        var page = await RevokeAsync(app, which == "refresh_token" ? tokens.RefreshToken! : tokens.AccessToken);

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Equal("", page.Body);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.UserInfoAsync(tokens.AccessToken)).Status);
        (await app.RefreshAsync(tokens.RefreshToken!)).IsError("invalid_grant");
    }

    [Fact]
    public async Task Revoking_one_apps_tokens_leaves_the_person_logged_in_and_other_sign_ins_alone()
    {
        using var browser = await server.NewPersonAsync();
        var (app, other) = (await server.Given.RelyingPartyAsync(), await server.Given.RelyingPartyAsync());
        var (tokens, second, others) = (
            await app.SignInAsync(browser),
            await app.SignInAsync(browser),
            await other.SignInAsync(browser)
        );

        await RevokeAsync(app, tokens.RefreshToken!);

        (await app.UserInfoAsync(second.AccessToken)).Ok();
        (await other.UserInfoAsync(others.AccessToken)).Ok();
        Assert.NotNull(await app.SignInAsync(browser, more: new Dictionary<string, string?> { ["prompt"] = "none" }));
    }

    [Fact]
    public async Task A_public_client_revokes_with_its_id_alone()
    {
        var (app, tokens) = await SignedInAsync(ProtocolSteps.PublicApp);

        await RevokeAsync(app, tokens.RefreshToken!);

        Assert.Equal(HttpStatusCode.Unauthorized, (await app.UserInfoAsync(tokens.AccessToken)).Status);
    }

    [Theory]
    [InlineData("refresh_token")]
    [InlineData("access_token")]
    public async Task Another_clients_token_is_refused_and_stays_alive(string which)
    {
        var (app, tokens) = await SignedInAsync(ProtocolSteps.EveryScope);
        var other = await server.Given.RelyingPartyAsync();

        (await RevokeAsync(other, which == "refresh_token" ? tokens.RefreshToken! : tokens.AccessToken)).IsError(
            "invalid_grant"
        );

        (await app.UserInfoAsync(tokens.AccessToken)).Ok();
        (await app.RefreshAsync(tokens.RefreshToken!)).Ok();
    }

    [Fact]
    public async Task A_token_in_its_grace_is_revoked_too_and_not_only_said_to_be()
    {
        var (app, tokens) = await SignedInAsync(ProtocolSteps.EveryScope);
        var next = (await app.RefreshAsync(tokens.RefreshToken!)).RefreshToken();

        await RevokeAsync(app, tokens.RefreshToken!);

        (await app.RefreshAsync(tokens.RefreshToken!)).IsError("invalid_grant");
        (await app.RefreshAsync(next)).IsError("invalid_grant");
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("eyJhbGciOiJub25lIn0.e30.")]
    [InlineData("é € 😀")]
    [Trait("spec", "RFC 7009 2.2")]
    public async Task An_unknown_token_is_answered_like_a_revoked_one(string token)
    {
        var app = await server.Given.RelyingPartyAsync();

        Assert.Equal(HttpStatusCode.OK, (await RevokeAsync(app, token)).Status);
    }

    [Fact]
    [Trait("spec", "RFC 7009 2.2")]
    public async Task Revoking_twice_is_no_error()
    {
        var (app, tokens) = await SignedInAsync(ProtocolSteps.EveryScope);

        await RevokeAsync(app, tokens.RefreshToken!);

        Assert.Equal(HttpStatusCode.OK, (await RevokeAsync(app, tokens.RefreshToken!)).Status);
    }

    [Fact]
    [Trait("spec", "RFC 7009 2.2.1")]
    public async Task A_clients_own_token_cannot_be_revoked_and_is_not_said_to_be()
    {
        var service = await server.Given.RelyingPartyAsync(
            new AuthServer.Clients.ClientMetadata { GrantTypes = ["client_credentials"], Scope = "reports:read" }
        );
        var token = (
            await service.TokenAsync(new Dictionary<string, string> { ["grant_type"] = "client_credentials" })
        ).AccessToken();
        var other = await server.Given.RelyingPartyAsync();

        (await RevokeAsync(service, token)).IsError("unsupported_token_type");
        (await RevokeAsync(other, token)).IsError("invalid_grant");
    }

    [Fact]
    public async Task Nobody_revokes_without_authenticating()
    {
        var (app, tokens) = await SignedInAsync(ProtocolSteps.EveryScope);
        using var anybody = server.NewBrowser();

        (await anybody.PostAsync(Path, [new("token", tokens.RefreshToken!)])).IsError(
            "invalid_client",
            HttpStatusCode.Unauthorized
        );

        (await app.UserInfoAsync(tokens.AccessToken)).Ok();
    }

    [Fact]
    public async Task A_request_without_a_token_is_invalid_request()
    {
        var app = await server.Given.RelyingPartyAsync();

        (await app.PostAsync(Path, new Dictionary<string, string> { ["token_type_hint"] = "access_token" })).IsError(
            "invalid_request"
        );
    }

    private static Task<Page> RevokeAsync(RelyingParty app, string token) =>
        app.PostAsync(Path, new Dictionary<string, string> { ["token"] = token });

    private async Task<(RelyingParty App, Tokens Tokens)> SignedInAsync(AuthServer.Clients.ClientMetadata metadata)
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync(metadata);
        return (app, await app.SignInAsync(browser));
    }
}
