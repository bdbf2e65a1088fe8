using System.Net;
using AuthServer.Clients;
using Microsoft.EntityFrameworkCore;
using TestSupport;

namespace ProtocolTests.Token;

/// <summary>
/// The device authorization grant: an app on a shared ward device, its user's browser, and the page between them.
/// </summary>
public sealed class DeviceFlowTests(ClockedServer clocked) : IClassFixture<ClockedServer>
{
    private const string DeviceCodeGrant = "urn:ietf:params:oauth:grant-type:device_code";

    private static readonly ClientMetadata WardApp = new()
    {
        ClientName = "Ward tablet",
        GrantTypes = [DeviceCodeGrant, "refresh_token"],
        ResponseTypes = [],
        Scope = "openid profile offline_access",
        TokenEndpointAuthMethod = "none",
    };

    private readonly AuthServerFixture server = clocked.Server;

    [Fact]
    [Trait("spec", "RFC 8628 3.2")]
    public async Task A_device_gets_two_codes_and_the_address_of_the_page()
    {
        var app = await server.Given.RelyingPartyAsync(WardApp);

        var answer = (await StartAsync(app)).Ok();

        Assert.Equal(
            ["device_code", "expires_in", "interval", "user_code", "verification_uri", "verification_uri_complete"],
            answer.Json.EnumerateObject().Select(member => member.Name).Order()
        );
        Assert.Matches("^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$", UserCode(answer));
        Assert.Equal($"{server.Issuer}/device", answer.Json.GetProperty("verification_uri").GetString());
        Assert.Equal(
            $"{server.Issuer}/device?user_code={UserCode(answer)}",
            answer.Json.GetProperty("verification_uri_complete").GetString()
        );
        Assert.Equal(600, answer.Json.GetProperty("expires_in").GetInt64());
        Assert.Equal(5, answer.Json.GetProperty("interval").GetInt64());
        Assert.True(DeviceCode(answer).Length >= 43);
        Assert.Equal("application/json", answer.Headers["Content-Type"]);
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
    }

    [Fact]
    [Trait("spec", "RFC 8628 3.1")]
    public async Task A_client_that_is_not_registered_for_it_gets_no_codes()
    {
        var app = await server.Given.RelyingPartyAsync();

        (await StartAsync(app)).IsError("unauthorized_client");
        (await PollAsync(app, "whatever")).IsError("unauthorized_client");
    }

    [Theory]
    [InlineData("email")]
    [InlineData(null)]
    [Trait("spec", "RFC 8628 3.1")]
    public async Task A_request_without_a_scope_that_is_open_to_the_client_is_refused(string? scope)
    {
        var app = await server.Given.RelyingPartyAsync(WardApp);

        (await StartAsync(app, scope)).IsError("invalid_scope");
    }

    [Fact]
    [Trait("spec", "RFC 8628 3.1")]
    public async Task A_confidential_client_has_to_authenticate()
    {
        var app = await server.Given.RelyingPartyAsync(
            WardApp with
            {
                TokenEndpointAuthMethod = "client_secret_basic",
            }
        );
        using var stranger = server.NewBrowser();

        (await StartAsync(app)).Ok();
        (
            await stranger.PostAsync(
                "/connect/device",
                new Dictionary<string, string> { ["client_id"] = app.Client.ClientId, ["scope"] = "openid" }
            )
        ).IsError("invalid_client", HttpStatusCode.Unauthorized);
        (await stranger.GetAsync("/connect/device")).IsError("invalid_request", HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    [Trait("spec", "RFC 8628 3.3")]
    [Trait("spec", "RFC 8628 3.5")]
    public async Task The_user_enters_the_code_allows_the_app_and_the_device_gets_tokens_once()
    {
        var account = await server.Given.AccountAsync();
        using var browser = await server.Given.LoggedInAsync(account);
        var app = await server.Given.RelyingPartyAsync(WardApp);
        var device = (await StartAsync(app, "openid profile email")).Ok();
        (await PollAsync(app, DeviceCode(device))).IsError("authorization_pending");

        var enter = (await browser.GetAsync("/device")).Ok();
        var question = (await EnterAsync(browser, UserCode(device))).Ok();
        var done = await browser.FollowAsync(await browser.SubmitAsync(question, button: "Allow"));
        var tokens = (await PollAsync(app, DeviceCode(device))).Ok();

        Assert.Equal("Enter the code shown on your device", enter.Heading);
        Assert.Equal("Do you want to use Ward tablet on your device?", question.Heading);
        Assert.Contains(UserCode(device), question.Text, StringComparison.Ordinal);
        Assert.Contains("your name and username", question.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("email address", question.Text, StringComparison.Ordinal);
        Assert.Equal("You can go back to your device", done.Ok().Heading);
        Assert.Equal("openid profile", tokens.Json.GetProperty("scope").GetString());
        var idToken = await app.VerifyIdTokenAsync(tokens.Json.GetProperty("id_token").GetString()!, null);
        Assert.Equal(account.Id.ToString(), idToken.Subject);
        (await app.UserInfoAsync(tokens.AccessToken())).Ok();
        (await PollAsync(app, DeviceCode(device))).IsError("invalid_grant");
        (await app.RefreshAsync(tokens.RefreshToken())).Ok();
        Assert.Equal(
            1,
            await server.InDatabaseAsync(db =>
                db.Authorizations.CountAsync(a => a.AccountId == account.Id && a.Type == "sign-in")
            )
        );
    }

    [Fact]
    [Trait("spec", "RFC 8628 3.3.1")]
    public async Task A_user_who_is_not_logged_in_logs_in_and_comes_back_to_the_code()
    {
        var account = await server.Given.AccountAsync();
        using var browser = server.NewBrowser();
        var app = await server.Given.RelyingPartyAsync(WardApp);
        var device = (await StartAsync(app)).Ok();

        var logIn = await browser.OpenAsync(device.Json.GetProperty("verification_uri_complete").GetString()!);
        var question = await browser.LogInAsync(logIn, account.Username, account.Password);
        await browser.SubmitAsync(question, button: "Allow");

        Assert.Equal("/log-in", logIn.Url.AbsolutePath);
        Assert.Equal("Do you want to use Ward tablet on your device?", question.Heading);
        (await PollAsync(app, DeviceCode(device))).Ok();
    }

    [Fact]
    [Trait("spec", "RFC 8628 6.1")]
    public async Task The_code_may_be_typed_in_any_case_with_spaces_and_without_the_hyphen()
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync(WardApp);
        var code = UserCode((await StartAsync(app)).Ok());
        var letters = code.Replace("-", "", StringComparison.Ordinal);
        string[] typed =
        [
            letters,
            code.ToLowerInvariant(),
            $" {letters[..3]} {letters[3..]} ",
            $"{letters[..4]}\u2013{letters[4..]}",
        ];

        foreach (var variant in typed)
        {
            Assert.Equal(
                "Do you want to use Ward tablet on your device?",
                (await EnterAsync(browser, variant)).Ok().Heading
            );
        }
    }

    [Theory]
    [InlineData("", "Enter the code shown on your device")]
    [InlineData("BCDF", "The code must be 8 letters")]
    [InlineData("AEIO-UAEI", "The code must be 8 letters")]
    [InlineData("BBBB-BBBB", "The code is incorrect, or it has expired")]
    [Trait("spec", "RFC 8628 3.3")]
    public async Task A_code_that_no_device_shows_is_an_error_of_the_field(string typed, string words)
    {
        using var browser = await server.NewPersonAsync();

        var page = (await EnterAsync(browser, typed)).Ok();

        Assert.Contains(words, page.One(".nhsuk-error-summary").TextContent, StringComparison.Ordinal);
        Assert.Contains(words, page.One("#user_code-error").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("spec", "RFC 8628 3.5")]
    public async Task A_user_who_does_not_allow_it_ends_the_request()
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync(WardApp);
        var device = (await StartAsync(app)).Ok();

        var done = await browser.FollowAsync(
            await browser.SubmitAsync(await EnterAsync(browser, UserCode(device)), button: "Deny")
        );

        Assert.Equal("You did not allow the app on your device", done.Ok().Heading);
        (await PollAsync(app, DeviceCode(device))).IsError("access_denied");
        Assert.Contains("has expired", (await EnterAsync(browser, UserCode(device))).Text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("spec", "RFC 8628 3.5")]
    public async Task A_device_that_polls_too_often_is_told_to_slow_down()
    {
        var app = await server.Given.RelyingPartyAsync(WardApp);
        var code = DeviceCode((await StartAsync(app)).Ok());

        (await PollAsync(app, code)).IsError("authorization_pending");
        (await PollAsync(app, code)).IsError("slow_down");
        server.Clock.Advance(TimeSpan.FromSeconds(5));
        (await PollAsync(app, code)).IsError("authorization_pending");
    }

    [Fact]
    [Trait("spec", "RFC 8628 3.5")]
    public async Task Both_codes_expire_after_ten_minutes()
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync(WardApp);
        var device = (await StartAsync(app)).Ok();

        server.Clock.Advance(TimeSpan.FromMinutes(10) + TimeSpan.FromSeconds(1));

        (await PollAsync(app, DeviceCode(device))).IsError("expired_token");
        Assert.Contains("has expired", (await EnterAsync(browser, UserCode(device))).Text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("spec", "RFC 8628 3.4")]
    public async Task A_device_code_is_its_clients_alone_and_an_unknown_one_nobodys()
    {
        var app = await server.Given.RelyingPartyAsync(WardApp);
        var other = await server.Given.RelyingPartyAsync(WardApp);
        var device = (await StartAsync(app)).Ok();

        (await PollAsync(other, DeviceCode(device))).IsError("invalid_grant");
        (await PollAsync(app, "unknown")).IsError("invalid_grant");
        (await PollAsync(app, UserCode(device).Replace("-", "", StringComparison.Ordinal))).IsError("invalid_grant");
        (await app.TokenAsync(new Dictionary<string, string> { ["grant_type"] = DeviceCodeGrant })).IsError(
            "invalid_request"
        );
    }

    [Fact]
    [Trait("spec", "RFC 8628 5.1")]
    public async Task Guessing_codes_is_slowed_down_and_a_right_one_between_does_not_help()
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync(WardApp);
        var device = (await StartAsync(app)).Ok();

        for (var i = 0; i < 6; i++)
        {
            (await EnterAsync(browser, "BBBB-BBBB")).Ok();
            if (i == 3)
            {
                Assert.StartsWith(
                    "Do you want",
                    (await EnterAsync(browser, UserCode(device))).Heading,
                    StringComparison.Ordinal
                );
            }
        }

        var blocked = await EnterAsync(browser, UserCode(device));

        Assert.Equal(HttpStatusCode.TooManyRequests, blocked.Status);
        Assert.Equal("Too many attempts", blocked.Heading);
        Assert.Equal("1", blocked.Headers["Retry-After"]);
    }

    [Fact]
    public async Task Without_offline_access_the_tokens_end_with_the_session_of_the_browser()
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync(WardApp);
        var bound = (await AllowedAsync(app, browser, "openid")).Ok();
        var offline = (await AllowedAsync(app, browser, "openid offline_access")).Ok();

        await browser.SubmitAsync(await browser.GetAsync("/log-out"));

        Assert.Equal(HttpStatusCode.Unauthorized, (await app.UserInfoAsync(bound.AccessToken())).Status);
        (await app.RefreshAsync(bound.RefreshToken())).IsError("invalid_grant");
        (await app.RefreshAsync(offline.RefreshToken())).Ok();
    }

    [Fact]
    public async Task A_device_that_comes_for_its_tokens_after_the_log_out_gets_none()
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync(WardApp);
        var device = (await StartAsync(app)).Ok();
        await browser.SubmitAsync(await EnterAsync(browser, UserCode(device)), button: "Allow");
        await browser.SubmitAsync(await browser.GetAsync("/log-out"));

        (await PollAsync(app, DeviceCode(device))).IsError("invalid_grant");
    }

    [Fact]
    [Trait("spec", "RFC 8628 3.5")]
    public async Task Of_parallel_polls_one_gets_the_tokens()
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync(WardApp);
        var device = (await StartAsync(app)).Ok();
        await browser.SubmitAsync(await EnterAsync(browser, UserCode(device)), button: "Allow");

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => PollAsync(app, DeviceCode(device))));

        var tokens = Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.All(answers.Where(answer => answer != tokens), answer => answer.IsError("invalid_grant"));
        (await app.UserInfoAsync(tokens.AccessToken())).Ok();
    }

    [Fact]
    [Trait("spec", "RFC 8628 4")]
    public async Task Discovery_names_the_endpoint()
    {
        using var browser = server.NewBrowser();

        var document = (await browser.GetAsync("/.well-known/openid-configuration")).Ok().Json;

        Assert.Equal(
            $"{server.Issuer}/connect/device",
            document.GetProperty("device_authorization_endpoint").GetString()
        );
        Assert.Contains(
            DeviceCodeGrant,
            document.GetProperty("grant_types_supported").EnumerateArray().Select(type => type.GetString())
        );
    }

    private static async Task<Page> AllowedAsync(RelyingParty app, TestBrowser browser, string scope)
    {
        var device = (await StartAsync(app, scope)).Ok();
        await browser.SubmitAsync(await EnterAsync(browser, UserCode(device)), button: "Allow");
        return await PollAsync(app, DeviceCode(device));
    }

    /// <summary>What a user does who types the code into the page.</summary>
    private static async Task<Page> EnterAsync(TestBrowser browser, string code) =>
        await browser.FollowAsync(
            await browser.SubmitAsync(
                await browser.GetAsync("/device"),
                new Dictionary<string, string> { ["user_code"] = code }
            )
        );

    private static Task<Page> StartAsync(RelyingParty app, string? scope = "openid") =>
        app.PostAsync(
            "/connect/device",
            scope is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["scope"] = scope }
        );

    private static Task<Page> PollAsync(RelyingParty app, string code) =>
        app.TokenAsync(new Dictionary<string, string> { ["grant_type"] = DeviceCodeGrant, ["device_code"] = code });

    private static string UserCode(Page answer) => answer.Json.GetProperty("user_code").GetString()!;

    private static string DeviceCode(Page answer) => answer.Json.GetProperty("device_code").GetString()!;
}
