using Microsoft.Playwright;
using Recovery.Ports;
using TestSupport;
using TestSupport.Browser;
using TestSupport.Mail;

namespace BrowserTests;

/// <summary>What a person sees of a message, in the developer's mailbox and in a mail program's window.</summary>
public sealed class MailTests(Site site) : IClassFixture<Site>
{
    [Theory]
    [InlineData(Device.Desktop)]
    [InlineData(Device.Phone)]
    public async Task The_mailbox_shows_what_was_sent_and_its_links_lead_on(Device device)
    {
        var to = $"mailbox-{device}@example.test";
        await QueueAsync(
            to,
            new RecoveryMessage.ResumeCase(
                "7K3M9QTX",
                site.Server.Issuer + "/help/contact-support?from=mail",
                site.Server.Now.AddHours(20)
            )
        );
        await using var visitor = await site.ArriveAsync(device);

        await visitor.Page.GotoAsync(site.Server.Issuer + "/dev/mailbox");
        await visitor.PictureAsync($"mailbox-{device}");
        await visitor.Page.AssertAccessibleAsync();
        await visitor.Page.ClickAsync($"tbody tr:has-text(\"{to}\") a");
        await visitor.PictureAsync($"mailbox-message-{device}");
        await visitor.Page.AssertAccessibleAsync(frames: false);
        await visitor
            .Page.FrameLocator("iframe")
            .GetByRole(AriaRole.Link, new() { Name = "Go on with your form" })
            .ClickAsync();

        await Assertions.Expect(visitor.Page).ToHaveURLAsync(site.Server.Issuer + "/help/contact-support?from=mail");
    }

    [Theory]
    [InlineData(Device.Desktop)]
    [InlineData(Device.Phone)]
    public async Task The_html_fits_the_screen(Device device)
    {
        foreach (var (name, message) in Messages())
        {
            var mail = await QueueAsync($"{name}-{device}@example.test", message);
            await using var visitor = await site.ArriveAsync(device);

            await visitor.Page.SetContentAsync(mail.Html);

            await visitor.PictureAsync($"mail-{name}-{device}");
            Assert.True(
                await visitor.Page.EvaluateAsync<int>("document.documentElement.scrollWidth")
                    <= visitor.Page.ViewportSize?.Width,
                $"{name} is wider than the screen."
            );
        }
    }

    private (string Name, RecoveryMessage Message)[] Messages()
    {
        var now = site.Server.Now;
        var link = site.Server.Issuer + "/reset-password/Kd0-xQ3vRZ8yT1mJb5nHs7uWc2eGf4aL9pOiEwYtVrA";
        var asked = new Circumstances(now, "Safari on iPhone");
        return
        [
            (
                "reminder",
                new RecoveryMessage.Reminder(
                    "Siobhán O’Brien",
                    [new("O’Brien4821", "Siobhán O’Brien", link, now.AddHours(1))],
                    asked
                )
            ),
            (
                "reminder-of-two",
                new RecoveryMessage.Reminder(
                    null,
                    [
                        new("smith4821", "Ann Smith", link, now.AddHours(1)),
                        new(
                            "a.very.long.username.of.somebody@some-very-long-hospital-name.example.nhs.uk",
                            "Ann Smith (supervisor)",
                            link,
                            now.AddHours(1)
                        ),
                    ],
                    asked
                )
            ),
            ("unknown", new RecoveryMessage.UnknownAddress(asked)),
            ("unconfirmed", new RecoveryMessage.UnconfirmedAddress(asked) { Ticket = new string('t', 700) }),
            (
                "first-password",
                new RecoveryMessage.PasswordChanged("Siobhán O’Brien", "O’Brien4821", asked, IsFirst: true)
            ),
            ("changed", new RecoveryMessage.PasswordChanged("Siobhán O’Brien", "O’Brien4821", asked)),
            (
                "question",
                new RecoveryMessage.MoreWanted(
                    "7K3M9QTX",
                    "Who supervised your last post?\nWhen did it end?",
                    link,
                    now.AddDays(7)
                )
            ),
            (
                "notice",
                new RecoveryMessage.AccessWillBeRestored(
                    "Siobhán O’Brien",
                    "O’Brien4821",
                    "7K3M9QTX",
                    now.AddDays(1),
                    link
                )
            ),
        ];
    }

    private async Task<ReceivedMail> QueueAsync(string to, RecoveryMessage message)
    {
        var id = await site.Server.QueueAsync(to, message);
        await site.Server.Mailbox.SendAsync();
        await Eventually.BecomesTrueAsync(() => Find(to, id) is not null, site.Server.Log.ToString);
        return Find(to, id) ?? throw new InvalidOperationException("It was there a moment ago.");
    }

    private ReceivedMail? Find(string to, Guid id) =>
        site
            .Server.Mailbox.Read(to)
            .SingleOrDefault(mail => mail.MessageId.Contains($"{id:N}", StringComparison.Ordinal));
}
