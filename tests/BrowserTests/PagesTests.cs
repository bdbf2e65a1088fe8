using AuthServer.Clients;
using AuthServer.Protocol.Authorize;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Recovery.ResetLinks;
using TestSupport;
using TestSupport.Browser;

namespace BrowserTests;

/// <summary>Every page, on a desk and in the hand: accessible, all its own, and with a picture to look at.</summary>
public sealed class PagesTests(Site site) : IClassFixture<Site>
{
    private static readonly (string Name, string Heading, Func<PagesTests, Visitor, Task> Open)[] Pages =
    [
        ("home", "One log-in for your NHS ePortfolios", (t, v) => t.GoAsync(v, "/")),
        ("log-in-plain", "Log in", (t, v) => t.GoAsync(v, "/log-in")),
        ("log-in-from-app", "Log in to Foundation ePortfolio", (t, v) => t.GoAsync(v, t._site.Client.Authorize().Url)),
        (
            "log-in-nothing-entered",
            "Log in",
            async (t, v) =>
            {
                await t.GoAsync(v, "/log-in");
                await v.LogInAsync("", "");
            }
        ),
        ("log-in-refused", "Log in to Foundation ePortfolio", (t, v) => t.FailAsync(v, 1)),
        ("log-in-help-first", "Log in to Foundation ePortfolio", (t, v) => t.FailAsync(v, 5)),
        ("log-in-wait-a-second", "Log in to Foundation ePortfolio", (t, v) => t.FailAsync(v, 7)),
        ("log-in-too-many-attempts", "Too many attempts", (t, v) => t.FailAsync(v, 11, TimeSpan.FromSeconds(10))),
        (
            "log-in-ticket-expired-no-address",
            "Log in to Logbook",
            async (t, v) => await t.GoAsync(v, $"/log-in?ticket={t.ExpiredTicket(await t.NowhereAsync())}")
        ),
        (
            "log-in-ticket-expired",
            "Log in to Foundation ePortfolio",
            async (t, v) => await t.GoAsync(v, $"/log-in?ticket={t.ExpiredTicket()}")
        ),
        ("log-in-ticket-broken", "Log in", (t, v) => t.GoAsync(v, "/log-in?ticket=cut-short")),
        (
            "log-in-again",
            "Log in to Foundation ePortfolio",
            async (t, v) =>
            {
                await t.LoggedInAsync(v);
                await t.GoAsync(
                    v,
                    t._site.Client.Authorize(more: new Dictionary<string, string?> { ["prompt"] = "login" }).Url
                );
            }
        ),
        (
            "consent",
            "Share your details with Foundation ePortfolio?",
            async (t, v) =>
            {
                await t.LoggedInAsync(v);
                await t.GoAsync(
                    v,
                    t._site.Asking.Authorize(
                        "openid profile email phone address professional offline_access",
                        new Dictionary<string, string?> { ["prompt"] = "consent" }
                    ).Url
                );
            }
        ),
        (
            "log-in-with-caps-lock",
            "Log in",
            async (t, v) =>
            {
                await t.GoAsync(v, "/log-in");
                await v.Page.EvaluateAsync(
                    "document.getElementById('Password').dispatchEvent(new KeyboardEvent('keydown', { key: 'A', bubbles: true, modifierCapsLock: true }))"
                );
            }
        ),
        (
            "log-in-with-a-remembered-username",
            "Log in",
            async (t, v) =>
            {
                await t.GoAsync(v, "/log-in");
                await v.Page.CheckAsync("#RememberUsername");
                await v.LogInAsync(
                    (await t._site.Server.Given.AccountAsync($"o'brien{t._site.NextNumber()}")).Username,
                    Given.Password
                );
                await t.GoAsync(v, "/log-out");
                await v.Page.ClickAsync("main form button[type=submit]");
                await t.GoAsync(v, "/log-in");
            }
        ),
        (
            "account-app-missed",
            "Your account",
            async (t, v) =>
            {
                await t.LoggedInAsync(v);
                await t.GoAsync(v, $"/account?ticket={t.ExpiredTicket(await t.NowhereAsync())}");
            }
        ),
        (
            "account",
            "Your account",
            async (t, v) =>
            {
                await t.LoggedInAsync(v);
                await t.GoAsync(v, "/account");
            }
        ),
        (
            "log-out",
            "Do you want to log out?",
            async (t, v) =>
            {
                await t.LoggedInAsync(v);
                await t.GoAsync(v, "/log-out");
            }
        ),
        ("log-out-done", "You have logged out", (t, v) => t.GoAsync(v, "/log-out/done")),
        (
            "log-out-done-from-app",
            "You have logged out",
            (t, v) => t.GoAsync(v, $"/log-out/done?client_id={t._site.Client.Client.ClientId}")
        ),
        ("help-unable-to-log-in", "Help with logging in", (t, v) => t.GoAsync(v, "/help/unable-to-log-in")),
        (
            "help-after-a-failed-log-in",
            "Help with logging in",
            async (t, v) =>
            {
                await t.FailAsync(v, 1);
                await t.GoAsync(v, "/help/unable-to-log-in");
            }
        ),
        ("help-contact-support", "Contact support", (t, v) => t.GoAsync(v, "/help/contact-support")),
        ("accessibility-statement", "Accessibility statement", (t, v) => t.GoAsync(v, "/accessibility-statement")),
        ("cookies", "Cookies", (t, v) => t.GoAsync(v, "/cookies")),
        ("privacy", "Privacy policy", (t, v) => t.GoAsync(v, "/privacy")),
        ("forgotten-login-details", "What is your email address?", (t, v) => t.GoAsync(v, "/forgotten-login-details")),
        (
            "forgotten-login-details-username",
            "What is your username?",
            (t, v) => t.GoAsync(v, "/forgotten-login-details/username")
        ),
        (
            "forgotten-login-details-mistake",
            "What is your email address?",
            async (t, v) =>
            {
                await t.GoAsync(v, "/forgotten-login-details");
                await v.Page.FillAsync("#Email", "smith4821");
                await v.Page.ClickAsync("main form button[type=submit]");
            }
        ),
        (
            "forgotten-login-details-sent-typed",
            "Check your email",
            async (t, v) =>
            {
                await t.GoAsync(v, "/forgotten-login-details");
                await v.Page.FillAsync(
                    "#Email",
                    $"aoife.o'brien{t._site.NextNumber()}@some-very-long-hospital-name.example.nhs.uk"
                );
                await v.Page.ClickAsync("main form button[type=submit]");
            }
        ),
        (
            "forgotten-login-details-sent-again",
            "Check your email",
            async (t, v) =>
            {
                await t.GoAsync(v, "/forgotten-login-details/username");
                await v.Page.FillAsync("#Username", $"o'brien{t._site.NextNumber()}");
                await v.Page.ClickAsync("main form button[type=submit]");
                await v.Page.ClickAsync("main >> text=Send it again");
            }
        ),
        ("forgotten-login-details-sent", "Check your email", (t, v) => t.GoAsync(v, "/forgotten-login-details/sent")),
        ("reset-password", "Choose a new password", async (t, v) => await t.GoAsync(v, await t.LinkAsync())),
        (
            "reset-password-typing",
            "Choose a new password",
            async (t, v) =>
            {
                await t.GoAsync(v, await t.LinkAsync());
                await v.Page.Locator("#NewPassword").PressSequentiallyAsync("four green bicycles");
                await Assertions.Expect(v.Page.Locator("#strength")).Not.ToBeEmptyAsync();
            }
        ),
        (
            "reset-password-refused",
            "Choose a new password",
            async (t, v) =>
            {
                await t.GoAsync(v, await t.LinkAsync());
                await v.ChooseAsync("password1234");
            }
        ),
        (
            "reset-password-done",
            "You have changed your password",
            async (t, v) =>
            {
                await t.GoAsync(v, await t.LinkAsync(fromApp: false));
                await v.ChooseAsync(Forgotten.NewPassword);
            }
        ),
        (
            "reset-password-in-anothers-browser",
            "Choose a new password",
            async (t, v) =>
            {
                await t.LoggedInAsync(v);
                await t.GoAsync(v, await t.LinkAsync());
            }
        ),
        (
            "reset-password-used-in-anothers-browser",
            "This link has been used",
            async (t, v) =>
            {
                var link = await t.LinkAsync();
                await new Forgotten(t._site.Server).ChooseAsync(link);
                await t.LoggedInAsync(v);
                await t.GoAsync(v, link);
            }
        ),
        (
            "reset-password-used",
            "This link has been used",
            async (t, v) =>
            {
                var link = await t.LinkAsync();
                await new Forgotten(t._site.Server).ChooseAsync(link);
                await t.GoAsync(v, link);
            }
        ),
        (
            "reset-password-expired",
            "This link has expired",
            (t, v) => t.DeadAsync(v, set => set.SetProperty(l => l.ExpiresAt, t._site.Server.Now))
        ),
        ("reset-password-replaced", "There is a newer link", (t, v) => t.VoidedAsync(v, VoidReason.Replaced)),
        (
            "reset-password-address-changed",
            "This link does not work any more",
            (t, v) => t.VoidedAsync(v, VoidReason.AddressChanged)
        ),
        (
            "reset-password-password-changed",
            "This link does not work any more",
            (t, v) => t.VoidedAsync(v, VoidReason.PasswordChanged)
        ),
        ("reset-password-stopped", "This link does not work any more", (t, v) => t.VoidedAsync(v, VoidReason.Stopped)),
        ("reset-password-unknown", "This link is not complete", (t, v) => t.GoAsync(v, "/reset-password/cut-short")),
        (
            "reset-password-done-long-ago",
            "Log in with your new password",
            (t, v) => t.GoAsync(v, "/reset-password/done")
        ),
        (
            "invitation",
            "Create your password",
            async (t, v) =>
            {
                var link = await t.LinkAsync();
                await t._site.Server.InDatabaseAsync(db =>
                    db.Accounts.Where(a => a.EmailVerified)
                        .ExecuteUpdateAsync(set => set.SetProperty(a => a.PasswordHash, (string?)null))
                );
                await t.GoAsync(v, link);
            }
        ),
        (
            "invitation-expired",
            "Your invitation has expired",
            (t, v) =>
                t.DeadAsync(
                    v,
                    set =>
                        set.SetProperty(l => l.Purpose, LinkPurpose.Activation)
                            .SetProperty(l => l.ExpiresAt, t._site.Server.Now)
                )
        ),
        ("mailbox", "Mailbox", (t, v) => t.GoAsync(v, "/dev/mailbox")),
        ("not-found", "Page not found", (t, v) => t.GoAsync(v, "/not-here")),
        (
            "app-asks-wrongly",
            "This link to log in does not work",
            (t, v) =>
                t.GoAsync(
                    v,
                    t._site.Client.Authorize(
                        more: new Dictionary<string, string?> { ["redirect_uri"] = "https://elsewhere.example/" }
                    ).Url
                )
        ),
        (
            "stale-form",
            "Your browser did not send our cookie back",
            async (t, v) =>
            {
                await t.GoAsync(v, t._site.Client.Authorize().Url);
                await v.Context.ClearCookiesAsync();
                await v.LogInAsync("smith4821", "a password");
            }
        ),
    ];

    private readonly Site _site = site;

    public static TheoryData<string, Device> All()
    {
        var all = new TheoryData<string, Device>();
        foreach (var (name, _, _) in Pages)
        {
            all.Add(name, Device.Desktop);
            all.Add(name, Device.Phone);
        }

        return all;
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task The_page_is_accessible_and_asks_nobody_else_for_anything(string name, Device device)
    {
        await using var visitor = await _site.ArriveAsync(device);

        var (_, heading, open) = Pages.Single(page => page.Name == name);
        await open(this, visitor);
        // Its scripts have run.
        await Assertions.Expect(visitor.Page.Locator("body.nhsuk-frontend-supported")).ToBeVisibleAsync();

        await visitor.PictureAsync($"{name}-{device}");
        Assert.Equal([heading], await visitor.Page.Locator("h1").AllTextContentsAsync());
        await visitor.Page.AssertTitledAsync(home: name == "home");
        await visitor.Page.AssertFitsAsync();
        await visitor.Page.AssertAccessibleAsync();
    }

    private async Task GoAsync(Visitor visitor, string path) =>
        await visitor.Page.GotoAsync(
            _site.Server.Issuer + path,
            new PageGotoOptions { WaitUntil = WaitUntilState.Load }
        );

    /// <summary>A link that somebody who came from the app was sent.</summary>
    private async Task<string> LinkAsync(bool fromApp = true)
    {
        var number = _site.NextNumber();
        var email = $"aoife{number}@example.nhs.test";
        await _site.Server.Given.AccountAsync(
            $"O\u2019Brien{number}",
            account =>
                (account.Email, account.EmailVerified, account.GivenName, account.FamilyName) = (
                    email,
                    true,
                    "Aoife",
                    "O'Brien"
                )
        );
        if (!fromApp)
        {
            return await new Forgotten(_site.Server).LinkAsync(email);
        }

        using var browser = _site.Server.NewBrowser();
        var logIn = await browser.OpenAsync(_site.Client.Authorize().Url);
        return await new Forgotten(_site.Server).LinkAsync(
            email,
            logIn.One("main a[href^='/forgotten-login-details']").GetAttribute("href")
        );
    }

    /// <summary>Opens a link after something has been done to its row.</summary>
    private async Task DeadAsync(Visitor visitor, Action<UpdateSettersBuilder<ResetLink>> change)
    {
        var link = await LinkAsync();
        var hash = ResetToken.HashOf(link.Split('/')[^1]);
        await _site.Server.InDatabaseAsync(db =>
            db.ResetLinks.Where(l => l.TokenHash == hash).ExecuteUpdateAsync(change)
        );
        await GoAsync(visitor, link);
    }

    private Task VoidedAsync(Visitor visitor, VoidReason because) =>
        DeadAsync(
            visitor,
            set => set.SetProperty(l => l.VoidedAt, _site.Server.Now).SetProperty(l => l.VoidedBecause, because)
        );

    /// <param name="wait">How long the person waits after each failure but the last.</param>
    private async Task FailAsync(Visitor visitor, int times, TimeSpan wait = default)
    {
        var nobody = $"o'brien-{times}-times-on-{visitor.Page.ViewportSize?.Width}-x";
        await GoAsync(visitor, _site.Client.Authorize().Url);
        for (var i = 0; i < times; i++)
        {
            await visitor.LogInAsync(nobody, "Password’ ");
            if (i < times - 2)
            {
                _site.Server.Clock.Advance(wait);
            }
        }
    }

    private async Task LoggedInAsync(Visitor visitor)
    {
        var person = await _site.Server.Given.AccountAsync(
            $"o'brien{_site.NextNumber()}",
            account =>
            {
                (account.GivenName, account.FamilyName) = ("Aoife", "O'Brien");
                account.Email = "aoife.obrien@example.nhs.test";
            }
        );
        using var browser = await _site.Server.Given.LoggedInAsync(person);
        _site.Server.Clock.Advance(TimeSpan.FromSeconds(1)); // what is asked for from now on is newer than the log-in
        await visitor.Context.AddCookiesAsync(
            browser.Cookies.Select(cookie => new Microsoft.Playwright.Cookie
            {
                Name = cookie.Name,
                Value = cookie.Value,
                Url = _site.Server.Issuer,
            })
        );
    }

    /// <summary>An app that has not said where it is.</summary>
    private async Task<string> NowhereAsync() =>
        (
            await _site.Server.Given.ClientAsync(
                new ClientMetadata { ClientName = "Logbook", RedirectUris = [Given.RedirectUri] }
            )
        ).ClientId;

    private string ExpiredTicket(string? clientId = null) =>
        _site
            .Server.Services.GetRequiredService<AuthorizeTickets>()
            .Seal(
                new AuthorizeTicket(
                    new Dictionary<string, string>(),
                    _site.Server.Now.AddHours(-2),
                    clientId ?? _site.Client.Client.ClientId,
                    null
                )
            );
}
