using System.Net;
using AuthServer.Passwords;
using Microsoft.Extensions.DependencyInjection;
using TestSupport;

namespace ProtocolTests.Pages;

/// <summary>What the log-in page says when the server will not, or cannot, check a password.</summary>
public sealed class LogInLimitsTests
{
    [Fact]
    public async Task When_only_a_reset_helps_the_page_says_so_and_names_no_time()
    {
        await using var server = await AuthServerFixture.StartAsync(
            settings: new Dictionary<string, string?> { ["Limits:LogIn:HardStop"] = "1" }
        );
        using var browser = server.NewBrowser();
        await TryAsync(browser);

        var page = await TryAsync(browser);

        Assert.Equal(HttpStatusCode.TooManyRequests, page.Status);
        Assert.Contains(
            "Reset your password. You can then log in with the new one straight away.",
            page.Text,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("Wait", page.One("main").TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("Retry-After", page.Headers.Keys);
    }

    [Fact]
    public async Task When_too_many_people_log_in_at_once_the_page_asks_for_a_few_seconds_and_keeps_the_username()
    {
        await using var server = await AuthServerFixture.StartAsync(
            settings: new Dictionary<string, string?>
            {
                ["Limits:Hashing:AtOnce"] = "1",
                ["Limits:Hashing:Queue"] = "0",
            }
        );
        using var browser = server.NewBrowser();
        using var somebodyElse = server.Services.GetRequiredService<PasswordHashQueue>().TryEnter();

        var page = await TryAsync(browser);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, page.Status);
        Assert.Equal("5", page.Headers["Retry-After"]);
        Assert.Contains("Wait a few seconds", page.One(".nhsuk-error-summary").TextContent, StringComparison.Ordinal);
        Assert.Equal("smith4821", page.One("#Username").GetAttribute("value"));
    }

    private static async Task<Page> TryAsync(TestBrowser browser) =>
        await browser.SubmitAsync(
            await browser.GetAsync("/log-in"),
            new Dictionary<string, string> { ["Username"] = "smith4821", ["Password"] = "not my password" }
        );
}
