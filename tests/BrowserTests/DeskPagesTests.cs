using AuthServer.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Recovery.Cases;
using TestSupport;
using TestSupport.Browser;

namespace BrowserTests;

/// <summary>The support desk, on a desk and in the hand.</summary>
public sealed class DeskPagesTests(Site site) : IClassFixture<Site>
{
    private static readonly (
        string Name,
        string Heading,
        Func<DeskPagesTests, Visitor, SupportCase, Task> Open
    )[] Pages =
    [
        ("desk-list", "Support cases", (t, v, c) => t.GoAsync(v, "/support")),
        ("desk-list-empty", "Support cases", (t, v, c) => t.GoAsync(v, "/support?tag=nobody-has-this&whose=mine")),
        ("desk-case", "Case", (t, v, c) => t.GoAsync(v, $"/support/cases/{c.Reference}?done=noted")),
        ("desk-case-not-found", "Case", (t, v, c) => t.GoAsync(v, $"/support/cases/{c.Reference}?find=nobody")),
        (
            "desk-case-answered",
            "Case",
            async (t, v, c) =>
            {
                await t.AnsweredAsync(c);
                await t.GoAsync(v, $"/support/cases/{c.Reference}");
            }
        ),
        ("desk-case-accounts", "Case", (t, v, c) => t.GoAsync(v, $"/support/cases/{c.Reference}#accounts")),
        ("desk-case-messages", "Case", (t, v, c) => t.GoAsync(v, $"/support/cases/{c.Reference}#messages")),
        ("desk-case-history", "Case", (t, v, c) => t.GoAsync(v, $"/support/cases/{c.Reference}#history")),
        ("desk-search", "Support cases", (t, v, c) => t.GoAsync(v, "/support?find=aoife+obrien")),
        ("desk-search-nothing", "Support cases", (t, v, c) => t.GoAsync(v, "/support?find=ZZZZ9999")),
        ("desk-filter", "Support cases", (t, v, c) => t.GoAsync(v, "/support?sort=oldest")),
        ("desk-emails", "Emails to you about cases", (t, v, c) => t.GoAsync(v, "/support/emails?done=saved")),
        (
            "desk-case-note-missing",
            "Case",
            async (t, v, c) =>
            {
                await t.GoAsync(v, $"/support/cases/{c.Reference}#history");
                await v.Page.ClickAsync("text=Add note");
            }
        ),
        (
            "desk-case-alarm",
            "Case",
            async (t, v, c) =>
            {
                var now = t._site.Server.Now;
                await t._site.Server.InDatabaseAsync(db =>
                    db.SupportCases.Where(x => x.Id == c.Id)
                        .ExecuteUpdateAsync(set =>
                            set.SetProperty(x => x.State, CaseState.Released)
                                .SetProperty(x => x.ClosedAt, now)
                                .SetProperty(x => x.AlarmAt, now)
                        )
                );
                await t.GoAsync(v, $"/support/cases/{c.Reference}");
                await v.Page.ClickAsync("text=Settle the alarm");
            }
        ),
        (
            "desk-list-alarm",
            "Support cases",
            async (t, v, c) =>
            {
                var now = t._site.Server.Now;
                await t._site.Server.InDatabaseAsync(db =>
                    db.SupportCases.Where(x => x.Id == c.Id)
                        .ExecuteUpdateAsync(set => set.SetProperty(x => x.AlarmAt, now))
                );
                await t.GoAsync(v, "/support");
            }
        ),
        ("desk-approve", "Give access to ", (t, v, c) => t.GoAsync(v, $"/support/cases/{c.Reference}/approve")),
        (
            "desk-reject",
            "Why do you reject this case?",
            async (t, v, c) =>
            {
                await t.GoAsync(v, $"/support/cases/{c.Reference}/reject");
                await v.Page.ClickAsync("main button[type=submit]");
            }
        ),
        ("desk-ask", "Ask for more", (t, v, c) => t.GoAsync(v, $"/support/cases/{c.Reference}/ask")),
        ("desk-mail", "Messages that were not delivered", (t, v, c) => t.GoAsync(v, "/support/mail?p=9")),
        (
            "desk-mail-refused",
            "Messages that were not delivered",
            async (t, v, c) =>
            {
                await t._site.Server.RefusedMessageAsync(
                    c,
                    "550 5.1.1 <new@example.test>: Recipient address rejected: User unknown in virtual mailbox table"
                );
                await t.GoAsync(v, "/support/mail?done=resent");
            }
        ),
        (
            "desk-case-mail-refused",
            "Case",
            async (t, v, c) =>
            {
                await t._site.Server.RefusedMessageAsync(c, "550 5.1.1 User unknown");
                await t.GoAsync(v, $"/support/cases/{c.Reference}#messages");
            }
        ),
        (
            "desk-person-mail",
            "Messages to one person",
            async (t, v, c) =>
            {
                await t.MailedAsync();
                await t.GoAsync(v, "/support/mail/person?find=siobhan@royal-infirmary.example.test");
            }
        ),
        (
            "desk-person-mail-nobody",
            "Messages to one person",
            (t, v, c) => t.GoAsync(v, "/support/mail/person?find=nobody1234")
        ),
        (
            "desk-case-barred",
            "You cannot open this case",
            async (t, v, c) =>
            {
                var boss = await t._site.Server.Given.AccountAsync(more: a => a.StaffRole = StaffRole.Administrator);
                var barred = await t._site.Server.OpenCaseAsync(more: b => b.AccountId = boss.Id);
                await t.GoAsync(v, $"/support/cases/{barred.Reference}");
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
    public async Task The_page_is_accessible_and_fits_the_screen(string name, Device device)
    {
        await using var visitor = await _site.ArriveAsync(device);
        await LoggedInAsync(visitor);
        var support = await CaseAsync();

        var (_, heading, open) = Pages.Single(page => page.Name == name);
        await open(this, visitor, support);
        // Its scripts have run.
        await Assertions.Expect(visitor.Page.Locator("body.nhsuk-frontend-supported")).ToBeVisibleAsync();

        await visitor.PictureAsync($"{name}-{device}");
        Assert.StartsWith(
            heading,
            (await visitor.Page.Locator("h1").TextContentAsync())?.Trim(),
            StringComparison.Ordinal
        );
        await visitor.Page.AssertTitledAsync();
        Assert.True(
            await visitor.Page.EvaluateAsync<int>("document.documentElement.scrollWidth")
                <= visitor.Page.ViewportSize?.Width,
            "The page is wider than the screen."
        );
        await visitor.Page.AssertAccessibleAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_officer_takes_a_case_chooses_the_account_and_approves(bool javaScript)
    {
        await using var visitor = await _site.ArriveAsync(Device.Desktop, javaScript);
        await LoggedInAsync(visitor);
        var support = await CaseAsync(chosen: false);

        await GoAsync(visitor, "/support");
        await visitor.Page.FillAsync("#Find", support.Reference.ToLowerInvariant());
        await visitor.Page.ClickAsync(".desk-search button");
        await visitor.Page.ClickAsync("text=Assign to me");
        await visitor.Page.ClickAsync(".desk-decide >> text=Choose account");
        await visitor.Page.ClickAsync(".desk-suggestions a");
        await visitor.Page.ClickAsync("text=Choose this account");
        await visitor.Page.ClickAsync(".desk-decide >> text=Approve");
        await visitor.Page.ClickAsync("main button:has-text('Approve')");

        await Assertions.Expect(visitor.Page.GetByText("You have approved this case")).ToBeVisibleAsync();
        Assert.Equal(CaseState.Approved, (await _site.Server.CaseAsync(support.Id)).State);
    }

    [Fact]
    public async Task Parts_of_a_case_are_tabs_that_addresses_lead_to()
    {
        await using var visitor = await _site.ArriveAsync();
        await LoggedInAsync(visitor);
        var support = await CaseAsync();
        await GoAsync(visitor, $"/support/cases/{support.Reference}");

        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Tab)).ToHaveCountAsync(4);
        await Assertions.Expect(visitor.Page.Locator("#compare")).ToBeVisibleAsync();
        await Assertions.Expect(visitor.Page.Locator("#history")).ToBeHiddenAsync();
        await visitor.Page.GetByRole(AriaRole.Tab, new PageGetByRoleOptions { Name = "History" }).ClickAsync();
        await Assertions.Expect(visitor.Page.Locator("#compare")).ToBeHiddenAsync();
        await visitor.Page.FillAsync("#Note", "Rang the deanery again");
        await visitor.Page.ClickAsync("text=Add note");

        await Assertions.Expect(visitor.Page.GetByText("Your note has been added")).ToBeVisibleAsync();
        await Assertions
            .Expect(visitor.Page.Locator("#history").GetByText("Rang the deanery again"))
            .ToBeVisibleAsync();
    }

    [Theory]
    [InlineData(Device.Desktop)]
    [InlineData(Device.Phone)]
    public async Task Every_part_of_a_case_is_there_without_JavaScript(Device device)
    {
        await using var visitor = await _site.ArriveAsync(device, javaScript: false);
        await LoggedInAsync(visitor);
        var support = await CaseAsync();

        await GoAsync(visitor, $"/support/cases/{support.Reference}");

        await visitor.PictureAsync($"desk-case-no-javascript-{device}");
        foreach (var part in new[] { "#compare", "#accounts", "#messages", "#history" })
        {
            await Assertions.Expect(visitor.Page.Locator(part)).ToBeVisibleAsync();
            await Assertions.Expect(visitor.Page.Locator($".nhsuk-tabs__list a[href='{part}']")).ToBeVisibleAsync();
        }
    }

    [Theory]
    [InlineData(Device.Desktop)]
    [InlineData(Device.Phone)]
    public async Task What_is_to_be_decided_and_its_buttons_stay_in_view(Device device)
    {
        await using var visitor = await _site.ArriveAsync(device);
        await LoggedInAsync(visitor);
        var support = await CaseAsync();
        await GoAsync(visitor, $"/support/cases/{support.Reference}#history");
        await Assertions.Expect(visitor.Page.Locator("body.nhsuk-frontend-supported")).ToBeVisibleAsync();

        await visitor.Page.EvaluateAsync("window.scrollTo(0, document.documentElement.scrollHeight)");

        await visitor.Page.ScreenshotAsync(
            new PageScreenshotOptions
            {
                Path = Path.GetFullPath(
                    Path.Combine(
                        AppContext.BaseDirectory,
                        $"../../../TestResults/screenshots/desk-case-scrolled-{device}.png"
                    )
                ),
            }
        );
        Assert.True(await visitor.Page.EvaluateAsync<double>("window.scrollY") > 300);
        foreach (var button in new[] { "Approve", "Ask for more", "Reject" })
        {
            await Assertions.Expect(visitor.Page.Locator($".desk-decide >> text={button}")).ToBeInViewportAsync();
        }

        var bar = await visitor.Page.Locator(".desk-decide").BoundingBoxAsync();
        Assert.InRange(bar?.Height ?? 0, 1, 160);
        await Assertions.Expect(visitor.Page.GetByText("Give access to")).ToBeInViewportAsync();
    }

    private async Task AnsweredAsync(SupportCase support)
    {
        using var person = _site.Server.NewBrowser();
        var link = await _site.Server.AskAsync(support.Id, "Who supervised your last post, and when did it end?");
        await person.SubmitAsync(
            (await person.GetAsync(link)).Ok(),
            new Dictionary<string, string> { ["Answer"] = "Dr Patel did.\nIn July." }
        );
    }

    private async Task GoAsync(Visitor visitor, string path) =>
        await visitor.Page.GotoAsync(
            _site.Server.Issuer + path,
            new PageGotoOptions { WaitUntil = WaitUntilState.Load }
        );

    /// <summary>
    /// A person with a link that was opened, one that was replaced, a locked second account, and a request that came to
    /// nothing.
    /// </summary>
    private async Task MailedAsync()
    {
        const string email = "siobhan@royal-infirmary.example.test";
        foreach (var (name, locked) in new[] { ("o'brien", false), ("o'brien-supervisor", true) })
        {
            await _site.Server.Given.AccountAsync(
                name + Guid.NewGuid().ToString("N"),
                a =>
                {
                    (a.GivenName, a.FamilyName, a.Disabled) = ("Siobhán", "O’Brien", locked);
                    (a.Email, a.EmailVerified) = (email, true);
                }
            );
        }

        var forgotten = new Forgotten(_site.Server);
        for (var i = 0; i < 4; i++)
        {
            await forgotten.AskAsync(email);
            await forgotten.AnsweredAsync();
            if (i == 1)
            {
                using var browser = _site.Server.NewBrowser();
                foreach (var link in await forgotten.NewestLinksAsync(email))
                {
                    await browser.GetAsync(link);
                }
            }
        }
    }

    private async Task<SupportCase> CaseAsync(bool chosen = true)
    {
        var trainee = await _site.Server.TraineeAsync();
        var support = await _site.Server.OpenCaseAsync(
            new CaseEvidence
            {
                GivenName = "Aoife",
                FamilyName = "O’Brien",
                Username = "obrien",
                EarlierEmails =
                [
                    "aoife@old.example.test",
                    "a-very-long-address-that-nobody-types-twice@students.some-very-long-college-name.example.test",
                ],
                GmcNumber = "765 4321",
                NmcNumber = "12a3456e",
                LastPost = new StatedPost
                {
                    Employer = "Royal Infirmary",
                    Specialty = "Cardiolgy",
                    Grade = "ST5",
                    From = "Aug 2023",
                    Supervisor = "Dr N. Patel",
                },
                SupervisedTrainees = ["Sam Lee"],
                More = "I changed trusts in August.\nThey closed my mailbox.",
            },
            c => c.AccountId = chosen ? trainee.Id : null
        );
        await _site.Server.RefusedMessageAsync(support, "550 5.1.1 no such person here");
        await _site.Server.InDatabaseAsync(db =>
        {
            db.CaseTags.Add(new CaseTag { CaseId = support.Id, Tag = "call back" });
            db.AddEntry(support.Id, CaseEntryKind.Note, _site.Server.Now, text: "Rang the deanery.\nThey ring back.");
            return db.SaveChangesAsync();
        });
        return support;
    }

    private async Task LoggedInAsync(Visitor visitor)
    {
        var (_, browser) = await _site.Server.OfficerAsync(name: "Sana Iqbal");
        using var closing = browser;
        await visitor.Context.AddCookiesAsync(
            browser.Cookies.Select(cookie => new Microsoft.Playwright.Cookie
            {
                Name = cookie.Name,
                Value = cookie.Value,
                Url = _site.Server.Issuer,
            })
        );
    }
}
