using AuthServer.Data;
using AuthServer.Mail;
using Microsoft.Extensions.DependencyInjection;
using Recovery.Ports;
using TestSupport;
using TestSupport.Mail;

namespace ProtocolTests.Mail;

/// <summary>From the commit to the folder, and what a reader finds there.</summary>
public sealed class FolderTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_committed_message_goes_out_by_itself_at_once(bool clockStandsStill)
    {
        // Ten minutes between two looks: only the commit can wake the sender.
        await using var server = await AuthServerFixture.StartAsync(
            clockStandsStill ? new FixedClock() : null,
            settings: new Dictionary<string, string?> { ["Mail:Interval"] = "00:10:00" }
        );

        await server.QueueAsync("a@example.test");

        await Eventually.BecomesTrueAsync(() => server.Mailbox.Read("a@example.test").Count == 1, server.Log.ToString);
    }

    [Fact]
    public async Task A_message_of_a_transaction_that_is_rolled_back_is_never_sent()
    {
        await using var server = await AuthServerFixture.StartAsync(new FixedClock());

        await server.InScopeAsync(async services =>
        {
            var (db, messenger) = (
                services.GetRequiredService<AuthDbContext>(),
                services.GetRequiredService<IRecoveryMessenger>()
            );
            await using var transaction = await db.Database.BeginTransactionAsync();
            await messenger.QueueAsync(
                "a@example.test",
                Post.Reminder(server.Now),
                new MessageSubject(),
                CancellationToken.None
            );
            await db.SaveChangesAsync();
            await transaction.RollbackAsync();
            return 0;
        });

        Assert.Empty(await server.Mailbox.AllAsync());
    }

    [Fact]
    public async Task The_reader_finds_names_links_and_headers_as_they_should_be()
    {
        await using var server = await AuthServerFixture.StartAsync(
            new FixedClock(),
            settings: new Dictionary<string, string?>
            {
                ["Mail:From"] = "NHS ePortfolios – Cymru <help@eportfolios.test>",
            }
        );

        var id = await server.QueueAsync("siobhan@example.test");
        var mail = await server.Mailbox.WaitForAsync("siobhan@example.test");

        Assert.Equal("NHS ePortfolios – Cymru <help@eportfolios.test>", mail.From);
        Assert.Equal("Siobhán O’Brien <siobhan@example.test>", mail.To);
        Assert.Equal($"<{id:N}@eportfolios.test>", mail.MessageId);
        Assert.Equal("auto-generated", mail.Headers["Auto-Submitted"]);
        Assert.Equal("Sat, 31 Jan 2026 09:00:00 +0000", mail.Headers["Date"]);
        Assert.Contains("Dear Siobhán O’Brien,", mail.Text, StringComparison.Ordinal);
        Assert.Contains("Your username: O’Brien<b>4821", mail.Text, StringComparison.Ordinal);
        Assert.Equal(Post.Link, mail.Link("/reset-password"));
        Assert.Equal("O’Brien<b>4821", mail.Document.QuerySelector("strong")?.TextContent);
        Assert.Equal(2, mail.Document.QuerySelectorAll($"a[href='{Post.Link}']").Length);
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite,
            File.GetUnixFileMode(Directory.GetFiles(server.MailFolder).Single())
        );
    }

    [Fact]
    public async Task Words_are_sealed_while_they_wait_and_gone_when_they_have_been_sent()
    {
        await using var server = await AuthServerFixture.StartAsync(
            new FixedClock(),
            settings: new Dictionary<string, string?>
            {
                ["Mail:Transport"] = "Smtp", // to nobody
                ["Mail:Smtp:Host"] = "127.0.0.1",
                ["Mail:Smtp:Port"] = "1",
                ["Mail:Interval"] = "00:10:00",
            }
        );
        var id = await server.QueueAsync("a@example.test");
        await Eventually.BecomesTrueAsync(
            async () => (await server.RowAsync(id)).LastAnswer is not null,
            server.Log.ToString
        );
        var waiting = await server.RowAsync(id);
        await using var second = await AuthServerFixture.StartAsync(server.Clock, server.Database);
        server.Clock.Advance(TimeSpan.FromMinutes(5));

        await second.Mailbox.WaitForAsync("a@example.test");

        var sent = await server.RowAsync(id);
        Assert.DoesNotContain(
            "token",
            System.Text.Encoding.UTF8.GetString(waiting.SealedBody ?? []),
            StringComparison.Ordinal
        );
        Assert.NotNull(waiting.SealedBody);
        Assert.Equal((MailState.Accepted, null), (sent.State, sent.SealedBody));
    }
}
