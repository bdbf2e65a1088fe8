using AuthServer.Mail;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;
using Xunit;

namespace TestSupport.Mail;

/// <summary>
/// Everybody's mailbox: what the server wrote into its mail folder. It has due messages sent itself, so that a test on
/// a clock that stands still has its mail without waiting for a job.
/// </summary>
public sealed class Mailbox(AuthServerFixture server)
{
    /// <summary>How long a message is waited for before the test fails: longer than any honest job takes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>How long a sender may need for what it has taken up.</summary>
    private static readonly TimeSpan HandOver = TimeSpan.FromSeconds(5);

    /// <summary>Has everything sent that is due now.</summary>
    public Task SendAsync() => server.Services.GetRequiredService<SendMail>().RunAsync(CancellationToken.None);

    /// <summary>
    /// Everything that was ever sent, oldest first, once all that is due has been: also what the server's own sender
    /// has taken up just now. A message that a test keeps in a sender's hands is not waited for long.
    /// </summary>
    /// <param name="to">The address it was sent to; null: anybody's.</param>
    public async Task<IReadOnlyList<ReceivedMail>> AllAsync(string? to = null)
    {
        await SendAsync();
        var until = TimeProvider.System.GetUtcNow() + HandOver;
        while (
            TimeProvider.System.GetUtcNow() < until
            && await server.InDatabaseAsync(db =>
                db.Outbox.AnyAsync(m => m.SettledAt == null && m.ClaimedUntil != null)
            )
        )
        {
            await Task.Delay(50);
        }

        return Read(to);
    }

    /// <summary>Waits until so many messages have come for an address, and fails the test when they do not.</summary>
    /// <returns>The last of them.</returns>
    /// <param name="count">How many there have to be: 2 waits for the second.</param>
    public async Task<ReceivedMail> WaitForAsync(string to, int count = 1)
    {
        var until = TimeProvider.System.GetUtcNow() + Patience;
        while (true)
        {
            await SendAsync();
            var mails = Read(to);
            if (mails.Count >= count)
            {
                return mails[count - 1];
            }

            Assert.True(
                TimeProvider.System.GetUtcNow() < until,
                $"{to} got {mails.Count} messages, not {count}. Everybody's: {string.Join(", ", Read(null).Select(mail => $"{mail.To}: {mail.Subject}"))}\n{server.Log}"
            );
            await Task.Delay(50);
        }
    }

    /// <summary>What is in the folder, oldest first.</summary>
    public IReadOnlyList<ReceivedMail> Read(string? to)
    {
        if (!Directory.Exists(server.MailFolder))
        {
            return [];
        }

        return
        [
            .. Directory
                .EnumerateFiles(server.MailFolder, "*.eml")
                .Select(file => ReceivedMail.Read(MimeMessage.Load(file)))
                .OrderBy(mail => mail.MessageId, StringComparer.Ordinal) // it begins with the time it was queued at
                .Where(mail => to is null || mail.IsTo(to)),
        ];
    }
}
