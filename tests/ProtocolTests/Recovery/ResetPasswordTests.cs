using System.Net;
using System.Text.RegularExpressions;
using AuthServer.Clients;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using TestSupport;

namespace ProtocolTests.Recovery;

/// <summary>
/// The pages behind a link: where its token gets to, where they lead, and what is said while a password is typed.
/// </summary>
public sealed class ResetPasswordTests(AuthServerFixture server) : IClassFixture<AuthServerFixture>
{
    private Forgotten Forgotten => new(server);

    [Fact]
    public async Task The_token_gets_into_no_log_line_and_no_referrer()
    {
        await using var chatty = await AuthServerFixture.StartAsync(
            settings: new Dictionary<string, string?>
            {
                ["Logging:LogLevel:Default"] = "Trace",
                ["Logging:LogLevel:Microsoft"] = "Trace",
                ["Logging:LogLevel:Microsoft.AspNetCore"] = "Trace",
                ["Logging:LogLevel:Microsoft.EntityFrameworkCore"] = "Trace",
                ["Logging:LogLevel:Microsoft.EntityFrameworkCore.Database"] = "Trace",
            }
        );
        await chatty.Given.AccountAsync(
            "mc'gonagall7777",
            a => (a.Email, a.EmailVerified) = ("minerva@example.test", true)
        );
        var forgotten = new Forgotten(chatty);
        var link = await forgotten.LinkAsync("minerva@example.test");
        using var browser = chatty.NewBrowser();

        var form = (await browser.GetAsync(link)).Ok();
        var refused = await Forgotten.ChooseAsync(browser, link, "short");
        var missing = await browser.GetAsync(link + "/and-more");
        var spent = await Forgotten.ChooseAsync(browser, link);
        var dead = await browser.GetAsync(link);

        Page[] pages = [form, refused, missing, spent, dead, await browser.FollowAsync(spent)];
        Assert.All(pages, page => Assert.Equal("no-referrer", page.Headers["Referrer-Policy"]));
        Assert.All(
            pages[1..],
            page =>
                Assert.DoesNotContain(
                    page.All("a[href], link[href], script[src]"),
                    element =>
                        (element.GetAttribute("href") ?? element.GetAttribute("src") ?? "").Contains(
                            link,
                            StringComparison.Ordinal
                        )
                )
        );
        var log = chatty.Log.ToString();
        Assert.NotEmpty(log);
        foreach (var secret in new[] { link.Split('/')[^1], "gonagall", "minerva", Forgotten.NewPassword })
        {
            Assert.DoesNotContain(secret, log, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task The_proxy_that_we_ship_a_configuration_for_leaves_the_token_out_of_its_log()
    {
        var configuration = await File.ReadAllTextAsync(Repository.PathOf("deploy/nginx.conf"));

        Assert.Contains("~*^/reset-password/ ", configuration, StringComparison.Ordinal);
        Assert.DoesNotContain("$request_uri $status", configuration, StringComparison.Ordinal);
        Assert.DoesNotContain("$uri $status", configuration, StringComparison.Ordinal);
        Assert.All(
            Regex.Split(configuration, @"(?m)^server \{")[1..],
            server =>
            {
                Assert.Matches(@"(?m)^    access_log (off|\S+ without_secrets);", server);
                Assert.Matches(@"(?m)^    error_log \S+ crit;", server); // lesser errors quote the request line
            }
        );
    }

    [Fact]
    public async Task An_app_that_says_where_it_begins_a_log_in_is_led_back_to_in_any_browser()
    {
        var app = await server.Given.RelyingPartyAsync(
            new ClientMetadata
            {
                ClientName = "Foundation ePortfolio",
                RedirectUris = [Given.RedirectUri],
                InitiateLoginUri = "https://foundation.example.test/start",
            }
        );

        var answer = await ResetAsync(app);

        Assert.Equal(HttpStatusCode.SeeOther, answer.Status);
        Assert.StartsWith(
            "https://foundation.example.test/start?iss=",
            answer.Location?.AbsoluteUri,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task The_request_of_an_app_that_does_not_say_is_taken_up_again_in_another_browser()
    {
        var app = await server.Given.RelyingPartyAsync();
        var attempt = app.Authorize();
        var person = await PersonAsync();
        string link;
        using (var first = server.NewBrowser())
        {
            var logIn = await first.OpenAsync(attempt.Url);
            var forgotten = logIn.One("main a[href^='/forgotten-login-details']").GetAttribute("href")!;
            link = await Forgotten.LinkAsync(person.Email, forgotten);
        }

        using var second = server.NewBrowser();
        var back = await second.FollowAsync(await Forgotten.ChooseAsync(second, link));

        await app.RedeemedAsync(app.Callback(back, attempt)["code"], attempt);
    }

    [Fact]
    public async Task Without_an_app_the_last_page_says_that_the_person_is_logged_in_and_lists_the_apps()
    {
        var app = await server.Given.ClientAsync(
            new ClientMetadata
            {
                ClientName = "Surgical logbook",
                ClientUri = "https://logbook.example.test/",
                LogoUri = "https://logbook.example.test/logo.png",
                RedirectUris = [Given.RedirectUri],
            }
        );
        server.Services.GetRequiredService<ClientDirectory>().Forget(app.ClientId);
        var person = await PersonAsync();
        using var browser = server.NewBrowser();

        var done = await browser.FollowAsync(
            await Forgotten.ChooseAsync(browser, await Forgotten.LinkAsync(person.Email))
        );

        Assert.Equal("You have changed your password", done.Heading);
        Assert.Contains("You are logged in here.", done.Text, StringComparison.Ordinal);
        var listed = done.One("main a[href='https://logbook.example.test/']");
        Assert.Equal("Surgical logbook", listed.TextContent.Trim());
        Assert.Equal($"/app-logo/{app.ClientId}", listed.QuerySelector("img")?.GetAttribute("src"));
        Assert.Equal("Your account", (await browser.GetAsync("/account")).Ok().Heading);
        Assert.Contains(person.Username, done.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?link=00000000-0000-0000-0000-000000000001")]
    [InlineData("?link=no-guid")]
    public async Task The_last_page_tells_nothing_to_who_has_not_come_by_a_link(string query)
    {
        using var browser = server.NewBrowser();

        var page = (await browser.GetAsync("/reset-password/done" + query)).Ok();

        Assert.Equal("Log in with your new password", page.Heading);
        Assert.Equal("/log-in", page.One("main a.nhsuk-button").GetAttribute("href"));
    }

    [Theory]
    [InlineData("short", 0, "Your password must be 12 characters or more.")]
    [InlineData("four green bicycles uphill", 3, "Strong.")]
    public async Task While_a_password_is_typed_its_strength_is_said(string typed, int score, string message)
    {
        var person = await PersonAsync();
        using var browser = server.NewBrowser();
        var form = (await browser.GetAsync(await Forgotten.LinkAsync(person.Email))).Ok();

        var answer = (await StrengthAsync(browser, form, typed)).Ok();

        Assert.Equal(
            (score, message),
            (answer.Json.GetProperty("score").GetInt32(), answer.Json.GetProperty("message").GetString())
        );
        Assert.Contains("no-store", answer.Headers["Cache-Control"], StringComparison.Ordinal);
        Assert.DoesNotContain(typed, server.Log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_strength_of_a_password_is_said_to_nobody_without_a_link()
    {
        var person = await PersonAsync();
        var link = await Forgotten.LinkAsync(person.Email);
        using var browser = server.NewBrowser();
        var form = (await browser.GetAsync(link)).Ok();
        await Forgotten.ChooseAsync(browser, link);

        Assert.Equal(HttpStatusCode.Gone, (await StrengthAsync(browser, form, "four green bicycles")).Status);
        Assert.Equal(
            HttpStatusCode.BadRequest,
            (
                await browser.PostAsync("/reset-password?handler=strength", [new("NewPassword", "four green bicycles")])
            ).Status
        );
    }

    [Fact]
    public async Task The_strength_is_said_so_often_and_no_more()
    {
        await using var strict = await AuthServerFixture.StartAsync(
            settings: new Dictionary<string, string?> { ["Limits:Recovery:StrengthPerMinute"] = "3" }
        );
        await strict.Given.AccountAsync("smith1234", a => (a.Email, a.EmailVerified) = ("smith@example.org", true));
        using var browser = strict.NewBrowser();
        var form = (await browser.GetAsync(await new Forgotten(strict).LinkAsync("smith@example.org"))).Ok();

        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 4; i++)
        {
            answers.Add((await StrengthAsync(browser, form, "four green bicycles")).Status);
        }

        Assert.Equal(
            [HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests],
            answers
        );
    }

    [Fact]
    public async Task A_network_that_asks_without_end_sees_the_same_page_and_fills_no_table()
    {
        await using var strict = await AuthServerFixture.StartAsync(
            settings: new Dictionary<string, string?> { ["Limits:Recovery:RequestsPerNetwork"] = "3" }
        );
        var forgotten = new Forgotten(strict);

        var pages = new List<Page>();
        for (var i = 0; i < 5; i++)
        {
            pages.Add(await forgotten.AskAsync($"nobody{i}@example.org"));
        }

        Assert.All(pages, page => Assert.Equal("Check your email", page.Ok().Heading));
        Assert.Equal(3, await strict.InDatabaseAsync(db => db.RecoveryRequests.CountAsync()));
    }

    [Fact]
    public async Task A_form_without_its_cookie_is_no_dead_end()
    {
        var person = await PersonAsync();
        using var browser = server.NewBrowser();
        var form = (await browser.GetAsync(await Forgotten.LinkAsync(person.Email))).Ok();
        using var without = server.NewBrowser();

        var answer = await without.SubmitAsync(
            form,
            new Dictionary<string, string> { ["NewPassword"] = Forgotten.NewPassword },
            "main form"
        );

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("Your browser did not send our cookie back", answer.Heading);
    }

    [Fact]
    public async Task What_people_typed_is_encoded()
    {
        await server.Given.AccountAsync("<b>bold</b>", a => (a.Email, a.EmailVerified) = ("bold@example.org", true));
        using var browser = server.NewBrowser();

        var page = (await browser.GetAsync(await Forgotten.LinkAsync("bold@example.org"))).Ok();

        Assert.Contains("<b>bold</b>", page.Text, StringComparison.Ordinal);
    }

    private async Task<Page> ResetAsync(RelyingParty app)
    {
        var person = await PersonAsync();
        using var first = server.NewBrowser();
        var logIn = await first.OpenAsync(app.Authorize().Url);
        var link = await Forgotten.LinkAsync(
            person.Email,
            logIn.One("main a[href^='/forgotten-login-details']").GetAttribute("href")
        );
        using var second = server.NewBrowser();
        return await Forgotten.ChooseAsync(second, link);
    }

    private async Task<(string Username, string Email)> PersonAsync()
    {
        var name = $"person{Guid.NewGuid():N}";
        await server.Given.AccountAsync(name, a => (a.Email, a.EmailVerified) = ($"{name}@example.org", true));
        return (name, $"{name}@example.org");
    }

    private static Task<Page> StrengthAsync(TestBrowser browser, Page form, string typed)
    {
        var fields = Html.Fill(
            (AngleSharp.Html.Dom.IHtmlFormElement)form.One("main form"),
            new Dictionary<string, string> { ["NewPassword"] = typed }
        );
        return browser.PostAsync("/reset-password?handler=strength", fields);
    }
}
