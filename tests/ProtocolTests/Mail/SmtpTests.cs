using AuthServer.Mail;
using Microsoft.EntityFrameworkCore;
using Recovery.Ports;
using TestSupport;
using TestSupport.Mail;

namespace ProtocolTests.Mail;

/// <summary>
/// Through a mail server that we did not write: nothing lost, nothing doubled, and the trail tells the truth.
/// </summary>
public sealed class SmtpTests
{
    [Fact]
    [Trait("spec", "RFC 3207, RFC 4954, RFC 5322")]
    public async Task A_message_arrives_over_starttls_with_a_log_in_as_it_was_written()
    {
        await using var smtp = await MailServer.StartAsync(username: "auth", password: "a pässword");
        await using var server = await StartAsync(
            smtp,
            new() { ["Mail:Smtp:Username"] = "auth", ["Mail:Smtp:Password"] = "a pässword" }
        );

        var id = await server.QueueAsync("siobhan@example.test");
        var row = await server.SettledAsync(id);

        var mail = Assert.Single(smtp.Taken());
        Assert.Equal((MailState.Accepted, 1, null), (row.State, row.Attempts, row.SealedBody));
        Assert.Equal("250 2.0.0 taken for (address)", row.LastAnswer);
        Assert.Equal((true, "auth", "auth.example.test"), (mail.Tls, mail.User, mail.Hello));
        Assert.Equal(("help@eportfolios.test", "siobhan@example.test"), (mail.From, Assert.Single(mail.To)));
        Assert.Equal("Siobhán O’Brien <siobhan@example.test>", mail.Headers["To"]);
        Assert.Equal("NHS ePortfolios – Cymru <help@eportfolios.test>", mail.Headers["From"]);
        Assert.Equal(row.Subject, mail.Headers["Subject"]);
        Assert.Equal(row.MessageId, mail.Headers["Message-ID"]);
        Assert.Equal("auto-generated", mail.Headers["Auto-Submitted"]);
        Assert.Equal("Sat, 31 Jan 2026 09:00:00 +0000", mail.Headers["Date"]);
        Assert.Contains("Your username: O’Brien<b>4821\n", mail.Text, StringComparison.Ordinal);
        Assert.Contains($"\n{Post.Link}\n", mail.Text, StringComparison.Ordinal);
        Assert.Equal("O’Brien<b>4821", Html.Parse(mail.Html).QuerySelector("strong")?.TextContent);
        Assert.Empty(mail.Defects);
    }

    [Theory]
    [InlineData(true, "Tls", "PLAIN")]
    [InlineData(false, null, null)]
    public async Task Tls_from_the_first_byte_login_and_a_plain_server_on_this_machine_work_too(
        bool tls,
        string? security,
        string? without
    )
    {
        var user = tls ? "auth" : null;
        await using var smtp = await MailServer.StartAsync(
            tls,
            implicitly: tls,
            username: user,
            password: user,
            withoutMechanism: without
        );
        await using var server = await StartAsync(
            smtp,
            new()
            {
                ["Mail:Smtp:Security"] = security,
                ["Mail:Smtp:Username"] = user,
                ["Mail:Smtp:Password"] = user,
            }
        );

        var row = await server.SettledAsync(await server.QueueAsync("a@example.test"));

        Assert.Equal(MailState.Accepted, row.State);
        Assert.Equal(user, Assert.Single(smtp.Taken()).User);
    }

    [Fact]
    public async Task Nothing_is_said_to_a_server_that_offers_no_starttls_or_has_a_strangers_certificate()
    {
        await using var plain = await MailServer.StartAsync(tls: false);
        await using var strange = await MailServer.StartAsync();
        await using var toPlain = await StartAsync(plain, new() { ["Mail:Smtp:Security"] = "StartTls" });
        await using var toStrange = await StartAsync(strange, new() { ["Mail:Smtp:TrustedCertificates"] = null });

        var refusedPlain = await toPlain.AnsweredAsync(await toPlain.QueueAsync("a@example.test"));
        var refusedStrange = await toStrange.AnsweredAsync(await toStrange.QueueAsync("a@example.test"));

        Assert.Empty(plain.Taken().Concat(strange.Taken()));
        Assert.Contains("does not offer STARTTLS", refusedPlain.LastAnswer, StringComparison.Ordinal);
        Assert.Contains("certificate", refusedStrange.LastAnswer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_the_server_is_down_messages_wait_and_go_out_once_when_it_is_back()
    {
        await using var smtp = await MailServer.StartAsync();
        await smtp.StopAsync();
        await using var server = await StartAsync(smtp);
        Guid[] ids =
        [
            await server.QueueAsync("a@example.test"),
            await server.QueueAsync("b@example.test"),
            await server.QueueAsync("c@example.test"),
        ];
        await server.AnsweredAsync(ids[0]);
        await server.Mailbox.SendAsync();

        await smtp.StartAsync();
        server.Clock.Advance(TimeSpan.FromMinutes(5));
        await server.Mailbox.SendAsync();

        foreach (var id in ids)
        {
            Assert.Equal(MailState.Accepted, (await server.SettledAsync(id)).State);
        }

        Assert.Equal(
            ["a@example.test", "b@example.test", "c@example.test"],
            smtp.Taken().Select(mail => mail.To[0]).Order()
        );
    }

    [Theory]
    [InlineData("busy", "451 4.7.1 greylisted, come back later")]
    [InlineData("full", "452 4.2.2 mailbox full")]
    [InlineData("relay", "550 5.7.1 relaying denied")]
    public async Task What_may_pass_is_tried_for_a_day_then_given_up_and_can_be_sent_again_by_staff(
        string who,
        string answer
    )
    {
        await using var smtp = await MailServer.StartAsync();
        await using var server = await StartAsync(smtp);
        var about = new MessageSubject(caseId: Guid.NewGuid());
        var id = await server.QueueAsync($"{who}@example.test", about: about);
        var first = await server.AnsweredAsync(id);
        for (var hour = 0; hour < 26; hour++)
        {
            server.Clock.Advance(TimeSpan.FromHours(1));
            await server.Mailbox.SendAsync();
        }

        var dead = await server.SettledAsync(id);
        var listed = Assert.Single(await MessengerAsync(server, m => m.UndeliveredAsync(0, 10, default)));
        var again = await MessengerAsync(server, m => m.ResendAsync(id, default));
        var twice = await MessengerAsync(server, m => m.ResendAsync(id, default));
        var trail = await MessengerAsync(server, m => m.TrailOfCaseAsync(about.CaseId!.Value, default));

        Assert.Equal((MailState.Queued, answer), (first.State, first.LastAnswer));
        Assert.InRange(first.NextAttemptAt, first.QueuedAt.AddSeconds(22), first.QueuedAt.AddSeconds(38));
        Assert.Equal((MailState.Dead, answer), (dead.State, dead.LastAnswer));
        Assert.InRange(dead.SettledAt ?? default, dead.QueuedAt.AddHours(24), dead.QueuedAt.AddHours(26));
        Assert.Equal((id, MessageState.Dead, answer), (listed.Id, listed.State, listed.Detail));
        Assert.Equal((true, false), (again, twice));
        Assert.Equal([MessageState.Queued, MessageState.Dead], trail.Select(message => message.State));
        Assert.Empty(await MessengerAsync(server, m => m.UndeliveredAsync(0, 10, default)));
        Assert.Contains(server.Log.Lines, line => line.Id == 6105);
        Assert.DoesNotContain(
            "example.test",
            string.Join('\n', server.Log.Lines.Where(line => line.Id is > 6100 and < 6200).Select(line => line.Text)),
            StringComparison.Ordinal
        );
        Assert.Empty(smtp.Taken());
    }

    [Theory]
    [InlineData("nobody@example.test", "550 5.1.1 (address) is unknown here")]
    [InlineData("spam@example.test", "554 5.6.0 not such a message")]
    [InlineData("not an address", "This is not an address that mail can be sent to.")]
    public async Task What_is_refused_for_good_is_not_tried_again(string to, string answer)
    {
        await using var smtp = await MailServer.StartAsync();
        await using var server = await StartAsync(smtp);

        var row = await server.SettledAsync(await server.QueueAsync(to));
        server.Clock.Advance(TimeSpan.FromHours(2));
        await server.Mailbox.SendAsync();

        Assert.Equal((MailState.Refused, 1, answer), (row.State, row.Attempts, row.LastAnswer));
        Assert.Equal(row.SettledAt, (await server.RowAsync(row.Id)).SettledAt);
        Assert.Empty(smtp.Taken());
    }

    [Fact]
    [Trait("spec", "RFC 5321 6.1")]
    public async Task When_the_answer_is_lost_it_is_sent_again_with_the_same_message_id()
    {
        await using var smtp = await MailServer.StartAsync();
        await using var server = await StartAsync(smtp);

        var row = await server.AnsweredAsync(await server.QueueAsync("lost@example.test"));
        server.Clock.Advance(TimeSpan.FromMinutes(1));
        await server.Mailbox.SendAsync();

        Assert.Equal(MailState.Queued, row.State);
        Assert.Contains("is sent again", row.LastAnswer, StringComparison.Ordinal);
        Assert.Equal([row.MessageId, row.MessageId], smtp.Taken().Select(mail => mail.Headers["Message-ID"]));
    }

    [Fact]
    [Trait("spec", "RFC 6531")]
    public async Task An_address_with_letters_beyond_ascii_needs_a_server_that_takes_it()
    {
        await using var modern = await MailServer.StartAsync();
        await using var old = await MailServer.StartAsync(utf8: false);
        await using var toModern = await StartAsync(modern);
        await using var toOld = await StartAsync(old);

        var taken = await toModern.SettledAsync(await toModern.QueueAsync("siobhán@example.test"));
        var refused = await toOld.SettledAsync(await toOld.QueueAsync("siobhán@example.test"));

        Assert.Equal((MailState.Accepted, MailState.Refused), (taken.State, refused.State));
        Assert.Equal("siobhán@example.test", Assert.Single(modern.Taken()).To[0]);
    }

    [Fact]
    public async Task A_wrong_password_of_ours_loses_nobodys_mail()
    {
        await using var smtp = await MailServer.StartAsync(username: "auth", password: "right");
        await using var server = await StartAsync(
            smtp,
            new() { ["Mail:Smtp:Username"] = "auth", ["Mail:Smtp:Password"] = "wrong" }
        );

        var row = await server.AnsweredAsync(await server.QueueAsync("a@example.test"));

        Assert.Equal(MailState.Queued, row.State);
        Assert.StartsWith("535 ", row.LastAnswer, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Log.Lines, line => line.Text.Contains("wrong", StringComparison.Ordinal));
    }

    private static Task<AuthServerFixture> StartAsync(MailServer smtp, Dictionary<string, string?>? more = null) =>
        AuthServerFixture.StartAsync(new FixedClock(), settings: Post.Settings(smtp.Settings, more));

    private static Task<T> MessengerAsync<T>(AuthServerFixture server, Func<IRecoveryMessenger, Task<T>> act) =>
        server.InScopeAsync(services =>
            act(
                (IRecoveryMessenger)(
                    services.GetService(typeof(IRecoveryMessenger)) ?? throw new InvalidOperationException()
                )
            )
        );
}
