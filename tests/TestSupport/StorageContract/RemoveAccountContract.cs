using AuthServer.Accounts;
using AuthServer.Audit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Recovery.Cases.Desk;
using Xunit;

namespace TestSupport.StorageContract;

/// <summary>A person is erased: nothing is left but an id that is not given out again.</summary>
public abstract class RemoveAccountContract : StorageContract
{
    private static readonly Guid Sub = Guid.Parse("8f2c6d5a-7f0e-4a55-9a51-0d4c3b2a1908");

    [Fact]
    public async Task Nothing_about_the_person_is_left_in_the_accounts_tables()
    {
        await ImportAnnaAsync();
        await Server.InDatabaseAsync(db =>
        {
            db.DeskSubscriptions.Add(
                new DeskSubscription
                {
                    AccountId = Sub,
                    News = NewsWanted.All,
                    Daily = true,
                }
            );
            return db.SaveChangesAsync();
        });

        Assert.True(await RemoveAsync());

        var account = await Server.InDatabaseAsync(db => db.Accounts.AsNoTracking().SingleAsync(a => a.Id == Sub));
        Assert.Equal(
            (RemoveAccount.UsernameOfRemoved, null, null, null, null, true, Server.Now),
            (
                account.Username,
                account.Email,
                account.GivenName,
                account.GmcNumber,
                account.PasswordHash,
                account.Disabled,
                account.RemovedAt
            )
        );
        Assert.Equal(0, await Server.InDatabaseAsync(db => db.AccountIdentifiers.CountAsync(i => i.AccountId == Sub)));
        Assert.Equal(0, await Server.InDatabaseAsync(db => db.PreviousEmails.CountAsync()));
        Assert.Equal(0, await Server.InDatabaseAsync(db => db.Posts.CountAsync()));
        Assert.Equal(0, await Server.InDatabaseAsync(db => db.Supervisions.CountAsync()));
        Assert.Equal(0, await Server.InDatabaseAsync(db => db.DeskSubscriptions.CountAsync()));
    }

    [Fact]
    public async Task The_audit_trail_still_leads_to_the_account()
    {
        await ImportAnnaAsync();

        await RemoveAsync();

        var kinds = await Server.InDatabaseAsync(db =>
            db.AuditEvents.Where(e => e.AccountId == Sub).Select(e => e.Kind).ToListAsync()
        );
        Assert.Contains(AuditKinds.AccountImported, kinds);
        Assert.Contains(AuditKinds.AccountRemoved, kinds);
        var details = await Server.InScopeAsync(services =>
            services.GetRequiredService<AccountRegister>().ShowAsync(Sub, CancellationToken.None)
        );
        Assert.Equal(Server.Now, details.RemovedAt);
    }

    [Fact]
    public async Task Whoever_was_removed_is_logged_out_and_gets_in_no_more()
    {
        await ImportAnnaAsync();
        using var browser = await Server.Given.LoggedInAsync(new GivenAccount(Sub, "anna1234", Given.Password));
        Assert.Equal("/account", (await browser.OpenAsync("/account")).Url.AbsolutePath);

        await RemoveAsync();

        Assert.Equal("/log-in", (await browser.OpenAsync("/account")).Url.AbsolutePath);
        Assert.IsType<LogInOutcome.Refused>(await new LogInAttempt(Server).TryAsync("anna1234", Given.Password));
    }

    [Fact]
    public async Task The_sub_is_not_given_out_again_and_the_username_may_be()
    {
        await ImportAnnaAsync();
        await RemoveAsync();

        var same = await Server.ImportAsync($"username,email,sub\nanna1234,anna@example.org,{Sub}\n");
        var other = await Server.ImportAsync("username,email\nanna1234,anna@example.org\n");

        Assert.Equal(
            "The account with this sub was removed; a sub is not given out again.",
            Assert.Single(same).Reason
        );
        Assert.Null(Assert.Single(other).Reason);
    }

    [Fact]
    public async Task An_address_that_was_shared_logs_the_other_person_in()
    {
        await ImportAnnaAsync();
        await Server.ImportAsync("username,email\nanna5678,anna@example.org\n");

        await RemoveAsync();

        var owner = await Server.InDatabaseAsync(db =>
            db.AccountIdentifiers.Where(i => i.Normalized == "anna@example.org").Select(i => i.AccountId).SingleAsync()
        );
        Assert.NotEqual(Sub, owner);
    }

    [Fact]
    public async Task Removing_twice_and_unlocking_changes_nothing()
    {
        await ImportAnnaAsync();
        await RemoveAsync();

        Assert.False(await RemoveAsync());
        Assert.False(
            await Server.InScopeAsync(services =>
                services.GetRequiredService<DisableAccount>().EnableAsync(Sub, "command-line", CancellationToken.None)
            )
        );
        Assert.True(
            await Server.InDatabaseAsync(db =>
                db.Accounts.Where(a => a.Id == Sub).Select(a => a.Disabled).SingleAsync()
            )
        );
    }

    private Task ImportAnnaAsync() =>
        Server.ImportAsync(
            "username,email,sub,password,given_name,gmc_number,previous_emails,posts,supervisors\n"
                + $"anna1234,anna@example.org,{Sub},{Given.Password},Anna,7123456,old@example.org,Royal Infirmary|Cardiology,sup1234\n"
                + "sup1234,sup@example.org,,,,,,,\n"
        );

    private Task<bool> RemoveAsync() =>
        Server.InScopeAsync(services =>
            services.GetRequiredService<RemoveAccount>().HandleAsync(Sub, "command-line", CancellationToken.None)
        );
}
