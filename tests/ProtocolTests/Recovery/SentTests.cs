using AuthServer.Clients;
using TestSupport;

namespace ProtocolTests.Recovery;

/// <summary>"Check your email": it shows what was typed, and offers to change it or to send it again.</summary>
public sealed class SentTests(AuthServerFixture server) : IClassFixture<AuthServerFixture>
{
    private Forgotten Forgotten => new(server);

    [Theory]
    [InlineData("Aoife.O\u2019Brien@Example.org")]
    [InlineData("<nobody.at.all@example.org>")]
    public async Task The_address_is_shown_as_it_was_typed_and_stands_in_no_address_bar(string typed)
    {
        var page = await Forgotten.AskAsync(typed);

        Assert.Contains($"We are writing to {typed}.", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("example.org", page.Url.AbsoluteUri, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("example.org", server.Log.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_wrong_address_is_changed_without_typing_all_of_it_again()
    {
        using var browser = server.NewBrowser();
        var sent = await AskAsync(browser, "/forgotten-login-details", "Email", "aoife@exmaple.org");

        var form = (
            await browser.GetAsync(
                sent.All("main a").Single(a => a.TextContent == "Change the email address").GetAttribute("href")!
            )
        ).Ok();

        Assert.Equal("What is your email address?", form.Heading);
        Assert.Equal("aoife@exmaple.org", form.One("#Email").GetAttribute("value"));
    }

    [Fact]
    public async Task Send_it_again_sends_another_whose_link_works()
    {
        var person = await server.Given.AccountAsync(
            $"twice{Guid.NewGuid():N}",
            a => (a.Email, a.EmailVerified) = ("twice@example.org", true)
        );
        using var browser = server.NewBrowser();
        var sent = await AskAsync(browser, "/forgotten-login-details", "Email", "Twice@example.org");
        await Forgotten.AnsweredAsync();

        var again = (await browser.FollowAsync(await browser.SubmitAsync(sent))).Ok();
        await Forgotten.AnsweredAsync();

        Assert.Equal("Check your email", again.Heading);
        Assert.Contains("We are writing to Twice@example.org.", again.Text, StringComparison.Ordinal);
        Assert.Equal(["Reminder", "Reminder"], await Forgotten.KindsAsync("twice@example.org"));
        Assert.Contains(
            person.Username,
            (await Forgotten.MailsAsync("twice@example.org"))[0].Text,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_username_is_shown_changed_and_carried_into_the_log_in_form()
    {
        using var browser = server.NewBrowser();
        var sent = await AskAsync(browser, "/forgotten-login-details/username", "Username", "O\u2019Brien4821");

        var change = (
            await browser.GetAsync(
                sent.All("main a").Single(a => a.TextContent == "Change the username").GetAttribute("href")!
            )
        ).Ok();
        var logIn = (
            await browser.GetAsync(
                sent.All("main a").Single(a => a.TextContent == "Back to log in").GetAttribute("href")!
            )
        ).Ok();

        Assert.Contains("the username O\u2019Brien4821.", sent.Text, StringComparison.Ordinal);
        Assert.Equal("O\u2019Brien4821", change.One("#Username").GetAttribute("value"));
        Assert.Equal("O\u2019Brien4821", logIn.One("#Username").GetAttribute("value"));
    }

    [Fact]
    public async Task What_was_typed_into_the_log_in_form_is_filled_in_when_the_details_are_asked_for()
    {
        using var browser = server.NewBrowser();
        var refused = await browser.SubmitAsync(
            await browser.GetAsync("/log-in"),
            new Dictionary<string, string> { ["Username"] = "anna@example.org", ["Password"] = "not my password" }
        );

        var form = (
            await browser.GetAsync(refused.All("main a[href^='/forgotten-login-details']")[0].GetAttribute("href")!)
        ).Ok();

        Assert.Equal("anna@example.org", form.One("#Email").GetAttribute("value"));
    }

    [Fact]
    public async Task Without_what_was_typed_or_with_something_that_was_not_sealed_here_the_page_says_what_is_true_of_everybody()
    {
        using var browser = server.NewBrowser();

        foreach (var query in new[] { "", "?typed=", "?typed=AAAA", "?typed=%00", "?by=username" })
        {
            var page = (await browser.GetAsync("/forgotten-login-details/sent" + query)).Ok();

            Assert.Contains("We are writing to the email address you gave us.", page.Text, StringComparison.Ordinal);
            Assert.Empty(page.All("main form"));
        }
    }

    [Fact]
    public async Task The_mail_to_an_address_that_nobody_uses_leads_back_to_the_app()
    {
        var app = await server.Given.RelyingPartyAsync(
            new ClientMetadata
            {
                ClientName = "Portfolio",
                ClientUri = "https://portfolio.example.test/",
                RedirectUris = [Given.RedirectUri],
            }
        );
        using var browser = server.NewBrowser();
        var logIn = await browser.OpenAsync(app.Authorize().Url);
        await Forgotten.AskAsync(
            "no.such.person@example.org",
            logIn.One("main a[href^='/forgotten-login-details']").GetAttribute("href")
        );
        await Forgotten.AnsweredAsync();
        var mail = Assert.Single(await Forgotten.MailsAsync("no.such.person@example.org"));
        using var other = server.NewBrowser();

        var form = (await other.GetAsync(mail.Link("/forgotten-login-details"))).Ok();
        var support = (await other.GetAsync(mail.Link("/help/contact-support"))).Ok();

        Assert.Equal(
            "Log in to Portfolio",
            (await other.GetAsync(form.One("main .nhsuk-back-link").GetAttribute("href")!)).Ok().Heading
        );
        Assert.Equal(
            "Log in to Portfolio",
            (await other.GetAsync(support.One("main .nhsuk-back-link").GetAttribute("href")!)).Ok().Heading
        );
    }

    [Fact]
    public async Task A_username_is_not_taken_for_an_email_address_when_it_is_sent_again()
    {
        using var browser = server.NewBrowser();
        var sent = await AskAsync(browser, "/forgotten-login-details/username", "Username", "nobody1234");
        var page = (
            await browser.GetAsync(sent.Url.PathAndQuery.Replace("&by=username", "", StringComparison.Ordinal))
        ).Ok();

        var again = await browser.FollowAsync(await browser.SubmitAsync(page));

        Assert.Equal("What is your email address?", again.Heading);
    }

    [Fact]
    public async Task Text_that_nobody_can_type_is_not_carried_from_the_log_in_form()
    {
        using var browser = server.NewBrowser();
        var typed = new Dictionary<string, string> { ["Username"] = "a\0b", ["Password"] = "not my password" };

        var refused = await browser.SubmitAsync(await browser.GetAsync("/log-in"), typed);

        Assert.DoesNotContain("typed=", refused.Body, StringComparison.Ordinal);
    }

    private static async Task<Page> AskAsync(TestBrowser browser, string path, string field, string typed) =>
        await browser.FollowAsync(
            await browser.SubmitAsync(
                (await browser.GetAsync(path)).Ok(),
                new Dictionary<string, string> { [field] = typed }
            )
        );
}
