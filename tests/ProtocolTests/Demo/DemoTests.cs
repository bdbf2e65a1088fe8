using System.Net;
using AuthServer.Demo;
using Microsoft.EntityFrameworkCore;
using TestSupport;

namespace ProtocolTests.Demo;

public sealed class DemoTests
{
    private static readonly Dictionary<string, string?> On = new() { ["Demo"] = "true" };

    [Fact]
    public async Task A_newcomer_logs_in_with_a_curly_apostrophe_and_sees_the_tokens()
    {
        await using var server = await AuthServerFixture.StartAsync(settings: On);
        using var browser = server.NewBrowser();
        var start = (await browser.GetAsync("/demo")).Ok();
        var person = DemoPeople.All[0];
        Assert.Contains(person.Password, start.Text, StringComparison.Ordinal);

        var logIn = (await browser.OpenAsync("/demo/start")).Ok();
        var inside = (await browser.LogInAsync(logIn, "O\u2019Brien4821", person.Password)).Ok();

        Assert.Contains("You are logged in", inside.Text, StringComparison.Ordinal);
        Assert.Contains("Siobhán", inside.One("#claims").TextContent, StringComparison.Ordinal);
        Assert.Contains("\"aud\": \"demo\"", inside.One("#id-token").TextContent, StringComparison.Ordinal);
        Assert.Contains("at+jwt", inside.One("#access-token").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_developer_who_opens_the_front_page_is_led_to_the_demo()
    {
        await using var server = await AuthServerFixture.StartAsync(settings: On);
        using var browser = server.NewBrowser();

        Assert.Equal("Demo portfolio", (await browser.OpenAsync("/")).Ok().Heading);
    }

    [Fact]
    public async Task The_log_says_that_demo_data_is_added_and_where_to_go_once_the_server_listens()
    {
        const int NowListening = 14;
        await using var server = await AuthServerFixture.StartAsync(settings: On);

        var told = server
            .Log.Lines.Where(line =>
                line.Id is 1204 or 1203 || (line.Category == "Microsoft.Hosting.Lifetime" && line.Id == NowListening)
            )
            .ToList();

        Assert.Equal([1204, NowListening, 1203], told.Select(line => line.Id));
        Assert.Contains(server.Issuer + "/demo", told[^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fresh_tokens_the_claims_again_and_the_way_out_all_work()
    {
        await using var server = await AuthServerFixture.StartAsync(settings: On);
        using var browser = server.NewBrowser();
        var person = DemoPeople.All[^1];
        var first = await browser.LogInAsync(await browser.OpenAsync("/demo/start"), person.Username, person.Password);

        var refreshed = (
            await browser.FollowAsync(await browser.SubmitAsync(first, form: "form[action='/demo/refresh']"))
        ).Ok();
        var again = (
            await browser.FollowAsync(await browser.SubmitAsync(refreshed, form: "form[action='/demo/claims']"))
        ).Ok();
        var left = await browser.FollowAsync(await browser.SubmitAsync(again, form: "form[action='/demo/leave']"));

        Assert.NotEqual(first.One("#refresh-token").TextContent, refreshed.One("#refresh-token").TextContent);
        Assert.Contains("Exampleton", again.One("#claims").TextContent, StringComparison.Ordinal);
        Assert.Contains("You have logged out", left.Ok().Text, StringComparison.Ordinal);
        Assert.NotNull((await browser.OpenAsync("/demo/start")).Document.QuerySelector("input[name=Password]"));
    }

    [Fact]
    public async Task The_demo_officer_finds_cases_in_every_state_on_the_desk_once()
    {
        await using var database = new SqliteTestDatabase();
        await using (await AuthServerFixture.StartAsync(database: database, settings: On)) { }

        await using var server = await AuthServerFixture.StartAsync(database: database, settings: On);
        using var browser = server.NewBrowser();
        var officer = DemoPeople.All.Single(person => person.Username == "iqbal6142");

        var desk = await browser.LogInAsync(
            await browser.OpenAsync("/support?state=all"),
            officer.Username,
            officer.Password
        );

        var states = desk.Ok().All("tbody .nhsuk-tag").Select(tag => tag.TextContent).ToList();
        Assert.Equal(14, states.Count); // one of them is the alarm's, two say what is new
        Assert.Equal(11, states.Distinct().Count());
        var first = (
            await browser.GetAsync(
                (await browser.GetAsync("/support?sort=oldest")).One("tbody tr:first-child a").GetAttribute("href")!
            )
        ).Ok();
        Assert.Contains("Strong match", first.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_start_on_another_port_keeps_the_people_and_moves_the_app()
    {
        await using var database = new SqliteTestDatabase();
        await using (await AuthServerFixture.StartAsync(database: database, settings: On)) { }

        await using var server = await AuthServerFixture.StartAsync(database: database, settings: On);
        using var browser = server.NewBrowser();
        var person = DemoPeople.All[1];

        var inside = await browser.LogInAsync(await browser.OpenAsync("/demo/start"), person.Username, person.Password);

        Assert.Contains("You are logged in", inside.Text, StringComparison.Ordinal);
        Assert.Equal(DemoPeople.All.Count, await server.InDatabaseAsync(db => db.Accounts.CountAsync()));
        Assert.DoesNotContain(server.Log.Lines, line => line.Id is 1201 or 1202);
    }

    [Fact]
    public async Task An_answer_that_was_not_asked_for_is_refused()
    {
        await using var server = await AuthServerFixture.StartAsync(settings: On);
        using var browser = server.NewBrowser();
        await browser.GetAsync("/demo/start");

        var answer = (await browser.GetAsync("/demo/callback?code=stolen&state=guessed")).Ok();

        Assert.Contains("state", answer.One(".nhsuk-error-summary").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_setting_there_is_no_demo()
    {
        await using var server = await AuthServerFixture.StartAsync();
        using var browser = server.NewBrowser();

        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync("/demo")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync("/demo/start")).Status);
    }
}
