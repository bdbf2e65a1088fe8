using System.Net;
using TestSupport;

namespace ProtocolTests.Authorize;

/// <summary>
/// Pushed authorization requests (RFC 9126): the app sends the request itself, and the browser only carries its name.
/// </summary>
[Trait("spec", "RFC 9126")]
public sealed class PushedAuthorizationTests(ClockedServer clocked) : IClassFixture<ClockedServer>
{
    private const string Par = "/connect/par";

    private readonly AuthServerFixture server = clocked.Server;

    [Fact]
    [Trait("oidc", "P1")]
    [Trait("spec", "RFC 9126 2.2")]
    public async Task A_pushed_request_is_named_for_sixty_seconds_and_leads_to_a_code()
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();
        var attempt = app.Authorize();

        var pushed = await PushAsync(app, attempt);

        Assert.Equal(HttpStatusCode.Created, pushed.Status);
        Assert.Equal("no-store", pushed.Headers["Cache-Control"]);
        Assert.Equal(60, pushed.Json.GetProperty("expires_in").GetInt32());
        var code = app.Callback(await browser.GetAsync(AddressOf(app, pushed)), attempt)["code"];
        await app.RedeemedAsync(code, attempt);
    }

    [Fact]
    [Trait("oidc", "A17")]
    [Trait("spec", "RFC 9126 7.3")]
    public async Task It_ends_when_the_code_is_made_and_not_before()
    {
        using var visitor = server.NewBrowser();
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();
        var attempt = app.Authorize();
        var pushed = await PushAsync(app, attempt);

        Assert.NotEmpty((await visitor.GetAsync(AddressOf(app, pushed))).TicketFor("/log-in")); // a first visit
        Assert.NotEmpty((await visitor.GetAsync(AddressOf(app, pushed))).TicketFor("/log-in")); // and a reload
        app.Callback(await browser.GetAsync(AddressOf(app, pushed)), attempt);

        (await browser.GetAsync(AddressOf(app, pushed))).IsShown();
    }

    [Fact]
    [Trait("spec", "RFC 9126 7.3")]
    public async Task It_ends_with_an_error_that_is_sent_to_the_app_too()
    {
        using var visitor = server.NewBrowser();
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();
        var attempt = app.Authorize(more: new Dictionary<string, string?> { ["prompt"] = "none" });
        var address = AddressOf(app, await PushAsync(app, attempt));

        Assert.Equal("login_required", await app.RefusedAsync(visitor, attempt with { Url = address }));

        (await browser.GetAsync(address)).IsShown();
    }

    [Theory]
    [InlineData("request_uri=urn:ietf:params:oauth:request_uri:x")]
    [InlineData("state=a&state=b")]
    [Trait("spec", "RFC 6749 3.1")]
    public async Task Nothing_may_be_there_twice_beside_its_name_either(string more)
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();
        var attempt = app.Authorize();
        var address = AddressOf(app, await PushAsync(app, attempt));

        (await browser.GetAsync($"{address}&{more}")).IsShown();

        app.Callback(await browser.GetAsync(address), attempt);
    }

    [Fact]
    [Trait("spec", "RFC 9126 4")]
    public async Task A_log_in_that_takes_longer_than_the_request_lives_still_ends_at_the_app()
    {
        var account = await server.Given.AccountAsync();
        using var browser = server.NewBrowser();
        var app = await server.Given.RelyingPartyAsync();
        var attempt = app.Authorize();
        var ticket = (await browser.GetAsync(AddressOf(app, await PushAsync(app, attempt)))).TicketFor("/log-in");

        server.Clock.Advance(TimeSpan.FromMinutes(10));
        await server.Given.LoggedInAsync(account, browser);

        var code = app.Callback(await browser.GetAsync($"/connect/authorize?ticket={ticket}"), attempt)["code"];
        (await app.RedeemAsync(code, attempt.Verifier)).Ok();
        Assert.Equal(
            "invalid_request_uri",
            await app.RefusedAsync(browser, attempt with { Url = $"/connect/authorize?ticket={ticket}" })
        );
    }

    [Fact]
    [Trait("oidc", "A17")]
    public async Task After_its_time_and_for_another_client_it_is_shown_as_an_error()
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();
        var other = await server.Given.RelyingPartyAsync();
        var attempt = app.Authorize();
        var pushed = await PushAsync(app, attempt);

        Assert.Equal(app.RedirectUri, other.RedirectUri); // nothing but the client is another one
        (await browser.GetAsync(AddressOf(other, pushed))).IsShown();
        app.Callback(await browser.GetAsync(AddressOf(app, pushed)), attempt);

        pushed = await PushAsync(app, app.Authorize());
        server.Clock.Advance(TimeSpan.FromSeconds(61));
        (await browser.GetAsync(AddressOf(app, pushed))).IsShown();
        (
            await browser.GetAsync(
                $"/connect/authorize?client_id={app.Client.ClientId}&request_uri=urn:ietf:params:oauth:request_uri:unknown"
            )
        ).IsShown();
    }

    [Fact]
    [Trait("oidc", "A16")]
    public async Task Only_the_pushed_parameters_count()
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();
        var attempt = app.Authorize();
        var pushed = await PushAsync(app, attempt);

        var page = await browser.GetAsync(
            AddressOf(app, pushed) + "&state=another&redirect_uri=https%3A%2F%2Felsewhere.example&scope=email"
        );

        app.Callback(page, attempt);
    }

    [Fact]
    [Trait("oidc", "A16")]
    [Trait("spec", "RFC 9126 6")]
    public async Task A_client_registered_for_it_has_to_push()
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync(
            ProtocolSteps.EveryScope with
            {
                RequirePushedAuthorizationRequests = true,
            }
        );
        var attempt = app.Authorize();

        Assert.Equal("invalid_request", await app.RefusedAsync(browser, attempt));
        app.Callback(await browser.GetAsync(AddressOf(app, await PushAsync(app, attempt))), attempt);
    }

    [Theory]
    [InlineData("redirect_uri", "https://elsewhere.example/callback", "invalid_request")]
    [InlineData("redirect_uri", null, "invalid_request")]
    [InlineData("response_type", "token", "unsupported_response_type")]
    [InlineData("code_challenge", null, "invalid_request")]
    [InlineData("code_challenge_method", "plain", "invalid_request")]
    [InlineData("request_uri", "urn:ietf:params:oauth:request_uri:x", "invalid_request")]
    [InlineData("prompt", "none login", "invalid_request")]
    [InlineData("max_age", "soon", "invalid_request")]
    [Trait("oidc", "A19")]
    [Trait("oidc", "P3")]
    [Trait("oidc", "P6")]
    [Trait("spec", "RFC 9126 2.3")]
    public async Task What_the_authorization_endpoint_would_refuse_is_refused_when_it_is_pushed(
        string name,
        string? value,
        string error
    )
    {
        var app = await server.Given.RelyingPartyAsync();

        (await PushAsync(app, app.Authorize(more: new Dictionary<string, string?> { [name] = value }))).IsError(error);
    }

    [Fact]
    [Trait("oidc", "P1")]
    [Trait("oidc", "P2")]
    public async Task The_client_has_to_authenticate_and_to_post()
    {
        using var browser = server.NewBrowser();
        var app = await server.Given.RelyingPartyAsync();
        var fields = FieldsOf(app.Authorize());

        (await browser.PostAsync(Par, fields)).IsError("invalid_client", HttpStatusCode.Unauthorized);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await browser.GetAsync(Par)).Status);
    }

    [Fact]
    [Trait("oidc", "P5")]
    public async Task A_long_state_and_nonce_come_back()
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();
        var (state, nonce) = (new string('s', 1000), new string('n', 384));
        var attempt = app.Authorize(more: new Dictionary<string, string?> { ["state"] = state, ["nonce"] = nonce });
        attempt = attempt with { State = state, Nonce = nonce };

        var code = app.Callback(await browser.GetAsync(AddressOf(app, await PushAsync(app, attempt))), attempt)["code"];

        await app.RedeemedAsync(code, attempt);
    }

    private static Task<Page> PushAsync(RelyingParty app, AuthorizeAttempt attempt) =>
        app.PostAsync(
            Par,
            FieldsOf(attempt)
                .Where(field => field.Key != "client_id")
                .ToDictionary(field => field.Key, field => field.Value)
        );

    private static Dictionary<string, string> FieldsOf(AuthorizeAttempt attempt) =>
        new(Query.Read(new Uri("http://localhost" + attempt.Url)));

    private static string AddressOf(RelyingParty app, Page pushed) =>
        $"/connect/authorize?client_id={app.Client.ClientId}&request_uri={Uri.EscapeDataString(pushed.Json.GetProperty("request_uri").GetString()!)}";
}
