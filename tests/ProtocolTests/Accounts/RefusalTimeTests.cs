using System.Collections.Concurrent;
using AuthServer.Accounts;
using AuthServer.Passwords;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using TestSupport;
using PasswordOptions = AuthServer.Passwords.PasswordOptions;

namespace ProtocolTests.Accounts;

/// <summary>
/// A refusal is held back until a time that depends on what was submitted and not on the account: docs/adr/0002. The
/// clock of the waiting writes down how long it was asked to wait, and no time is measured.
/// </summary>
[Trait("spec", "OWASP ASVS 6.3.8")]
public sealed class RefusalTimeTests : IAsyncLifetime
{
    /// <summary>What the server takes for the time of its slowest hash: a step of the clock, and a quarter.</summary>
    private static readonly TimeSpan OneHash = TimeSpan.FromMilliseconds(125);

    private readonly WaitLog _waits = new();
    private AuthServerFixture? _server;

    private AuthServerFixture Server => _server ?? throw new InvalidOperationException("The test has not started.");

    public async Task InitializeAsync() =>
        _server = await AuthServerFixture.StartAsync(configure: builder =>
            builder
                .Services.AddSingleton(new AnswerPadding(_waits))
                .AddSingleton(services => new HashTimes(
                    services.GetRequiredService<IOptions<PasswordOptions>>(),
                    new TickingClock(TimeSpan.FromMilliseconds(100))
                ))
        );

    [Theory]
    [InlineData("1 plain password", 1)]
    [InlineData("plain password", 2)]
    [InlineData("It\u2019s `plain` ", 6)]
    public async Task A_wrong_password_is_refused_after_the_same_time_whoever_it_is_for(string password, int hashes)
    {
        string[] people =
        [
            (await Server.Given.AccountAsync()).Username,
            (await Server.Given.AccountAsync(more: a => a.Disabled = true)).Username,
            (await Server.Given.AccountAsync(more: a => a.Disabled = true, password: password)).Username,
            (await Server.Given.AccountAsync(more: a => a.StaffRole = StaffRole.Administrator)).Username,
            (await Server.Given.AccountAsync(more: a => a.PasswordHash = null)).Username,
            await ImportedAsync(PasswordHasherCompatibilityMode.IdentityV2),
            await ImportedAsync(PasswordHasherCompatibilityMode.IdentityV3),
            "nobody" + Guid.NewGuid().ToString("N"),
        ];

        foreach (var person in people)
        {
            Assert.IsType<LogInOutcome.Refused>(await new LogInAttempt(Server).TryAsync(person, password));
        }

        Assert.Equal(Enumerable.Repeat(OneHash * hashes, people.Length), _waits.Asked);
    }

    [Fact]
    public async Task The_right_password_waits_only_when_an_older_hash_is_replaced()
    {
        var username = await ImportedAsync(PasswordHasherCompatibilityMode.IdentityV2);

        for (var login = 0; login < 2; login++)
        {
            Assert.IsType<LogInOutcome.LoggedIn>(await new LogInAttempt(Server).TryAsync(username, Given.Password));
        }

        Assert.Equal([OneHash * 2], _waits.Asked);
    }

    public async Task DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    private async Task<string> ImportedAsync(PasswordHasherCompatibilityMode mode)
    {
        var hasher = new PasswordHasher<object>(
            Options.Create(new PasswordHasherOptions { CompatibilityMode = mode, IterationCount = 500 })
        );
        var account = await Server.Given.AccountAsync(more: a =>
            (a.PasswordHash, a.PasswordScheme) = (hasher.HashPassword(a, Given.Password), PasswordScheme.Raw)
        );
        return account.Username;
    }

    /// <summary>No time passes by it. It writes down how long each wait is, and ends it at once.</summary>
    private sealed class WaitLog : TimeProvider
    {
        private readonly ConcurrentQueue<TimeSpan> _asked = [];

        public IReadOnlyList<TimeSpan> Asked => [.. _asked];

        public override long GetTimestamp() => 0;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _asked.Enqueue(dueTime);
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}
