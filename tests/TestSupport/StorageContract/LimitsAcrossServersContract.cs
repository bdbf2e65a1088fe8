using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Recovery.Requests;
using Xunit;

namespace TestSupport.StorageContract;

/// <summary>Two servers on one database count together.</summary>
public abstract class LimitsAcrossServersContract : StorageContract
{
    private const string Email = "anna@example.org";

    [Fact]
    public async Task An_account_gets_no_more_links_from_two_servers_than_from_one()
    {
        await Server.Given.AccountAsync("anna1234", a => (a.Email, a.EmailVerified) = (Email, true));
        await using var other = await AuthServerFixture.StartAsync(Server.Clock, Server.Database);
        await Server.InDatabaseAsync(db =>
        {
            db.RecoveryRequests.AddRange(
                Enumerable
                    .Range(0, 24)
                    .Select(i => new RecoveryRequest
                    {
                        Id = Guid.NewGuid(),
                        Typed = Email,
                        IsUsername = false,
                        AskedAt = Server.Now.AddSeconds(-i),
                    })
            );
            return db.SaveChangesAsync();
        });

        await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(i =>
                    Task.Run(async () =>
                    {
                        while (
                            await (i % 2 == 0 ? Server : other).InScopeAsync(services =>
                                services.GetRequiredService<AnswerRequest>().AnswerNextAsync(CancellationToken.None)
                            )
                        ) { }
                    })
                )
        );

        var outcomes = await Server.InDatabaseAsync(db => db.RecoveryRequests.Select(r => r.Outcome).ToListAsync());
        Assert.Equal(
            (3, 21),
            (outcomes.Count(o => o == RequestOutcome.Reminded), outcomes.Count(o => o == RequestOutcome.Limited))
        );
        Assert.Equal(3, await Server.InDatabaseAsync(db => db.Outbox.CountAsync(m => m.To == Email)));
    }

    [Fact]
    public async Task Of_many_guesses_on_two_servers_no_more_are_checked_than_on_one()
    {
        await Server.Given.AccountAsync("smith1234");
        await using var other = await AuthServerFixture.StartAsync(Server.Clock, Server.Database);

        var outcomes = await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(i =>
                    Task.Run(() =>
                        new LogInAttempt(i % 2 == 0 ? Server : other).TryAsync("smith1234", "a wrong password")
                    )
                )
        );

        Assert.Equal(6, outcomes.Count(outcome => outcome is AuthServer.Accounts.LogInOutcome.Refused));
    }

    [Fact]
    public async Task A_network_is_counted_by_two_servers_together()
    {
        var limit = new Dictionary<string, string?> { ["Limits:Recovery:RequestsPerNetwork"] = "5" };
        await using var one = await AuthServerFixture.StartAsync(Server.Clock, Server.Database, settings: limit);
        await using var other = await AuthServerFixture.StartAsync(Server.Clock, Server.Database, settings: limit);

        await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(i =>
                    Task.Run(() =>
                        (i % 2 == 0 ? one : other).InScopeAsync(async services =>
                        {
                            await services
                                .GetRequiredService<AskForDetails>()
                                .AskAsync(
                                    $"person{i}@example.org",
                                    isUsername: false,
                                    ticket: null,
                                    new Recovery.Ports.Visit("192.0.2.0", null),
                                    CancellationToken.None
                                );
                            return true;
                        })
                    )
                )
        );

        Assert.Equal(
            5,
            await Server.InDatabaseAsync(db => db.RecoveryRequests.CountAsync(r => r.Network == "192.0.2.0"))
        );
    }
}
