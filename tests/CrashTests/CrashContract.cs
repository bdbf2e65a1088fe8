using System.Globalization;
using AuthServer.Mail;
using Microsoft.EntityFrameworkCore;
using TestSupport;
using TestSupport.Mail;
using Xunit.Abstractions;

namespace CrashTests;

/// <summary>The server is killed thirty times under load, and keeps its word.</summary>
public abstract class CrashContract(ITestOutputHelper output)
{
    private const int Kills = 30;

    private const int Workers = 4;

    protected abstract Task<TestDatabase> CreateDatabaseAsync();

    /// <summary>What the database says of itself at the end; null when all is well.</summary>
    protected abstract Task<string?> DamageAsync(TestDatabase database);

    [Fact]
    public async Task Nothing_acknowledged_is_lost_and_nothing_spent_works_again_when_the_server_is_killed()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"Seed {seed}.");
        await using var database = await CreateDatabaseAsync();
        var issuer = $"http://127.0.0.1:{FreePort.Next()}";
        await using var server = new KilledServer(database, issuer);
        await server.StartAsync();

        var operations = new OperatorWorker(server, issuer, new Random(seed));
        var (clientId, secret) = await operations.RegisterAsync();
        var users = new List<AppUser>();
        var workers = new List<SignInWorker>();
        for (var i = 0; i < Workers; i++)
        {
            var user = new AppUser(issuer, clientId, secret);
            Assert.True(await user.LogInAsync(await operations.AddAccountAsync(), OperatorWorker.Password));
            users.Add(user);
            workers.Add(new SignInWorker(user, new Random(seed + 1 + i)));
        }

        var moments = new Random(seed - 1);
        for (var kill = 1; kill <= Kills; kill++)
        {
            var load = workers.Select(worker => worker.RunAsync()).Append(operations.RunAsync(Workers)).ToArray();
            await Task.WhenAny(Task.Delay(moments.Next(100, 900)), Task.WhenAny(load[..Workers]));
            await server.KillAsync();
            await Task.WhenAll(load);
            await server.StartAsync();
            await Task.WhenAll([.. workers.Select(worker => worker.CheckAsync()), operations.CheckAsync(Workers)]);
        }

        await Task.WhenAll(workers.Select(worker => worker.CheckAllAsync()));
        users.ForEach(user => user.Dispose());
        await server.KillAsync();
        Assert.Null(await DamageAsync(database));
        output.WriteLine(
            $"{Kills} kills; {workers.Sum(worker => worker.Acknowledged)} sign-ins, refreshes and revocations and "
                + $"{operations.Acknowledged} commands were acknowledged, and every one held."
        );
    }

    [Fact]
    public async Task A_message_whose_sender_is_killed_before_it_hears_the_answer_is_not_sent_again_by_itself_and_staff_see_it()
    {
        await using var database = await CreateDatabaseAsync();
        await using var smtp = await MailServer.StartAsync();
        var settings = smtp.Settings.ToDictionary(setting => setting.Key, setting => setting.Value ?? "");
        settings["Mail:Interval"] = "00:00:01";
        await using (var server = new KilledServer(database, $"http://127.0.0.1:{FreePort.Next()}", settings))
        {
            await server.StartAsync();
            await new OperatorWorker(server, "", new Random(1)).InviteAsync("hold@example.test");
            // It has the message, and does not say so.
            await Eventually.BecomesTrueAsync(() => smtp.Taken().Count == 1, () => server.Output);
            await server.KillAsync();
        }

        smtp.Answer();
        var later = TimeProvider.System.GetUtcNow().AddHours(1).ToString("O", CultureInfo.InvariantCulture);
        await using var next = await AuthServerFixture.StartAsync(
            new FixedClock(later),
            database,
            settings: smtp.Settings
        );
        await next.Mailbox.SendAsync();

        var message = await next.InDatabaseAsync(db => db.Outbox.AsNoTracking().SingleAsync());
        Assert.Equal((MailState.Unknown, 2), (message.State, message.Attempts));
        Assert.Single(smtp.Taken());
    }
}
