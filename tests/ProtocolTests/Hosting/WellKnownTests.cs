using System.Net;
using TestSupport;

namespace ProtocolTests.Hosting;

/// <summary>Addresses that programs look for on any website.</summary>
public sealed class WellKnownTests
{
    private const string SecurityTxt = "/.well-known/security.txt";

    private static readonly Dictionary<string, string?> Set = new()
    {
        ["SecurityTxt:Contact:0"] = "mailto:security@example.nhs.test",
        ["SecurityTxt:Contact:1"] = "https://www.example.nhs.test/report",
        ["SecurityTxt:Expires"] = "2027-06-30T01:00:00+01:00",
        ["SecurityTxt:PreferredLanguages"] = "en, cy",
        ["SecurityTxt:Policy"] = "https://www.example.nhs.test/disclosure",
    };

    [Fact]
    [Trait("spec", "W3C change-password-url")]
    public async Task A_password_manager_is_led_to_where_a_password_is_changed()
    {
        await using var server = await AuthServerFixture.StartAsync();
        using var browser = server.NewBrowser();

        var answer = await browser.GetAsync("/.well-known/change-password");
        var missing = await browser.GetAsync(
            "/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200"
        );

        Assert.Equal(
            (HttpStatusCode.Redirect, "/forgotten-login-details"),
            (answer.Status, answer.Location?.AbsolutePath)
        );
        Assert.Equal(HttpStatusCode.NotFound, missing.Status);
    }

    [Fact]
    [Trait("spec", "RFC 9116")]
    public async Task Researchers_find_out_how_to_report_a_vulnerability_where_the_operator_says_so()
    {
        await using var server = await AuthServerFixture.StartAsync(https: true, settings: Set);
        using var browser = server.NewBrowser();

        var file = (await browser.GetAsync(SecurityTxt)).Ok();

        Assert.Equal("text/plain; charset=utf-8", file.Headers["Content-Type"]);
        Assert.Equal(
            $"""
            Contact: mailto:security@example.nhs.test
            Contact: https://www.example.nhs.test/report
            Expires: 2027-06-30T00:00:00Z
            Preferred-Languages: en, cy
            Canonical: {server.Issuer}/.well-known/security.txt
            Policy: https://www.example.nhs.test/disclosure

            """,
            file.Body
        );
        Assert.DoesNotContain(server.Log.Lines, line => line.Id == 1013);
    }

    [Fact]
    [Trait("spec", "RFC 9116 2.5.5")]
    public async Task The_log_warns_of_a_file_that_is_out_of_date()
    {
        await using var server = await AuthServerFixture.StartAsync(
            new FixedClock("2027-07-01T00:00:00Z"),
            settings: Set
        );

        Assert.Single(server.Log.Lines, line => line.Id == 1013);
    }

    [Fact]
    public async Task Without_settings_there_is_no_such_file()
    {
        await using var server = await AuthServerFixture.StartAsync();
        using var browser = server.NewBrowser();

        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(SecurityTxt)).Status);
    }
}
