using System.Diagnostics.Metrics;
using AuthServer.Accounts;
using Microsoft.Extensions.DependencyInjection;
using TestSupport;

namespace ProtocolTests.Accounts;

/// <summary>
/// A refused login costs as many hashes for an account that has none to check as for one with a hash of today's kind.
/// Counted, not timed; older kinds are the subject of <see cref="RefusalTimeTests"/>.
/// </summary>
[Trait("spec", "OWASP ASVS 6.3.8")]
public sealed class HashCountTests(AuthServerFixture server) : IClassFixture<AuthServerFixture>
{
    [Theory]
    [InlineData("1 plain password", 1)]
    [InlineData("plain password", 2)]
    [InlineData(" 1 plain password", 2)]
    [InlineData("It\u2019s plain", 2)]
    [InlineData("It\u2019s plain ", 4)]
    [InlineData("It\u2019s `plain` ", 4)]
    public async Task A_wrong_password_costs_the_same_whoever_it_is_for(string password, int hashes)
    {
        string[] people =
        [
            (await server.Given.AccountAsync()).Username,
            (await server.Given.AccountAsync(more: a => a.Disabled = true)).Username,
            (await server.Given.AccountAsync(more: a => a.Disabled = true, password: password)).Username,
            (await server.Given.AccountAsync(more: a => a.StaffRole = StaffRole.Administrator)).Username,
            (await server.Given.AccountAsync(more: a => a.StaffRole = StaffRole.Support)).Username,
            (await server.Given.AccountAsync(more: WithoutPassword)).Username,
            "nobody" + Guid.NewGuid().ToString("N"),
        ];

        foreach (var person in people)
        {
            var (outcome, count) = await CountAsync(() => new LogInAttempt(server).TryAsync(person, password));

            Assert.IsType<LogInOutcome.Refused>(outcome);
            Assert.Equal(hashes, count);
        }
    }

    [Fact]
    public async Task Throttled_attempts_cost_none()
    {
        var account = await server.Given.AccountAsync();
        for (var i = 0; i < 6; i++)
        {
            await new LogInAttempt(server).TryAsync(account.Username, "1 wrong password");
        }

        var (outcome, count) = await CountAsync(() =>
            new LogInAttempt(server).TryAsync(account.Username, account.Password)
        );

        Assert.IsType<LogInOutcome.Throttled>(outcome);
        Assert.Equal(0, count);
    }

    private static void WithoutPassword(Account account) =>
        (account.PasswordHash, account.PasswordScheme) = (null, PasswordScheme.Raw);

    private async Task<(LogInOutcome Outcome, long Hashes)> CountAsync(Func<Task<LogInOutcome>> attempt)
    {
        var count = 0L;
        using var listener = new MeterListener
        {
            // This server's meter, not that of another test's server.
            InstrumentPublished = (instrument, me) =>
            {
                if (
                    instrument.Name == "auth.hashes"
                    && ReferenceEquals(
                        instrument.Meter,
                        server.Services.GetRequiredService<IMeterFactory>().Create("AuthServer")
                    )
                )
                {
                    me.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, measurement, _, _) => Interlocked.Add(ref count, measurement));
        listener.Start();
        var outcome = await attempt();
        return (outcome, Interlocked.Read(ref count));
    }
}
