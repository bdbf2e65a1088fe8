using AuthServer.Data;
using AuthServer.Mail;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Recovery.Ports;
using TestSupport.Mail;
using Xunit;

namespace TestSupport.StorageContract;

/// <summary>
/// Each message is taken up by one sender, and only the one that holds it may hand it over or say what became of it.
/// </summary>
public abstract class OutboxContract : StorageContract
{
    private static readonly TimeSpan Answer = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Its job does not run while a test moves the clock by minutes, and its mail server cannot be asked.
    /// </summary>
    private static readonly Dictionary<string, string?> Quiet = new()
    {
        ["Mail:Transport"] = "Smtp",
        ["Mail:From"] = "help@eportfolios.test",
        ["Mail:Smtp:Host"] = "127.0.0.1",
        ["Mail:Smtp:Port"] = "1",
        ["Mail:Interval"] = "00:10:00",
    };

    [Fact]
    public async Task Of_many_senders_one_takes_a_message_up()
    {
        var row = await QueuedAsync();

        var claims = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(_ => Task.Run(() => OutboxAsync(outbox => outbox.ClaimAsync(row, CancellationToken.None))))
        );

        Assert.Single(claims, claim => claim is not null);
    }

    [Fact]
    public async Task Servers_that_send_side_by_side_send_each_message_once()
    {
        await using var other = await AuthServerFixture.StartAsync(Server.Clock, Server.Database);
        string[] to = [.. Enumerable.Range(0, 120).Select(i => $"person{i}@example.test")];
        foreach (var address in to)
        {
            await Server.QueueAsync(address);
        }

        await Task.WhenAll(Server.Mailbox.SendAsync(), other.Mailbox.SendAsync());
        await Eventually.BecomesTrueAsync(async () => await WaitingAsync() == 0, Server.Log.ToString);

        var sent = Server.Mailbox.Read(null).Concat(other.Mailbox.Read(null)).Select(mail => mail.MessageId).ToList();
        Assert.Equal(to.Length, sent.Count);
        Assert.Equal(to.Length, sent.Distinct().Count());
        Assert.All(await RowsAsync(), row => Assert.Equal((MailState.Accepted, 1), (row.State, row.Attempts)));
    }

    [Fact]
    public async Task Who_held_it_too_long_must_not_hand_it_over_any_more()
    {
        var row = await QueuedAsync();
        var slow = await ClaimAsync(row);
        Server.Clock.Advance(Outbox.Lease);
        var quick = await ClaimAsync(await Server.RowAsync(row.Id));

        var slowMay = await OutboxAsync(outbox => outbox.HandOverAsync(slow, Answer));
        var quickMay = await OutboxAsync(outbox => outbox.HandOverAsync(quick, Answer));
        await DoAsync(outbox => outbox.TryAgainAsync(slow, Server.Now, "too late"));

        Assert.Equal((false, true), (slowMay, quickMay));
        Assert.Equal(MailState.HandingOver, (await Server.RowAsync(row.Id)).State);
    }

    [Fact]
    public async Task What_a_dead_server_was_handing_over_is_not_sent_again_where_nobody_can_tell()
    {
        await using var database = await CreateDatabaseAsync();
        await using var server = await AuthServerFixture.StartAsync(new FixedClock(), database, settings: Quiet);
        var row = await QueuedAsync(server);
        var claim = await ClaimAsync(row, server);
        Assert.True(await OutboxAsync(outbox => outbox.HandOverAsync(claim, Answer), server));

        await server.Mailbox.SendAsync();
        var early = await server.RowAsync(row.Id);
        server.Clock.Advance(Answer + Outbox.Lease);
        await server.Mailbox.SendAsync();

        var late = await server.RowAsync(row.Id);
        Assert.Equal((MailState.HandingOver, 2), (early.State, early.Attempts));
        Assert.Equal(MailState.Unknown, late.State);
        Assert.NotNull(late.SealedBody);
        Assert.Contains(server.Log.Lines, line => line.Id == 6107);
    }

    [Fact]
    public async Task What_a_dead_server_was_handing_over_is_sent_once_where_it_can_be_seen_that_it_never_arrived()
    {
        var row = await QueuedAsync();
        var claim = await ClaimAsync(row);
        Assert.True(await OutboxAsync(outbox => outbox.HandOverAsync(claim, Answer)));

        Server.Clock.Advance(TimeSpan.FromHours(1));
        await Server.Mailbox.SendAsync();
        Server.Clock.Advance(TimeSpan.FromHours(1));
        await Server.Mailbox.WaitForAsync("held@example.test");
        await Eventually.BecomesTrueAsync(async () => await WaitingAsync() == 0, Server.Log.ToString);

        Assert.Single(await Server.Mailbox.AllAsync());
    }

    [Fact]
    public async Task What_was_accepted_is_accepted_whoever_holds_it_by_now()
    {
        await using var database = await CreateDatabaseAsync();
        await using var server = await AuthServerFixture.StartAsync(new FixedClock(), database, settings: Quiet);
        var row = await QueuedAsync(server);
        var first = await ClaimAsync(row, server);
        await OutboxAsync(outbox => outbox.HandOverAsync(first, Answer), server);
        server.Clock.Advance(Answer + Outbox.Lease);
        var second = await ClaimAsync(await server.RowAsync(row.Id), server);
        await DoAsync(outbox => outbox.FailedAsync(second, MailState.Unknown, "who knows"), server);

        await DoAsync(outbox => outbox.AcceptedAsync(first, "250 OK"), server);

        var told = await server.RowAsync(row.Id);
        Assert.Equal((MailState.Accepted, "250 OK", null), (told.State, told.LastAnswer, told.SealedBody));
    }

    [Fact]
    public async Task Of_many_who_send_a_dead_letter_again_one_does()
    {
        var row = await QueuedAsync();
        var claim = await ClaimAsync(row);
        await DoAsync(outbox => outbox.FailedAsync(claim, MailState.Dead, "451 no"));

        var again = await Task.WhenAll(
            Enumerable
                .Range(0, 6)
                .Select(_ =>
                    Task.Run(() =>
                        Server.InScopeAsync(services =>
                            services
                                .GetRequiredService<IRecoveryMessenger>()
                                .ResendAsync(row.Id, CancellationToken.None)
                        )
                    )
                )
        );
        var mail = await Server.Mailbox.WaitForAsync("held@example.test");

        Assert.Single(again, done => done);
        Assert.Equal(row.MessageId, mail.MessageId);
        Assert.Contains(Post.Link, mail.Links);
        Assert.Equal(
            [MailState.Dead, MailState.Accepted],
            (await RowsAsync()).OrderBy(r => r.QueuedAt).ThenBy(r => r.Id).Select(r => r.State).OrderDescending()
        );
    }

    /// <summary>A message that no sender takes up by itself: it was tried once, and is not due for an hour.</summary>
    private async Task<OutboxMessage> QueuedAsync(AuthServerFixture? server = null)
    {
        server ??= Server;
        var id = await server.InScopeAsync(async services =>
        {
            var db = services.GetRequiredService<AuthDbContext>();
            await services
                .GetRequiredService<IRecoveryMessenger>()
                .QueueAsync(
                    "held@example.test",
                    Post.Reminder(server.Now),
                    new MessageSubject(),
                    CancellationToken.None
                );
            var row = db.Outbox.Local.Single();
            (row.Attempts, row.NextAttemptAt) = (1, server.Now.AddHours(1));
            await db.SaveChangesAsync();
            return row.Id;
        });
        return await server.RowAsync(id);
    }

    private async Task<MailClaim> ClaimAsync(OutboxMessage row, AuthServerFixture? server = null) =>
        await OutboxAsync(outbox => outbox.ClaimAsync(row, CancellationToken.None), server)
        ?? throw new InvalidOperationException("It is taken.");

    private Task<T> OutboxAsync<T>(Func<Outbox, Task<T>> act, AuthServerFixture? server = null) =>
        (server ?? Server).InScopeAsync(services => act(services.GetRequiredService<Outbox>()));

    private Task<int> DoAsync(Func<Outbox, Task> act, AuthServerFixture? server = null) =>
        OutboxAsync(
            async outbox =>
            {
                await act(outbox);
                return 0;
            },
            server
        );

    private Task<int> WaitingAsync() =>
        Server.InDatabaseAsync(db => db.Outbox.CountAsync(m => m.State != MailState.Accepted));

    private Task<List<OutboxMessage>> RowsAsync() =>
        Server.InDatabaseAsync(db => db.Outbox.AsNoTracking().ToListAsync());
}
