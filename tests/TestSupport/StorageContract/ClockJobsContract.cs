using AuthServer.Data;
using AuthServer.Mail;
using AuthServer.Protocol.BackchannelLogout;
using AuthServer.Protocol.Keys;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Recovery.Cases;
using Recovery.Ports;
using TestSupport.Mail;
using Xunit;

namespace TestSupport.StorageContract;

/// <summary>The clock is set forward and back by a day while work in the background is going on: it goes on.</summary>
public abstract class ClockJobsContract : CleanedRowsContract
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    protected override IReadOnlyDictionary<string, string?> Settings =>
        new Dictionary<string, string?> { ["CleanUp:Interval"] = "00:00:05" };

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task The_jobs_go_on_when_the_clock_is_set(int days)
    {
        await CleanedAsync("before"); // the job runs
        Server.Clock.Jump(days * Day);
        await CleanedAsync("after");

        await Eventually.BecomesTrueAsync(
            () => Server.Log.Lines.Any(line => line.Id == 1010),
            () => Server.Log.ToString()
        );
    }

    [Fact]
    public async Task Mail_that_was_queued_or_failed_on_a_clock_that_ran_ahead_is_sent_when_it_is_put_right()
    {
        var ahead = Server.Now + Day;
        await QueuedAsync("fresh@example.test", row => row.NextAttemptAt = ahead);
        await QueuedAsync("tried@example.test", row => (row.Attempts, row.NextAttemptAt) = (1, ahead.AddSeconds(30)));
        await QueuedAsync("held@example.test", row => (row.Attempts, row.ClaimedUntil) = (1, ahead + Outbox.Lease));

        await Server.MailSettledAsync();

        Assert.Equal(3, (await Server.Mailbox.AllAsync()).Count);
    }

    [Fact]
    public async Task Apps_are_told_of_a_log_out_on_a_clock_that_ran_ahead_when_it_is_put_right()
    {
        await using var receiver = await LogoutReceiver.StartAsync();
        receiver.Answer = 503;
        Server.Clock.Jump(Day);
        using var browser = await Server.Given.LoggedInAsync(await Server.Given.AccountAsync());
        var app = await Server.Given.RelyingPartyAsync(receiver.Metadata);
        var tokens = await app.SignInAsync(browser);
        await browser.GetAsync($"/connect/endsession?id_token_hint={tokens.IdToken}");
        await Eventually.BecomesTrueAsync(() => receiver.Told.Count > 0, () => Server.Log.ToString());

        receiver.Answer = 200;
        Server.Clock.Jump(-Day);
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                await Server.Services.GetRequiredService<SendLogoutNotices>().RunAsync(CancellationToken.None);
                return !await Server.InDatabaseAsync(db => db.LogoutNotices.AnyAsync());
            },
            () => Server.Log.ToString()
        );
    }

    [Fact]
    public async Task An_app_that_is_away_while_the_clock_is_put_forward_is_not_given_up()
    {
        await using var receiver = await LogoutReceiver.StartAsync();
        receiver.Answer = 503;
        using var browser = await Server.Given.LoggedInAsync(await Server.Given.AccountAsync());
        var app = await Server.Given.RelyingPartyAsync(receiver.Metadata);
        var tokens = await app.SignInAsync(browser);
        await browser.GetAsync($"/connect/endsession?id_token_hint={tokens.IdToken}");
        await Eventually.BecomesTrueAsync(() => receiver.Told.Count > 0, () => Server.Log.ToString());

        Server.Clock.Jump(Day);
        await Server.Services.GetRequiredService<SendLogoutNotices>().RunAsync(CancellationToken.None);

        Assert.Equal(1, await Server.InDatabaseAsync(db => db.LogoutNotices.CountAsync()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task A_case_waits_as_long_as_it_should_however_the_clock_is_set(int days)
    {
        var (person, _) = await Server.ApprovedCaseAsync();
        using var closing = person;
        await Server.ReleaseDueAsync(); // it is known to wait

        Server.Clock.Jump(days * Day);
        await Server.ReleaseDueAsync();
        Server.Clock.Advance(TimeSpan.FromHours(23));
        await Server.ReleaseDueAsync();
        Assert.Equal(CaseState.Approved, (await person.CaseAsync()).State);

        Server.Clock.Advance(TimeSpan.FromHours(1));
        await Server.ReleaseDueAsync();
        Assert.Equal(CaseState.Released, (await person.CaseAsync()).State);
    }

    [Fact]
    public async Task A_case_that_was_approved_on_a_clock_that_ran_ahead_waits_no_longer_than_another()
    {
        Server.Clock.Jump(Day);
        var (person, _) = await Server.ApprovedCaseAsync();
        using var closing = person;
        Server.Clock.Jump(-Day);
        await Server.ReleaseDueAsync();

        Server.Clock.Advance(TimeSpan.FromHours(24));
        await Server.ReleaseDueAsync();

        Assert.Equal(CaseState.Released, (await person.CaseAsync()).State);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    [InlineData(100)]
    public async Task Tokens_are_signed_and_their_keys_published_however_the_clock_is_set(int days)
    {
        var app = await Server.Given.RelyingPartyAsync();
        var person = await Server.Given.AccountAsync();
        var before = await SignedAsync(app, person);

        Server.Clock.Jump(days * Day);
        await Server.InScopeAsync(services =>
            services.GetRequiredService<SigningKeys>().RotateAsync(withdraw: false, "test", CancellationToken.None)
        );
        Server.Clock.Advance(TimeSpan.FromMinutes(1));
        var meanwhile = await SignedAsync(app, person);
        Server.Clock.Jump(-days * Day);
        Server.Clock.Advance(TimeSpan.FromMinutes(1));
        var after = await SignedAsync(app, person);

        using var browser = Server.NewBrowser();
        var published = (await browser.GetAsync("/.well-known/jwks.json")).Ok().Body;
        Assert.All(
            new[] { before, meanwhile, after },
            kid => Assert.Contains(kid, published, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Clean_up_on_a_clock_that_ran_ahead_leaves_what_is_alive()
    {
        var account = await Server.Given.AccountAsync(more: a =>
            (a.Email, a.EmailVerified) = ("anna@example.org", true)
        );
        using var browser = await Server.Given.LoggedInAsync(account);
        var tokens = await (await Server.Given.RelyingPartyAsync()).SignInAsync(browser);
        var link = await new Forgotten(Server).LinkAsync("anna@example.org");

        Server.Clock.Jump(Day);
        await RunAsync();
        Server.Clock.Jump(-Day);

        Assert.NotNull(tokens.RefreshToken);
        (await browser.GetAsync("/account")).Ok();
        Assert.Equal("Choose a new password", (await browser.GetAsync(link)).Heading);
    }

    /// <summary>A link that has been dead for long goes within an interval of the job, and a bit.</summary>
    private async Task CleanedAsync(string name)
    {
        await AddAsync(Link(name, expires: Server.Now.AddDays(-8)));
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                Server.Clock.Advance(TimeSpan.FromSeconds(1));
                return !await Server.InDatabaseAsync(db => db.ResetLinks.AnyAsync(l => l.SentTo == name));
            },
            () => Server.Log.ToString()
        );
    }

    private async Task<string> SignedAsync(RelyingParty app, GivenAccount person)
    {
        using var browser = await Server.Given.LoggedInAsync(person);
        return (await app.SignInAsync(browser)).Claims.Kid;
    }

    /// <summary>As a server whose clock ran ahead has left it.</summary>
    private Task<int> QueuedAsync(string to, Action<OutboxMessage> change) =>
        Server.InScopeAsync(async services =>
        {
            var db = services.GetRequiredService<AuthDbContext>();
            await services
                .GetRequiredService<IRecoveryMessenger>()
                .QueueAsync(to, Post.Reminder(Server.Now), new MessageSubject(), CancellationToken.None);
            change(db.Outbox.Local.Single());
            return await db.SaveChangesAsync();
        });
}
