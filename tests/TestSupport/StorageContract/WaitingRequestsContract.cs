using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Recovery.Requests;
using Xunit;

namespace TestSupport.StorageContract;

/// <summary>The requests that wait to be answered: each once, by whichever process, and none for ever.</summary>
public abstract class WaitingRequestsContract : StorageContract
{
    private Forgotten Forgotten => new(Server);

    [Fact]
    public async Task However_many_processes_look_each_request_is_answered_once()
    {
        await using var other = await AuthServerFixture.StartAsync(Server.Clock, Server.Database);
        foreach (var number in Enumerable.Range(0, 12))
        {
            await PersonAsync($"smith{number}", $"smith{number}@example.org");
            await LeftBehindAsync($"smith{number}@example.org");
        }

        await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(i =>
                    (i % 2 == 0 ? Server : other).InScopeAsync(async services =>
                    {
                        while (
                            await services.GetRequiredService<AnswerRequest>().AnswerNextAsync(CancellationToken.None)
                        ) { }

                        return true;
                    })
                )
        );

        foreach (var number in Enumerable.Range(0, 12))
        {
            Assert.Equal(["Reminder"], await Forgotten.KindsAsync($"smith{number}@example.org"));
        }
    }

    [Fact]
    public async Task A_request_that_another_process_did_not_finish_is_answered_by_itself()
    {
        await PersonAsync("smith1234", "smith@example.org");
        await LeftBehindAsync("smith@example.org");

        await Forgotten.AnsweredAsync(step: TimeSpan.FromSeconds(15));

        Assert.Equal(["Reminder"], await Forgotten.KindsAsync("smith@example.org"));
    }

    [Fact]
    public async Task A_request_that_nobody_answered_for_a_day_is_given_up_and_forgotten()
    {
        await PersonAsync("smith1234", "smith@example.org");
        await LeftBehindAsync("smith@example.org", TimeSpan.FromDays(1));

        await Forgotten.AnsweredAsync(step: TimeSpan.FromSeconds(15));

        var request = await Server.InDatabaseAsync(db => db.RecoveryRequests.AsNoTracking().SingleAsync());
        Assert.Equal((RequestOutcome.GivenUp, null), (request.Outcome, request.Typed));
        Assert.Empty(await Forgotten.KindsAsync("smith@example.org"));
    }

    private Task<GivenAccount> PersonAsync(
        string username,
        string email,
        Action<AuthServer.Accounts.Account>? more = null
    ) =>
        Server.Given.AccountAsync(
            username,
            account =>
            {
                (account.Email, account.EmailVerified) = (email, true);
                more?.Invoke(account);
            }
        );

    private Task<int> LeftBehindAsync(string email, TimeSpan ago = default) =>
        Server.InDatabaseAsync(db =>
        {
            db.RecoveryRequests.Add(
                new RecoveryRequest
                {
                    Id = Guid.CreateVersion7(Server.Now),
                    Typed = email,
                    IsUsername = false,
                    AskedAt = Server.Now - ago,
                }
            );
            return db.SaveChangesAsync();
        });
}
