using System.Net;
using TestSupport;
using TestSupport.Mail;

namespace ProtocolTests.Mail;

public sealed class MailboxPageTests
{
    [Fact]
    public async Task In_development_the_mailbox_shows_each_message_as_text_and_as_html_in_a_frame_that_runs_nothing()
    {
        await using var server = await AuthServerFixture.StartAsync(new FixedClock());
        using var browser = server.NewBrowser();
        var empty = (await browser.GetAsync("/dev/mailbox")).Ok();
        await server.QueueAsync("siobhan@example.test");
        await server.Mailbox.WaitForAsync("siobhan@example.test");

        var list = (await browser.GetAsync("/dev/mailbox")).Ok();
        var shown = (await browser.GetAsync(list.One("tbody a").GetAttribute("href") ?? "")).Ok();
        var html = (await browser.GetAsync(shown.One("iframe").GetAttribute("src") ?? "")).Ok();

        Assert.Contains("Nothing has been sent yet", empty.Text, StringComparison.Ordinal);
        Assert.Contains("Siobhán O’Brien <siobhan@example.test>", list.Text, StringComparison.Ordinal);
        Assert.Contains("Your username: O’Brien<b>4821", shown.One("#text").TextContent, StringComparison.Ordinal);
        Assert.Equal(Post.Link, shown.One("#text a[href*='/reset-password']").GetAttribute("href"));
        Assert.DoesNotContain("allow-scripts", shown.One("iframe").GetAttribute("sandbox"), StringComparison.Ordinal);
        Assert.Contains(
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox",
            html.Headers["Content-Security-Policy"],
            StringComparison.Ordinal
        );
        Assert.Contains("frame-src 'self'", shown.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Equal("no-store", html.Headers["Cache-Control"]);
    }

    [Theory]
    [InlineData("/dev/mailbox/..%2f..%2fauth")]
    [InlineData("/dev/mailbox/nothing")]
    [InlineData("/dev/mailbox/nothing/html")]
    public async Task A_name_that_is_no_messages_is_not_found(string path)
    {
        await using var server = await AuthServerFixture.StartAsync(new FixedClock());
        using var browser = server.NewBrowser();

        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(path)).Status);
    }

    [Theory]
    [InlineData("/dev/mailbox")]
    [InlineData("/dev/mailbox/nothing/html")]
    public async Task Outside_development_there_is_no_mailbox(string path)
    {
        await using var server = await AuthServerFixture.StartAsync(environment: "Production");
        using var browser = server.NewBrowser();

        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(path)).Status);
        Assert.Contains(server.Log.Lines, line => line.Id == 6110);
    }
}
