using AuthServer.Clients;
using Microsoft.EntityFrameworkCore;
using ProtocolTests.CommandLine;
using Recovery.ResetLinks;
using TestSupport;

namespace ProtocolTests.Recovery;

/// <summary>
/// <c>users add --invite</c> and <c>users import --invite</c>: people choose their first password by themselves.
/// </summary>
public sealed class InvitationTests : IAsyncLifetime
{
    private readonly FixedClock _clock = new();
    private readonly SqliteTestDatabase _database = new();
    private AuthServerFixture? _server;

    private AuthServerFixture Server => _server ?? throw new InvalidOperationException("The test has not started.");

    private Forgotten Forgotten => new(Server);

    public async Task InitializeAsync() => _server = await AuthServerFixture.StartAsync(_clock, _database);

    public async Task DisposeAsync()
    {
        await Server.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task An_invited_person_creates_a_password_within_seven_days_and_logs_in()
    {
        var added = await RunAsync([
            "users",
            "add",
            "--invite",
            "--username",
            "O\u2019Brien4821",
            "--email",
            "anna@example.org",
            "--given-name",
            "Anna",
            "--family-name",
            "O\u2019Brien",
        ]);
        Assert.Equal((0, ""), (added.ExitCode, added.Error));
        Assert.DoesNotContain("reset-password", added.Output, StringComparison.Ordinal);
        var mail = Assert.Single(await Forgotten.MailsAsync("anna@example.org"));
        var link = Assert.Single(await Forgotten.NewestLinksAsync("anna@example.org"));
        _clock.Advance(TimeSpan.FromDays(7) - TimeSpan.FromSeconds(1));
        using var browser = Server.NewBrowser();

        var form = (await browser.GetAsync(link)).Ok();
        var done = await browser.FollowAsync(await Forgotten.ChooseAsync(browser, link));

        Assert.Contains("O\u2019Brien4821", mail.Text, StringComparison.Ordinal);
        Assert.Equal("Create your password", form.Heading);
        Assert.Equal("You have created your password", done.Heading);
        Assert.Equal("/account", (await browser.GetAsync("/log-in")).Location?.AbsolutePath);
        using var another = Server.NewBrowser();
        var loggedIn = await another.LogInAsync(
            await another.GetAsync("/log-in"),
            "o'brien4821",
            Forgotten.NewPassword
        );
        Assert.Equal("/account", loggedIn.Url.AbsolutePath);
    }

    [Fact]
    public async Task After_seven_days_the_page_says_so_and_the_forgotten_details_tool_helps()
    {
        await RunAsync([
            "users",
            "add",
            "--invite",
            "--email",
            "anna@example.org",
            "--given-name",
            "Anna",
            "--family-name",
            "Bell",
        ]);
        var link = Assert.Single(await Forgotten.NewestLinksAsync("anna@example.org"));
        _clock.Advance(TimeSpan.FromDays(7));
        using var browser = Server.NewBrowser();

        var dead = await browser.GetAsync(link);
        var done = await browser.FollowAsync(
            await Forgotten.ChooseAsync(browser, await Forgotten.LinkAsync("anna@example.org"))
        );

        Assert.Equal("Your invitation has expired", dead.Heading);
        Assert.Contains("7 February 2026 at 9:00am", dead.Text, StringComparison.Ordinal);
        Assert.Equal("You have created your password", done.Heading);
    }

    [Fact]
    public async Task An_invitation_that_names_an_app_leads_to_it_and_so_does_the_link_that_is_asked_for_instead()
    {
        var app = await AppAsync();
        string[] person = ["--given-name", "Anna", "--family-name", "Bell", "--invite", "--app", app.ClientId];
        Assert.Equal(0, (await RunAsync(["users", "add", "--email", "anna@example.org", .. person])).ExitCode);
        Assert.Equal(0, (await RunAsync(["users", "add", "--email", "bea@example.org", .. person])).ExitCode);
        var link = Assert.Single(await Forgotten.NewestLinksAsync("anna@example.org"));

        var chosen = await Forgotten.ChooseAsync(link);
        _clock.Advance(TimeSpan.FromDays(8));
        var late = await Forgotten.ChooseAsync(await Forgotten.LinkAsync("bea@example.org"));

        Assert.Equal("https://portfolio.example.test/", chosen.Location?.AbsoluteUri);
        Assert.Equal("https://portfolio.example.test/", late.Location?.AbsoluteUri);
    }

    [Fact]
    public async Task An_imported_person_and_one_who_is_invited_later_are_led_to_the_app_that_was_named()
    {
        var app = await AppAsync();
        var imported = await RunAsync(
            ["users", "import", "--invite", "-"],
            $"username,email,app\nanna1234,anna@example.org,{app.ClientId}\nbea1234,bea@example.org,\ncara1234,cara@example.org,no-such-app\n"
        );
        Assert.Equal(
            0,
            (await RunAsync(["users", "import", "-"], "username,email\ndora1234,dora@example.org\n")).ExitCode
        );
        Assert.Equal(0, (await RunAsync(["users", "invite", "dora1234", "--app", app.ClientId])).ExitCode);

        Assert.Contains("There is no app \"\"no-such-app\"\".", imported.Output, StringComparison.Ordinal);
        Assert.Equal("https://portfolio.example.test/", (await ChosenAsync("anna@example.org")).Location?.AbsoluteUri);
        Assert.Equal("/reset-password/done", (await ChosenAsync("bea@example.org")).Location?.AbsolutePath);
        Assert.Equal("https://portfolio.example.test/", (await ChosenAsync("dora@example.org")).Location?.AbsoluteUri);
        Assert.Empty(await Forgotten.KindsAsync("cara@example.org"));
    }

    [Fact]
    public async Task An_invitation_leads_to_no_app_that_is_not_there_or_has_not_said_where_it_is()
    {
        var nowhere = await Server.Given.ClientAsync();
        string[] person =
        [
            "users",
            "add",
            "--email",
            "anna@example.org",
            "--given-name",
            "Anna",
            "--family-name",
            "Bell",
        ];

        var unknown = await RunAsync([.. person, "--invite", "--app", "no-such-app"]);
        var withoutAddress = await RunAsync([.. person, "--invite", "--app", nowhere.ClientId]);
        var withoutInvitation = await RunAsync(
            [.. person, "--password-stdin", "--app", nowhere.ClientId],
            "a long walk by the canal"
        );

        Assert.Contains("There is no app \"no-such-app\".", unknown.Error, StringComparison.Ordinal);
        Assert.Contains("neither client_uri nor initiate_login_uri", withoutAddress.Error, StringComparison.Ordinal);
        Assert.Contains("give it with --invite", withoutInvitation.Error, StringComparison.Ordinal);
        Assert.All([unknown, withoutAddress, withoutInvitation], run => Assert.Equal(1, run.ExitCode));
        Assert.False(await Server.InDatabaseAsync(db => db.Accounts.AnyAsync()));
    }

    [Theory]
    [InlineData("--password-stdin", "--invite")]
    [InlineData]
    public async Task A_password_and_an_invitation_exclude_each_other_and_one_is_needed(params string[] options)
    {
        var added = await RunAsync(
            [
                "users",
                "add",
                .. options,
                "--email",
                "anna@example.org",
                "--given-name",
                "Anna",
                "--family-name",
                "Bell",
            ],
            "a long walk by the canal"
        );

        Assert.Equal(1, added.ExitCode);
        Assert.Contains("--invite", added.Error, StringComparison.Ordinal);
        Assert.False(await Server.InDatabaseAsync(db => db.Accounts.AnyAsync()));
    }

    [Fact]
    public async Task Importing_invites_everybody_without_a_password_once_and_again_when_the_invitation_has_run_out()
    {
        const string people = """
            username,email,email_verified,password
            anna1234,anna@example.org,,
            bea1234,bea@example.org,,four green bicycles uphill
            cara1234,cara@example.org,false,
            """;

        var quiet = await RunAsync(["users", "import", "-"], people);
        Assert.Equal(0, await Server.InDatabaseAsync(db => db.Outbox.CountAsync()));
        var first = await RunAsync(["users", "import", "--invite", "-"], people);
        var second = await RunAsync(["users", "import", "--invite", "-"], people);
        Assert.Equal(["Invitation"], await Forgotten.KindsAsync("anna@example.org"));
        _clock.Advance(TimeSpan.FromDays(8));
        var third = await RunAsync(["users", "import", "--invite", "-"], people);

        Assert.All([quiet, first, second, third], run => Assert.Equal(0, run.ExitCode));
        Assert.Equal(["Invitation", "Invitation"], await Forgotten.KindsAsync("anna@example.org"));
        Assert.Empty(await Forgotten.KindsAsync("bea@example.org"));
        Assert.Empty(await Forgotten.KindsAsync("cara@example.org"));
        Assert.Contains("1 invited", first.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("invited", second.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_thousand_people_are_invited_by_one_import()
    {
        var people =
            "username,email\n"
            + string.Concat(Enumerable.Range(0, 2_000).Select(i => $"person{i},person{i}@example.org\n"));

        var imported = await RunAsync(["users", "import", "--invite", "-"], people);

        Assert.Equal(0, imported.ExitCode);
        Assert.Equal(
            2_000,
            await Server.InDatabaseAsync(db => db.ResetLinks.CountAsync(l => l.Purpose == LinkPurpose.Activation))
        );
        Assert.Equal(2_000, await Server.InDatabaseAsync(db => db.Outbox.CountAsync(m => m.Kind == "Invitation")));
    }

    private Task<GivenClient> AppAsync() =>
        Server.Given.ClientAsync(
            new ClientMetadata
            {
                ClientName = "Portfolio",
                ClientUri = "https://portfolio.example.test/",
                RedirectUris = [Given.RedirectUri],
            }
        );

    private async Task<Page> ChosenAsync(string email) =>
        await Forgotten.ChooseAsync(Assert.Single(await Forgotten.NewestLinksAsync(email)));

    private Task<CommandLineRun> RunAsync(string[] args, string input = "") =>
        CommandLineRun.OnAsync(_database, args, input, _clock);
}
