using AuthServer.Accounts;
using AuthServer.Audit;
using AuthServer.Passwords;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace TestSupport.StorageContract;

/// <summary>Who gets in with what, and what is written then.</summary>
public abstract class PasswordLogInContract : StorageContract
{
    private const string Password = Given.Password;

    [Theory]
    [InlineData("smith1234", Password)]
    [InlineData(" SMITH1234\u00A0", Password)]
    [InlineData("smith1234", Password + " ")]
    [InlineData("smith1234", "A long walk by the canal")]
    [InlineData("smith1234", "a\u00A0long walk by the canal")]
    [InlineData("smith1234", "A long walk by the canal ")]
    [InlineData("smith1234", "\uFEFFa long\u200B walk by the canal")]
    [InlineData("(smith1234)", Password)]
    [InlineData("smith 1234", Password)]
    public async Task A_person_gets_in_however_the_keyboard_spells_it(string identifier, string password)
    {
        var account = await Server.Given.AccountAsync("smith1234");

        var outcome = await new LogInAttempt(Server).TryAsync(identifier, password);

        var row = await AccountAsync(account.Id);
        Assert.Equal(new LogInOutcome.LoggedIn(account.Id, row.SecurityStamp, "pwd", Server.Now), outcome);
        Assert.Equal(Server.Now, row.LastLogInAt);
    }

    [Theory]
    [InlineData("smith1234", "a long walk by the canals")]
    [InlineData("smith1234", "A LONG WALK BY THE CANAL")]
    [InlineData("smith1234", "aLong walk by the canal")]
    [InlineData("smith1234", "a long walk by the canal.")]
    [InlineData("smith12345", Password)]
    public async Task Anything_else_is_refused(string identifier, string password)
    {
        await Server.Given.AccountAsync("smith1234");

        var outcome = await new LogInAttempt(Server).TryAsync(identifier, password);

        Assert.IsType<LogInOutcome.Refused>(outcome);
    }

    [Theory]
    [InlineData(StaffRole.Support)]
    [InlineData(StaffRole.Administrator)]
    public async Task Staff_are_forgiven_nothing_but_typography(StaffRole role)
    {
        await Server.Given.AccountAsync("smith1234", a => a.StaffRole = role);
        var browser = new LogInAttempt(Server);

        Assert.IsType<LogInOutcome.Refused>(await browser.TryAsync("smith1234", Password + " "));
        Assert.IsType<LogInOutcome.Refused>(await browser.TryAsync("smith1234", "A long walk by the canal"));
        Assert.IsType<LogInOutcome.Refused>(await browser.TryAsync("smith1234", "A long walk by the canal "));
        Assert.IsType<LogInOutcome.LoggedIn>(await browser.TryAsync("smith1234", "a\u00A0long walk by the canal"));
    }

    [Fact]
    public async Task A_disabled_account_is_refused_like_a_wrong_password()
    {
        var account = await Server.Given.AccountAsync("smith1234", a => a.Disabled = true);

        var outcome = await new LogInAttempt(Server).TryAsync("smith1234", Password);

        Assert.IsType<LogInOutcome.Refused>(outcome);
        Assert.Null((await AccountAsync(account.Id)).LastLogInAt);
    }

    [Fact]
    public async Task Known_and_unknown_people_are_slowed_down_alike()
    {
        await Server.Given.AccountAsync("smith1234");
        await Server.Given.AccountAsync("jones1234", a => a.Disabled = true);
        var known = await AnswersAsync("smith1234");
        var disabled = await AnswersAsync("jones1234");
        var unknown = await AnswersAsync("nobody1234");

        Assert.Equal(unknown, known);
        Assert.Equal(unknown, disabled);
        Assert.Contains("Refused True", known);
        Assert.Contains("Throttled 00:00:01", known);
    }

    [Fact]
    public async Task Another_spelling_of_the_identifier_is_the_same_counter()
    {
        await Server.Given.AccountAsync("smith1234");
        foreach (var person in new[] { "nobody1234", "smith1234" })
        {
            await AnswersAsync(person);

            foreach (
                var spelling in new[]
                {
                    $" {person.ToUpperInvariant()}",
                    $"({person})",
                    $"user name: {person}",
                    person.Insert(2, "'"),
                }
            )
            {
                Assert.IsType<LogInOutcome.Throttled>(await new LogInAttempt(Server).TryAsync(spelling, Password));
            }
        }
    }

    [Theory]
    [InlineData("...", "a wrong password")]
    [InlineData("?!", "?!?!?!?!?!?!")]
    [InlineData("\u200B", "a wrong password")]
    [InlineData("\uFEFF\u2060", "\u200B")]
    public async Task Text_of_punctuation_or_invisible_characters_alone_is_slowed_down_like_any_other(
        string identifier,
        string password
    )
    {
        var ordinary = await AnswersAsync("nobody1234");

        var answers = await AnswersAsync(identifier, password);

        Assert.Equal(ordinary, answers);
        Assert.Contains("Throttled 00:00:01", answers);
    }

    [Fact]
    public async Task While_throttled_the_right_password_is_not_looked_at()
    {
        await Server.Given.AccountAsync("smith1234");
        await AnswersAsync("smith1234");

        var outcome = await new LogInAttempt(Server).TryAsync("smith1234", Password);

        Assert.Equal(new LogInOutcome.Throttled(TimeSpan.FromSeconds(1)), outcome);
    }

    [Fact]
    public async Task A_strangers_guesses_never_lock_the_owner_out_of_a_browser_that_is_known()
    {
        await Server.Given.AccountAsync("smith1234");
        var own = new LogInAttempt(Server);
        Assert.IsType<LogInOutcome.LoggedIn>(await own.TryAsync("smith1234", Password));
        await AnswersAsync("smith1234");

        var outcome = await own.TryAsync("smith1234", Password);

        Assert.IsType<LogInOutcome.LoggedIn>(outcome);
    }

    [Fact]
    public async Task A_known_browsers_guesses_are_counted_for_itself()
    {
        await Server.Given.AccountAsync("smith1234");
        var own = new LogInAttempt(Server);
        await own.TryAsync("smith1234", Password);
        for (var i = 0; i < 6; i++)
        {
            Assert.IsType<LogInOutcome.Refused>(await own.TryAsync("smith1234", "a wrong password"));
        }

        Assert.IsType<LogInOutcome.Throttled>(await own.TryAsync("smith1234", Password));
        Assert.IsType<LogInOutcome.LoggedIn>(await new LogInAttempt(Server).TryAsync("smith1234", Password));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ten_right_log_ins_at_the_same_moment_all_succeed(bool onTwoServers)
    {
        await Server.Given.AccountAsync("smith1234");
        await using var other = await AuthServerFixture.StartAsync(Server.Clock, Server.Database);

        var outcomes = await Task.WhenAll(
            Enumerable
                .Range(0, 10)
                .Select(i =>
                    Task.Run(() =>
                        new LogInAttempt(onTwoServers && i % 2 == 0 ? other : Server).TryAsync("smith1234", Password)
                    )
                )
        );

        Assert.All(outcomes, outcome => Assert.IsType<LogInOutcome.LoggedIn>(outcome));
    }

    [Fact]
    public async Task Ten_right_log_ins_at_the_same_moment_all_succeed_while_an_old_hash_is_replaced()
    {
        var account = await Server.Given.AccountAsync("smith1234");
        await StoreHashAsync(
            account.Id,
            new PasswordHasher<string>(Options.Create(new PasswordHasherOptions { IterationCount = 500 })).HashPassword(
                "",
                Password
            )
        );

        var outcomes = await Task.WhenAll(
            Enumerable
                .Range(0, 10)
                .Select(_ => Task.Run(() => new LogInAttempt(Server).TryAsync("smith1234", Password)))
        );

        Assert.All(outcomes, outcome => Assert.IsType<LogInOutcome.LoggedIn>(outcome));
    }

    [Fact]
    public async Task Of_many_wrong_log_ins_at_the_same_moment_no_more_are_checked_than_in_a_row()
    {
        await Server.Given.AccountAsync("smith1234");

        var outcomes = await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(_ => Task.Run(() => new LogInAttempt(Server).TryAsync("smith1234", "a wrong password")))
        );

        Assert.Equal(6, outcomes.Count(outcome => outcome is LogInOutcome.Refused));
        Assert.All(
            outcomes.Where(outcome => outcome is not LogInOutcome.Refused),
            outcome => Assert.Equal(new LogInOutcome.Throttled(TimeSpan.FromSeconds(1)), outcome)
        );
    }

    [Theory]
    [InlineData(PasswordHasherCompatibilityMode.IdentityV2, "It\u2019s a raw deal --", "It\u2019s a raw deal --")]
    [InlineData(PasswordHasherCompatibilityMode.IdentityV3, "It\u2019s a raw deal --", "It\u2019s a raw deal --")]
    [InlineData(PasswordHasherCompatibilityMode.IdentityV3, "It's a straight deal", "It\u2019s a straight deal")]
    [InlineData(PasswordHasherCompatibilityMode.IdentityV3, "It's a straight deal", "it's a straight deal ")]
    public async Task An_imported_hash_works_and_is_rehashed_as_normalized(
        PasswordHasherCompatibilityMode mode,
        string set,
        string typed
    )
    {
        var account = await Server.Given.AccountAsync("smith1234");
        var hasher = new PasswordHasher<string>(
            Options.Create(new PasswordHasherOptions { CompatibilityMode = mode, IterationCount = 500 })
        );
        await StoreHashAsync(account.Id, hasher.HashPassword("", set));

        Assert.IsType<LogInOutcome.LoggedIn>(await new LogInAttempt(Server).TryAsync("smith1234", typed));

        var now = await AccountAsync(account.Id);
        Assert.Equal(PasswordScheme.Normalized2, now.PasswordScheme);
        Assert.StartsWith("$argon2id$v=19$m=64,t=1,p=1$", now.PasswordHash, StringComparison.Ordinal);
        Assert.IsType<LogInOutcome.LoggedIn>(
            await new LogInAttempt(Server).TryAsync("smith1234", TypedPassword.Normalize(set))
        );
    }

    [Theory]
    [InlineData("Algorithm", "Pbkdf2", "Algorithm", "Argon2id", "$argon2id$v=19$m=64,t=1,p=1$")]
    [InlineData("Algorithm", "Argon2id", "Algorithm", "Pbkdf2", "AQAAAA")]
    [InlineData("MemoryKiB", "32", "MemoryKiB", "64", "$argon2id$v=19$m=64,t=1,p=1$")]
    [InlineData("Passes", "2", "Passes", "1", "$argon2id$v=19$m=64,t=1,p=1$")]
    public async Task A_hash_made_with_other_settings_works_and_is_rehashed_at_the_next_login(
        string key,
        string value,
        string nextKey,
        string nextValue,
        string prefix
    )
    {
        await using var before = await WithAsync(key, value);
        var account = await before.Given.AccountAsync("smith1234");
        await using var after = await WithAsync(nextKey, nextValue);

        Assert.IsType<LogInOutcome.LoggedIn>(await new LogInAttempt(after).TryAsync("smith1234", Password + " "));

        var now = await AccountAsync(account.Id);
        Assert.StartsWith(prefix, now.PasswordHash, StringComparison.Ordinal);
        Assert.IsType<LogInOutcome.LoggedIn>(await new LogInAttempt(after).TryAsync("smith1234", Password));
        Assert.Equal(now.PasswordHash, (await AccountAsync(account.Id)).PasswordHash);
    }

    [Theory]
    [InlineData("the `old` rules", "the `old` rules")]
    [InlineData("the `old` rules", "The `old` rules ")]
    [InlineData("\u00ABso\u00BB they said", "\u00ABso\u00BB they said")]
    [InlineData("it's by the new ones", "it\u2032s by the new ones")]
    public async Task A_hash_of_the_scheme_before_works_by_its_own_rules_then_by_todays_and_is_rehashed(
        string set,
        string typed
    )
    {
        var account = await Server.Given.AccountAsync("smith1234");
        var hash = Server.Services.GetRequiredService<PasswordHashes>().Hash(TypedPassword.From(set).Normalized1);
        await StoreHashAsync(account.Id, hash, PasswordScheme.Normalized1);

        Assert.IsType<LogInOutcome.LoggedIn>(await new LogInAttempt(Server).TryAsync("smith1234", typed));

        Assert.Equal(PasswordScheme.Normalized2, (await AccountAsync(account.Id)).PasswordScheme);
        Assert.IsType<LogInOutcome.LoggedIn>(
            await new LogInAttempt(Server).TryAsync("smith1234", TypedPassword.Normalize(set))
        );
    }

    [Fact]
    public async Task Failures_are_in_the_audit_trail_by_id_alone()
    {
        var account = await Server.Given.AccountAsync("smith1234");
        await new LogInAttempt(Server).TryAsync("smith1234", "a wrong password");
        Server.Clock.Advance(TimeSpan.FromSeconds(1));
        await new LogInAttempt(Server).TryAsync("nobody1234", "a wrong password");

        var events = await Server.InDatabaseAsync(db =>
            db.AuditEvents.AsNoTracking().Where(e => e.Kind == AuditKinds.LogInFailed).OrderBy(e => e.At).ToListAsync()
        );

        Assert.Equal([account.Id, null], events.Select(e => e.AccountId));
        Assert.Equal(["reason=wrong-password failures=1", "reason=unknown failures=1"], events.Select(e => e.Detail));
        Assert.DoesNotContain("smith1234", Server.Log.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("nobody1234", Server.Log.ToString(), StringComparison.Ordinal);
    }

    private async Task<List<string>> AnswersAsync(string identifier, string password = "a wrong password")
    {
        var answers = new List<string>();
        for (var i = 0; i < 8; i++)
        {
            answers.Add(
                await new LogInAttempt(Server).TryAsync(identifier, password) switch
                {
                    LogInOutcome.Refused refused => $"Refused {refused.OfferHelpFirst}",
                    LogInOutcome.Throttled throttled => $"Throttled {throttled.RetryAfter}",
                    var other => other.ToString(),
                }
            );
        }

        return answers;
    }

    /// <summary>Another server on the same database, with one setting of passwords changed.</summary>
    private Task<AuthServerFixture> WithAsync(string key, string value) =>
        AuthServerFixture.StartAsync(
            Server.Clock,
            Server.Database,
            settings: new Dictionary<string, string?> { [$"Passwords:{key}"] = value }
        );

    private Task<Account> AccountAsync(Guid id) =>
        Server.InDatabaseAsync(db => db.Accounts.AsNoTracking().SingleAsync(a => a.Id == id));

    private Task<int> StoreHashAsync(Guid id, string hash, PasswordScheme scheme = PasswordScheme.Raw) =>
        Server.InDatabaseAsync(db =>
            db.Accounts.Where(a => a.Id == id)
                .ExecuteUpdateAsync(set =>
                    set.SetProperty(a => a.PasswordHash, hash).SetProperty(a => a.PasswordScheme, scheme)
                )
        );
}
