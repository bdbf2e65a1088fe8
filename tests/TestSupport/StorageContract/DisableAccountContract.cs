using AuthServer.Accounts;
using AuthServer.Audit;
using AuthServer.Protocol.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace TestSupport.StorageContract;

/// <summary>A locked account is out at once, everywhere.</summary>
public abstract class DisableAccountContract : StorageContract
{
    [Fact]
    public async Task Locking_ends_the_sessions_and_every_grant_and_keeps_the_password_from_working()
    {
        var (locked, other) = (await PersonAsync(), await PersonAsync());

        var changed = await LockAsync(locked.Id);

        Assert.True(changed);
        Assert.Equal((0, 0), await LiveAsync(locked.Id));
        Assert.Equal((1, 2), await LiveAsync(other.Id));
        Assert.IsType<LogInOutcome.Refused>(await new LogInAttempt(Server).TryAsync(locked.Username, locked.Password));
        Assert.Contains(AuditKinds.AccountDisabled, await AuditAsync(locked.Id));
        Assert.False(await LockAsync(locked.Id));
    }

    [Fact]
    public async Task Unlocking_lets_the_person_in_again_and_forgets_the_failures()
    {
        var person = await PersonAsync();
        await LockAsync(person.Id);
        for (var i = 0; i < 7; i++)
        {
            await new LogInAttempt(Server).TryAsync(person.Username, "a wrong password");
        }

        var changed = await Server.InScopeAsync(services =>
            services.GetRequiredService<DisableAccount>().EnableAsync(person.Id, "command-line", CancellationToken.None)
        );

        Assert.True(changed);
        Assert.IsType<LogInOutcome.LoggedIn>(await new LogInAttempt(Server).TryAsync(person.Username, person.Password));
        Assert.Contains(AuditKinds.AccountEnabled, await AuditAsync(person.Id));
        Assert.Contains(AuditKinds.ThrottleLifted, await AuditAsync(person.Id));
    }

    [Fact]
    public async Task Ending_the_sessions_leaves_the_account_open()
    {
        var person = await PersonAsync();

        var ended = await Server.InScopeAsync(services =>
            services
                .GetRequiredService<DisableAccount>()
                .EndSessionsAsync(person.Id, "command-line", CancellationToken.None)
        );

        Assert.Equal(1, ended);
        Assert.Equal((0, 0), await LiveAsync(person.Id));
        Assert.IsType<LogInOutcome.LoggedIn>(await new LogInAttempt(Server).TryAsync(person.Username, person.Password));
        Assert.Contains(AuditKinds.SessionsEnded, await AuditAsync(person.Id));
    }

    [Fact]
    public async Task However_many_sign_ins_an_account_has_locking_it_ends_them_by_one_statement()
    {
        var person = await PersonAsync(); // with two
        using var recorder = new StatementRecorder();

        await LockAsync(person.Id);

        Assert.Equal(
            1,
            recorder.Statements.Sum(statement =>
                statement
                    .Text.Split("UPDATE ")
                    .Skip(1)
                    .Count(rest => rest.TrimStart('"').StartsWith("authorizations", StringComparison.Ordinal))
            )
        );
        Assert.Equal((0, 0), await LiveAsync(person.Id));
    }

    private async Task<GivenAccount> PersonAsync()
    {
        var account = await Server.Given.AccountAsync();
        using var browser = await Server.Given.LoggedInAsync(account);
        await Server.InDatabaseAsync(db =>
        {
            db.Authorizations.AddRange(Grant(account.Id, offline: false), Grant(account.Id, offline: true));
            return db.SaveChangesAsync();
        });
        return account;
    }

    private Authorization Grant(Guid accountId, bool offline) =>
        SignInRow.Of(accountId, Server.Now, Server.Now + TimeSpan.FromDays(1), offline: offline);

    private Task<bool> LockAsync(Guid id) =>
        Server.InScopeAsync(services =>
            services.GetRequiredService<DisableAccount>().DisableAsync(id, "command-line", CancellationToken.None)
        );

    private Task<(int Sessions, int Grants)> LiveAsync(Guid id) =>
        Server.InDatabaseAsync(async db =>
            (
                await db.Sessions.CountAsync(s => s.AccountId == id && s.EndedAt == null),
                await db.Authorizations.CountAsync(g => g.AccountId == id && g.Status == Statuses.Valid)
            )
        );

    private Task<List<string>> AuditAsync(Guid id) =>
        Server.InDatabaseAsync(db =>
            db.AuditEvents.Where(e => e.AccountId == id && e.Actor == "command-line").Select(e => e.Kind).ToListAsync()
        );
}
