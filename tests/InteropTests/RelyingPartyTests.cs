using System.Text.RegularExpressions;
using Microsoft.Playwright;
using TestSupport.Browser;

namespace InteropTests;

/// <summary>
/// A person signs in to apps that we did not write, in a real browser. Username and password are typed once with the
/// straight and once with the curly apostrophe.
/// </summary>
[Collection(InteropTestGroup.Name)]
public sealed partial class RelyingPartyTests(RunningServer server)
{
    private const string Curly = "’";

    [Theory]
    [InlineData("'")]
    [InlineData(Curly)]
    public async Task An_Express_app_on_openid_client_signs_a_person_in_refreshes_and_logs_out(string apostrophe)
    {
        await using var app = await App.ExpressAsync(server);
        await UseExpressAsync(app, apostrophe);
    }

    [Fact]
    [Trait("spec", "RFC 9126")]
    [Trait("spec", "RFC 7523")]
    public async Task The_same_app_may_sign_its_assertions_with_a_key_and_push_its_requests()
    {
        await using var app = await App.ExpressWithKeyAsync(server);
        await UseExpressAsync(app, "'");
    }

    [Fact]
    [Trait("spec", "RFC 8628")]
    public async Task A_device_on_openid_client_signs_a_person_in_who_enters_its_code_in_a_browser()
    {
        await using var device = await App.DeviceAsync(server);
        await device.WaitUntilAsync(() => Task.FromResult(Invitation().IsMatch(device.Output)), "The device");
        var invitation = Invitation().Match(device.Output);
        await using var visitor = await Visitor.ArriveAsync([server.Issuer]);
        var page = visitor.Page;

        await page.GotoAsync(invitation.Groups["page"].Value);
        await page.FillAsync("input[type=text]", invitation.Groups["code"].Value);
        await page.ClickAsync("main form button[type=submit]");
        await LogInAsync(visitor, "'");
        await page.ClickAsync("button[name=Allow]");
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("You can go back to your device");

        await device.WaitUntilAsync(
            () => Task.FromResult(device.Output.Contains($"Hello {RunningServer.Username}!", StringComparison.Ordinal)),
            "The device's greeting"
        );
    }

    [Fact]
    public async Task The_app_in_the_README_greets_by_name_and_survives_a_callback_opened_twice_and_a_session_that_is_gone()
    {
        await using var app = await App.ReadmeAsync(server);
        await using var visitor = await Visitor.ArriveAsync([server.Issuer, app.Origin]);
        var page = visitor.Page;
        var callback = page.WaitForRequestAsync(request =>
            request.Url.StartsWith(app.Origin + "/signin-oidc", StringComparison.Ordinal)
        );

        await page.GotoAsync(app.Origin);
        await LogInAsync(visitor, Curly);
        await Assertions.Expect(page.Locator("body")).ToHaveTextAsync($"Hello, {RunningServer.Username}");

        var again = await page.GotoAsync((await callback).Url);
        Assert.Equal(400, again?.Status);
        await page.ClickAsync("text=Go back to the app");
        await Assertions.Expect(page.Locator("body")).ToHaveTextAsync($"Hello, {RunningServer.Username}");

        await page.Context.ClearCookiesAsync(new BrowserContextClearCookiesOptions { Name = "connect.sid" });
        await page.GotoAsync(app.Origin + "/log-out");
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Do you want to log out?");
        await page.ClickAsync("main form button[type=submit]");
        await Assertions.Expect(page.Locator("body")).ToHaveTextAsync("You have logged out.");
    }

    private async Task UseExpressAsync(App app, string apostrophe)
    {
        await using var visitor = await Visitor.ArriveAsync([server.Issuer, app.Origin]);
        var page = visitor.Page;

        await page.GotoAsync(app.Origin + "/log-in");
        await LogInAsync(visitor, apostrophe);
        await AgreeAsync(page, app);
        await Assertions.Expect(page.Locator("#username")).ToHaveTextAsync(RunningServer.Username);
        var access = await page.TextContentAsync("#access");

        await page.ClickAsync("text=Refresh");
        await Assertions.Expect(page.Locator("#access")).Not.ToHaveTextAsync(access!);
        await Assertions.Expect(page.Locator("#username")).ToHaveTextAsync(RunningServer.Username);

        await page.ClickAsync("text=Log out");
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Logged out of the Express app");
        await Assertions.Expect(page.Locator("#state")).ToHaveTextAsync("see you");
        await page.ClickAsync("text=Log in");
        await Assertions.Expect(page.Locator("input[name=Password]")).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData("'")]
    [InlineData(Curly)]
    public async Task A_browser_only_app_on_oidc_client_ts_signs_a_person_in_renews_asks_silently_and_logs_out(
        string apostrophe
    )
    {
        await using var app = await App.BrowserOnlyAsync(server);
        await using var visitor = await Visitor.ArriveAsync([server.Issuer, app.Origin]);
        var page = visitor.Page;
        var (status, access) = (page.Locator("#status"), page.Locator("#access"));

        await page.GotoAsync(app.Origin);
        await page.ClickAsync("#silent");
        await Assertions.Expect(status).ToContainTextAsync("Failed: ");
        await page.ClickAsync("#log-in");
        await LogInAsync(visitor, apostrophe);
        await Assertions.Expect(status).ToHaveTextAsync("Logged in");
        var first = await access.TextContentAsync();

        await page.ClickAsync("#userinfo");
        await Assertions.Expect(status).ToHaveTextAsync("Details: 200");
        await Assertions.Expect(page.Locator("#username")).ToHaveTextAsync(RunningServer.Username);

        await page.ClickAsync("#renew");
        await Assertions.Expect(status).ToHaveTextAsync("Renewed");
        await Assertions.Expect(access).Not.ToHaveTextAsync(first!);

        await page.ClickAsync("#silent");
        await Assertions.Expect(status).ToHaveTextAsync("Asked silently");
        await Assertions.Expect(page.Locator("#username")).ToHaveTextAsync(RunningServer.Username);

        await page.ClickAsync("#log-out");
        await Assertions.Expect(status).ToHaveTextAsync("Logged out");
        await page.GotoAsync(app.Origin);
        await page.ClickAsync("#silent");
        await Assertions.Expect(status).ToContainTextAsync("Failed: ");
    }

    [Theory]
    [InlineData("'")]
    [InlineData(Curly)]
    public async Task Apache_with_mod_auth_openidc_signs_a_person_in_refreshes_and_logs_out(string apostrophe)
    {
        await using var app = await App.ApacheAsync(server);
        await using var visitor = await Visitor.ArriveAsync([server.Issuer, app.Origin]);
        var page = visitor.Page;
        var redirectUri = $"{app.Origin}/app/redirect_uri";

        await page.GotoAsync($"{app.Origin}/app/");
        await LogInAsync(visitor, apostrophe);
        await AgreeAsync(page, app);
        await Assertions.Expect(page.Locator("#username")).ToHaveTextAsync(RunningServer.Username);

        var before = await InfoAsync(page, redirectUri);
        await page.GotoAsync(
            $"{redirectUri}?refresh={Uri.EscapeDataString($"{app.Origin}/app/")}&access_token={Uri.EscapeDataString(before.AccessToken)}"
        );
        await Assertions.Expect(page.Locator("#username")).ToHaveTextAsync(RunningServer.Username);
        var after = await InfoAsync(page, redirectUri);
        Assert.Equal(RunningServer.Username, after.Username);
        Assert.NotEqual(before.AccessToken, after.AccessToken);

        await page.GotoAsync($"{redirectUri}?logout={Uri.EscapeDataString($"{app.Origin}/goodbye.html")}");
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Logged out of the Apache app");
        await page.GotoAsync($"{app.Origin}/app/");
        await Assertions.Expect(page.Locator("input[name=Password]")).ToBeVisibleAsync();
    }

    private static Task LogInAsync(Visitor visitor, string apostrophe) =>
        visitor.LogInAsync(
            RunningServer.Username.Replace("'", apostrophe, StringComparison.Ordinal),
            RunningServer.Password.Replace("'", apostrophe, StringComparison.Ordinal)
        );

    /// <summary>Says yes on the consent page, which comes because the app asked for it (offline access).</summary>
    private static async Task AgreeAsync(IPage page, App app)
    {
        await page.ClickAsync("main form button[type=submit] >> nth=0");
        await page.WaitForURLAsync(url => url.StartsWith(app.Origin, StringComparison.Ordinal));
    }

    /// <summary>What mod_auth_openidc knows: it asked userinfo itself.</summary>
    private static async Task<(string AccessToken, string Username)> InfoAsync(IPage page, string redirectUri)
    {
        var answer = await page.APIRequest.GetAsync($"{redirectUri}?info=json");
        var info = (await answer.JsonAsync())!.Value;
        return (
            info.GetProperty("access_token").GetString()!,
            info.GetProperty("userinfo").GetProperty("preferred_username").GetString()!
        );
    }

    [GeneratedRegex(@"Open (?<page>\S+) and enter (?<code>\S+)\.")]
    private static partial Regex Invitation();
}
