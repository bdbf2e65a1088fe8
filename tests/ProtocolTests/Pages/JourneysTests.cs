using System.Globalization;
using System.Text;
using AuthServer.Clients;
using TestSupport;

namespace ProtocolTests.Pages;

/// <summary>
/// Walks the commonest journeys as a person does, without JavaScript, and counts what each costs them. The counts are
/// in <c>docs/journeys.md</c>, which <c>UPDATE_DOCS=1</c> writes again.
/// </summary>
public sealed class JourneysTests : IAsyncLifetime
{
    private const string Document = "docs/journeys.md";
    private const string Email = "aoife@example.org";

    private AuthServerFixture _server = null!;
    private RelyingParty _app = null!;

    public async Task InitializeAsync()
    {
        _server = await AuthServerFixture.StartAsync();
        _app = await _server.Given.RelyingPartyAsync();
        await _server.Given.AccountAsync("o'brien4821", a => (a.Email, a.EmailVerified) = (Email, true));
    }

    public Task DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_forgotten_password_costs_five_pages_two_fields_and_four_clicks_at_the_most()
    {
        var visit = await ForgottenPasswordAsync();

        Assert.InRange(visit.Pages, 1, 5);
        Assert.InRange(visit.Fields, 1, 2);
        Assert.InRange(visit.Clicks, 1, 4);
    }

    [Fact]
    public async Task The_document_says_what_the_journeys_cost()
    {
        var text = new StringBuilder(
            """
            # Journeys

            Written by a test that walks each journey over HTTP, without JavaScript; do not edit. After a change to the pages:

            ```
            UPDATE_DOCS=1 dotnet test tests/ProtocolTests --filter Journeys
            ```

            Pages are those of this server that a person sees, fields those that they type into, clicks the links (in mail too) and buttons that they
            choose. Each journey begins in the app and ends there, logged in, or in the list of apps.

            | journey | pages | mails | fields | clicks |
            |---|---|---|---|---|

            """
        );
        foreach (
            var (name, walk) in new (string, Func<Task<CountedVisit>>)[]
            {
                ("log in", LogInAsync),
                ("forgotten password", ForgottenPasswordAsync),
                ("forgotten password, with the username known and the address not", ForgottenAddressAsync),
                ("invited to an app", InvitedAsync),
            }
        )
        {
            var visit = await walk();
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {name} | {visit.Pages} | {visit.Mails} | {visit.Fields} | {visit.Clicks} |\n"
            );
        }

        var path = Repository.PathOf(Document);
        var report = text.ToString().ReplaceLineEndings("\n");
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
        {
            await File.WriteAllTextAsync(path, report);
        }

        Assert.True(
            File.Exists(path) && await File.ReadAllTextAsync(path) == report,
            $"{Document} is stale: it says how to write it again."
        );
    }

    private async Task<CountedVisit> LogInAsync()
    {
        var person = await _server.Given.AccountAsync();
        using var visit = new CountedVisit(_server);
        var attempt = _app.Authorize();
        var logIn = await visit.OpenAsync(attempt.Url);
        var end = await visit.SendAsync(logIn, ("Username", person.Username), ("Password", person.Password));
        await _app.RedeemedAsync(_app.Callback(end, attempt)["code"], attempt);
        return visit;
    }

    private Task<CountedVisit> ForgottenPasswordAsync() =>
        ForgottenAsync(
            async (visit, logIn) =>
                await visit.SendAsync(
                    await visit.ClickAsync(logIn, "I've forgotten my username or password"),
                    ("Email", Email)
                )
        );

    private Task<CountedVisit> ForgottenAddressAsync() =>
        ForgottenAsync(
            async (visit, logIn) =>
            {
                var byEmail = await visit.ClickAsync(logIn, "I've forgotten my username or password");
                var byUsername = await visit.ClickAsync(
                    byEmail,
                    "I know my username but not which email address you have"
                );
                return await visit.SendAsync(byUsername, ("Username", "o'brien4821"));
            }
        );

    private async Task<CountedVisit> ForgottenAsync(Func<CountedVisit, Page, Task<Page>> ask)
    {
        using var visit = new CountedVisit(_server);
        var attempt = _app.Authorize();
        Assert.Equal("Check your email", (await ask(visit, await visit.OpenAsync(attempt.Url))).Heading);
        var forgotten = new Forgotten(_server);
        await forgotten.AnsweredAsync();
        var choose = await visit.MailAsync(Assert.Single(await forgotten.NewestLinksAsync(Email)));
        var end = await visit.SendAsync(choose, ("NewPassword", Forgotten.NewPassword));
        await _app.RedeemedAsync(_app.Callback(end, attempt)["code"], attempt);
        return visit;
    }

    private async Task<CountedVisit> InvitedAsync()
    {
        var app = await _server.Given.ClientAsync(
            new ClientMetadata
            {
                ClientName = "Portfolio",
                ClientUri = "https://portfolio.example.test/",
                RedirectUris = [Given.RedirectUri],
            }
        );
        var invited = await CommandLine.CommandLineRun.OnAsync(
            _server.Database,
            [
                "users",
                "add",
                "--invite",
                "--app",
                app.ClientId,
                "--email",
                "new@example.org",
                "--given-name",
                "New",
                "--family-name",
                "Person",
            ]
        );
        Assert.Equal(0, invited.ExitCode);
        using var visit = new CountedVisit(_server);
        var choose = await visit.MailAsync(
            Assert.Single(await new Forgotten(_server).NewestLinksAsync("new@example.org"))
        );
        var end = await visit.SendAsync(choose, ("NewPassword", Forgotten.NewPassword));
        Assert.Equal("https://portfolio.example.test/", end.Location?.AbsoluteUri);
        return visit;
    }

    /// <summary>A browser that counts what its user does.</summary>
    private sealed class CountedVisit(AuthServerFixture server) : IDisposable
    {
        private readonly TestBrowser _browser = server.NewBrowser();

        public int Pages { get; private set; }

        public int Mails { get; private set; }

        public int Fields { get; private set; }

        public int Clicks { get; private set; }

        /// <summary>The app sends the person here.</summary>
        public async Task<Page> OpenAsync(string address) => Seen(await _browser.OpenAsync(address));

        /// <summary>A link on a page, by its words.</summary>
        public Task<Page> ClickAsync(Page page, string words)
        {
            Clicks++;
            return OpenAsync(page.All("main a").First(a => a.TextContent == words).GetAttribute("href")!);
        }

        /// <summary>A link in a mail.</summary>
        public Task<Page> MailAsync(string link)
        {
            Mails++;
            Clicks++;
            return OpenAsync(link);
        }

        /// <summary>Fills in fields and presses the button.</summary>
        public async Task<Page> SendAsync(Page page, params (string Name, string Text)[] typed)
        {
            Clicks++;
            Fields += typed.Length;
            return Seen(
                await _browser.FollowAsync(
                    await _browser.SubmitAsync(
                        page,
                        typed.ToDictionary(field => field.Name, field => field.Text),
                        "main form"
                    )
                )
            );
        }

        public void Dispose() => _browser.Dispose();

        private Page Seen(Page page)
        {
            Pages += page.Location is null ? 1 : 0;
            return page;
        }
    }
}
