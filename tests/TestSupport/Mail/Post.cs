using AuthServer.Data;
using AuthServer.Mail;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Recovery.Ports;

namespace TestSupport.Mail;

/// <summary>Messages for tests of the outbox and the transports.</summary>
internal static class Post
{
    public const string Link = "https://auth.example.test/reset-password/K7d0-token";

    /// <summary>
    /// A message that holds what is hard to send: apostrophes, letters of other languages, markup, a line that begins
    /// with a dot.
    /// </summary>
    public static RecoveryMessage.Reminder Reminder(DateTimeOffset now) =>
        new(
            "Siobhán O’Brien",
            [new RemindedAccount("O’Brien<b>4821", "Siobhán O’Brien", Link, now.AddDays(2))],
            new Circumstances(now, "Safari on iPhone")
        );

    /// <summary>Queues a message and commits it.</summary>
    /// <returns>The row's id.</returns>
    public static Task<Guid> QueueAsync(
        this AuthServerFixture server,
        string to,
        RecoveryMessage? message = null,
        MessageSubject? about = null
    ) =>
        server.InScopeAsync(async services =>
        {
            await services
                .GetRequiredService<IRecoveryMessenger>()
                .QueueAsync(to, message ?? Reminder(server.Now), about ?? new MessageSubject(), CancellationToken.None);
            var db = services.GetRequiredService<AuthDbContext>();
            await db.SaveChangesAsync();
            return db.Outbox.Local.Single().Id;
        });

    public static Task<OutboxMessage> RowAsync(this AuthServerFixture server, Guid id) =>
        server.InDatabaseAsync(db => db.Outbox.AsNoTracking().SingleAsync(m => m.Id == id));

    /// <summary>Waits until a message was accepted, or failed for good.</summary>
    public static Task<OutboxMessage> SettledAsync(this AuthServerFixture server, Guid id) =>
        server.UntilAsync(id, row => row.SettledAt is not null);

    /// <summary>Waits until an attempt is over, whatever came of it.</summary>
    public static Task<OutboxMessage> AnsweredAsync(this AuthServerFixture server, Guid id) =>
        server.UntilAsync(id, row => row.LastAnswer is not null && row.ClaimedUntil is null);

    /// <returns>The first settings with the others on top.</returns>
    public static Dictionary<string, string?> Settings(
        Dictionary<string, string?> settings,
        Dictionary<string, string?>? more
    )
    {
        foreach (var (key, value) in more ?? [])
        {
            settings[key] = value;
        }

        return settings;
    }

    private static async Task<OutboxMessage> UntilAsync(
        this AuthServerFixture server,
        Guid id,
        Func<OutboxMessage, bool> condition
    )
    {
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                await server.Mailbox.SendAsync();
                return condition(await server.RowAsync(id));
            },
            server.Log.ToString
        );
        return await server.RowAsync(id);
    }
}
