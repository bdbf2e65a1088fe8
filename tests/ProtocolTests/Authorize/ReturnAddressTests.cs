using System.Net;
using AuthServer.Clients;
using TestSupport;

namespace ProtocolTests.Authorize;

/// <summary>Where the browser is sent back to, and where it never is.</summary>
public sealed class ReturnAddressTests(AuthServerFixture server) : IClassFixture<AuthServerFixture>
{
    [Theory]
    [InlineData("https://elsewhere.example.test/callback")]
    [InlineData("https://app.example.test/callback/")]
    [InlineData("https://app.example.test/callback?extra=1")]
    [InlineData("https://app.example.test/callback#fragment")]
    [InlineData("https://app.example.test/Callback")]
    [InlineData("https://APP.example.test/callback")]
    [InlineData("https://app.example.test:443/callback")]
    [InlineData("https://app.example.test/a/../callback")]
    [InlineData("https://app.example.test%2Fcallback")]
    [InlineData("http://app.example.test/callback")]
    [InlineData("https://app.example.test@elsewhere.example.test/callback")]
    [InlineData("javascript:alert(1)")]
    [InlineData("//elsewhere.example.test")]
    [InlineData("not a uri")]
    [Trait("oidc", "A2")]
    [Trait("spec", "OIDC Core 3.1.2.1")]
    [Trait("spec", "RFC 6749 4.1.2.1")]
    public async Task A_redirect_uri_that_is_not_registered_letter_by_letter_is_shown_and_never_followed(string uri)
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();

        var page = await browser.GetAsync(
            app.Authorize(more: new Dictionary<string, string?> { ["redirect_uri"] = uri }).Url
        );

        page.IsShown();
    }

    [Fact]
    [Trait("oidc", "A2")]
    [Trait("spec", "OIDC Core 3.1.2.1")]
    public async Task A_missing_redirect_uri_is_shown_even_when_only_one_is_registered()
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();

        (
            await browser.GetAsync(app.Authorize(more: new Dictionary<string, string?> { ["redirect_uri"] = null }).Url)
        ).IsShown();
        (
            await browser.GetAsync(app.Authorize(more: new Dictionary<string, string?> { ["redirect_uri"] = "" }).Url)
        ).IsShown();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("nobody")]
    [Trait("oidc", "A2")]
    [Trait("spec", "RFC 6749 4.1.2.1")]
    public async Task An_unknown_or_missing_client_is_shown(string? clientId)
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();

        (
            await browser.GetAsync(
                app.Authorize(more: new Dictionary<string, string?> { ["client_id"] = clientId }).Url
            )
        ).IsShown();
    }

    [Theory]
    [InlineData("client_id")]
    [InlineData("redirect_uri")]
    [Trait("oidc", "A2")]
    [Trait("spec", "RFC 6749 3.1")]
    public async Task A_client_or_address_given_twice_is_shown(string name)
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();
        var value = name == "client_id" ? app.Client.ClientId : app.RedirectUri;

        // Also when something else is there twice before it.
        (await browser.GetAsync($"{app.Authorize().Url}&{name}={Uri.EscapeDataString(value)}")).IsShown();
        (await browser.GetAsync($"{app.Authorize().Url}&a=1&a=2&{name}={Uri.EscapeDataString(value)}")).IsShown();
    }

    [Fact]
    [Trait("oidc", "A2")]
    [Trait("spec", "OIDC Core 3.1.2.1")]
    public async Task Any_of_several_registered_addresses_is_answered_at()
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync(
            new ClientMetadata { RedirectUris = ["https://app.example.test/first", "https://app.example.test/second"] }
        );

        var page = await browser.GetAsync(
            app.Authorize(
                more: new Dictionary<string, string?> { ["redirect_uri"] = "https://app.example.test/second" }
            ).Url
        );

        Assert.Equal("https://app.example.test/second", page.Location!.GetLeftPart(UriPartial.Path));
    }

    [Fact]
    [Trait("oidc", "A2")]
    [Trait("spec", "RFC 6749 3.1.2")]
    public async Task The_query_of_a_registered_address_is_kept()
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync(
            new ClientMetadata { RedirectUris = ["https://app.example.test/callback?tenant=north&x=%20y"] }
        );

        var good = await browser.GetAsync(app.Authorize().Url);
        var bad = await browser.GetAsync(
            app.Authorize(more: new Dictionary<string, string?> { ["response_type"] = "token" }).Url
        );

        Assert.StartsWith(
            "https://app.example.test/callback?tenant=north&x=%20y&code=",
            good.Headers["Location"],
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            "https://app.example.test/callback?tenant=north&x=%20y&error=",
            bad.Headers["Location"],
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("http://127.0.0.1/callback", "http://127.0.0.1:51004/callback")]
    [InlineData("http://127.0.0.1:8080/callback", "http://127.0.0.1:51004/callback")]
    [InlineData("http://[::1]/callback", "http://[::1]:51004/callback")]
    [Trait("oidc", "A2")]
    [Trait("spec", "RFC 8252 7.3")]
    public async Task A_native_app_may_listen_on_any_port_of_a_loopback_address(string registered, string used)
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync(
            new ClientMetadata { RedirectUris = [registered], TokenEndpointAuthMethod = "none" }
        );
        var attempt = app.Authorize(more: new Dictionary<string, string?> { ["redirect_uri"] = used });

        var page = await browser.GetAsync(attempt.Url);
        var code = Query.Read(page.Location!)["code"];
        var fields = new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code",
            ["code"] = code,
            ["redirect_uri"] = used,
            ["code_verifier"] = attempt.Verifier,
        };

        Assert.Equal(used, page.Location!.GetLeftPart(UriPartial.Path));
        Assert.Equal(HttpStatusCode.OK, (await app.TokenAsync(fields)).Status);
    }

    [Theory]
    [InlineData("http://localhost/callback", "http://localhost:51004/callback")]
    [InlineData("http://127.0.0.1/callback", "http://127.0.0.1:51004/other")]
    [InlineData("https://app.example.test/callback", "https://app.example.test:51004/callback")]
    [Trait("oidc", "A2")]
    [Trait("spec", "RFC 8252 8.3")]
    public async Task No_other_address_may_change_its_port(string registered, string used)
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync(
            new ClientMetadata { RedirectUris = [registered], TokenEndpointAuthMethod = "none" }
        );

        (
            await browser.GetAsync(app.Authorize(more: new Dictionary<string, string?> { ["redirect_uri"] = used }).Url)
        ).IsShown();
    }

    [Fact]
    [Trait("oidc", "A15")]
    [Trait("oidc", "A21")]
    [Trait("oidc", "X4")]
    [Trait("spec", "RFC 9207 2")]
    public async Task Success_is_code_state_and_issuer_and_nothing_else()
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();
        var attempt = app.Authorize();

        var page = await browser.GetAsync(attempt.Url);

        Assert.NotEmpty(app.CodeOf(page, attempt));
        Assert.Equal(HttpStatusCode.SeeOther, page.Status);
        Assert.Equal("", page.Location!.Fragment);
        Assert.Equal("no-store", page.Headers["Cache-Control"]);
    }

    [Fact]
    [Trait("oidc", "A15")]
    [Trait("spec", "RFC 6749 4.1.2")]
    public async Task A_request_without_state_is_answered_without_one()
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();

        var good = await browser.GetAsync(
            app.Authorize(more: new Dictionary<string, string?> { ["state"] = null }).Url
        );
        var bad = await browser.GetAsync(
            app.Authorize(more: new Dictionary<string, string?> { ["state"] = null, ["prompt"] = "dance" }).Url
        );

        Assert.Equal(["code", "iss"], Query.Read(good.Location!).Keys.Order());
        Assert.Equal(["error", "error_description", "iss"], Query.Read(bad.Location!).Keys.Order());
    }

    [Theory]
    [InlineData(10)]
    [InlineData(90)]
    [InlineData(128)]
    [InlineData(1000)]
    [Trait("oidc", "X6")]
    [Trait("spec", "RFC 6749 4.1.2")]
    public async Task State_comes_back_as_it_was_whatever_its_length(int length)
    {
        const string Alphabet = "abc-._~XYZ019 !\"#$%&'()*+,/:;<=>?@[\\]^`{|}";
        var state = string.Concat(Enumerable.Range(0, length).Select(i => Alphabet[i % Alphabet.Length]));
        using var browser = await server.NewPersonAsync();
        using var stranger = server.NewBrowser();
        var app = await server.Given.RelyingPartyAsync();

        var good = await browser.GetAsync(
            app.Authorize(more: new Dictionary<string, string?> { ["state"] = state }).Url
        );
        var bad = await stranger.GetAsync(
            app.Authorize(more: new Dictionary<string, string?> { ["state"] = state, ["prompt"] = "none" }).Url
        );

        Assert.Equal(state, Query.Read(good.Location!)["state"]);
        Assert.Equal(state, Query.Read(bad.Location!)["state"]);
    }

    [Theory]
    [InlineData("é € 😀")]
    [InlineData("a\tb\r\nLocation: https://elsewhere.example.test")]
    [InlineData("%41%00")]
    [Trait("oidc", "X6")]
    [Trait("oidc", "X2")]
    [Trait("spec", "RFC 6749 4.1.2")]
    public async Task State_of_any_characters_comes_back_and_breaks_nothing(string state)
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();

        var page = await browser.GetAsync(
            app.Authorize(more: new Dictionary<string, string?> { ["state"] = state }).Url
        );

        Assert.Equal(state, Query.Read(page.Location!)["state"]);
        Assert.Equal("app.example.test", page.Location!.Host);
    }
}
