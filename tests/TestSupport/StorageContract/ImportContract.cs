using AuthServer.Accounts;
using AuthServer.Accounts.Importing;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace TestSupport.StorageContract;

/// <summary>People from another system come in by the file, as often as the file is read.</summary>
public abstract class ImportContract : StorageContract
{
    private const string Everything =
        "username,email,email_verified,name,given_name,family_name,middle_name,nickname,profile,picture,website,gender,birthdate,"
        + "zoneinfo,locale,phone_number,phone_number_verified,formatted,street_address,locality,region,postal_code,country,"
        + "gmc_number,nmc_number,ntn,college_number,portfolio_roles,staff_role,previous_emails,sub,preferred_username,updated_at\n"
        + "O\u2019Brien4821,anna@example.org,true,Anna O\u2019Brien,Anna,O\u2019Brien,Mary,Annie,https://example.org/a,https://example.org/a.png,"
        + "https://example.org,female,1980-02-29,Europe/London,en-GB,+44 20 7946 0000,true,\"1 High Street\nLeeds\",1 High Street,Leeds,"
        + "Yorkshire,LS1 1AA,United Kingdom,1234567,12A3456E,YAH/017/123/N,R12,trainee;supervisor,support,"
        + "old@example.org;older@example.org,8f2c6d5a-7f0e-4a55-9a51-0d4c3b2a1908,o'brien4821,1700000000\n";

    [Fact]
    public async Task Every_column_reaches_the_account()
    {
        await Server.ImportAsync(Everything);

        var account = await Server.InDatabaseAsync(db => db.Accounts.AsNoTracking().SingleAsync());
        Assert.Equal(Guid.Parse("8f2c6d5a-7f0e-4a55-9a51-0d4c3b2a1908"), account.Id);
        Assert.Equal(
            ("O\u2019Brien4821", "anna@example.org", true),
            (account.Username, account.Email, account.EmailVerified)
        );
        Assert.Equal(
            ("Anna O\u2019Brien", "Anna", "O\u2019Brien", "Mary", "Annie"),
            (account.Name, account.GivenName, account.FamilyName, account.MiddleName, account.Nickname)
        );
        Assert.Equal(
            ("https://example.org/a", "https://example.org/a.png", "https://example.org"),
            (account.Profile, account.Picture, account.Website)
        );
        Assert.Equal(
            ("female", "1980-02-29", "Europe/London", "en-GB"),
            (account.Gender, account.Birthdate, account.Zoneinfo, account.Locale)
        );
        Assert.Equal(("+44 20 7946 0000", true), (account.PhoneNumber, account.PhoneNumberVerified));
        Assert.Equal(
            new PostalAddress
            {
                Formatted = "1 High Street\nLeeds",
                StreetAddress = "1 High Street",
                Locality = "Leeds",
                Region = "Yorkshire",
                PostalCode = "LS1 1AA",
                Country = "United Kingdom",
            },
            account.Address
        );
        Assert.Equal(
            ("1234567", "12A3456E", "YAH/017/123/N", "R12"),
            (account.GmcNumber, account.NmcNumber, account.Ntn, account.CollegeNumber)
        );
        Assert.Equal(["trainee", "supervisor"], account.PortfolioRoles);
        Assert.Equal(StaffRole.Support, account.StaffRole);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), account.UpdatedAt);
        var previous = await Server.InDatabaseAsync(db => db.PreviousEmails.Select(e => e.Email).Order().ToListAsync());
        Assert.Equal(["old@example.org", "older@example.org"], previous);
    }

    [Fact]
    public async Task The_same_file_twice_changes_nothing()
    {
        var file =
            "username,email,password,portfolio_roles,previous_emails\n"
            + "anna1234,anna@example.org,a long walk by the canal,trainee,old@example.org\nbea1234,bea@example.org,,,\n";
        var first = await Server.ImportAsync(file);
        var before = await StateAsync();
        Server.Clock.Advance(TimeSpan.FromDays(1));

        var second = await Server.ImportAsync(file);

        Assert.Equal([ImportOutcome.Added, ImportOutcome.Added], first.Select(result => result.Outcome));
        Assert.Equal([ImportOutcome.Unchanged, ImportOutcome.Unchanged], second.Select(result => result.Outcome));
        Assert.Equal(before, await StateAsync());
    }

    [Fact]
    public async Task The_full_row_twice_changes_nothing()
    {
        await Server.ImportAsync(Everything);

        var second = await Server.ImportAsync(Everything);

        Assert.Equal(ImportOutcome.Unchanged, Assert.Single(second).Outcome);
    }

    [Fact]
    public async Task A_bad_row_names_its_line_and_reason_and_the_rest_is_imported()
    {
        var results = await Server.ImportAsync(
            "username,email,birthdate,password\n"
                + "anna1234,anna@example.org,1980,\n"
                + "bea1234,bea@example.org,soon,\n"
                + "Anna1234,other@example.org,1981,\n"
                + "cat1234,cat@example.org,1981,password\n"
                + "anna@example.org,anna@example.org,1981,\n"
                + "dan1234,dan@example.org,1982,\n"
        );

        Assert.Equal(
            [
                new ImportResult(2, ImportOutcome.Added, "anna1234"),
                new ImportResult(
                    3,
                    ImportOutcome.Refused,
                    "bea1234",
                    "The birthdate must be YYYY-MM-DD, 0000-MM-DD or YYYY."
                ),
                new ImportResult(4, ImportOutcome.Refused, "Anna1234", "The username is on line 2 already."),
                new ImportResult(5, ImportOutcome.Refused, "cat1234", "Your password must be 12 characters or more."),
                new ImportResult(
                    6,
                    ImportOutcome.Refused,
                    "anna@example.org",
                    "This username is another account's email address."
                ),
                new ImportResult(7, ImportOutcome.Added, "dan1234"),
            ],
            results
        );
    }

    [Fact]
    public async Task A_changed_row_is_an_update_and_a_column_that_is_missing_is_left_alone()
    {
        await Server.ImportAsync("username,email,given_name,nickname\nanna1234,anna@example.org,Anna,Annie\n");
        Server.Clock.Advance(TimeSpan.FromDays(1));

        var results = await Server.ImportAsync("username,email,nickname\nanna1234,anna@new.example.org,\n");

        Assert.Equal(new ImportResult(2, ImportOutcome.Updated, "anna1234"), Assert.Single(results));
        var account = await Server.InDatabaseAsync(db => db.Accounts.AsNoTracking().SingleAsync());
        Assert.Equal(("Anna", null, Server.Now), (account.GivenName, account.Nickname, account.UpdatedAt));
        var keys = await Server.InDatabaseAsync(db =>
            db.AccountIdentifiers.Select(i => i.Normalized).Order().ToListAsync()
        );
        Assert.Equal(["anna1234", "anna@new.example.org"], keys.Order(StringComparer.Ordinal));
        var previous = await Server.InDatabaseAsync(db => db.PreviousEmails.SingleAsync());
        Assert.Equal("anna@example.org", previous.Email);
    }

    [Theory]
    [InlineData("anna@b\u00FCcher.example", "anna@xn--bcher-kva.example")]
    [InlineData("anna@xn--bcher-kva.example", "Anna@B\u00DCCHER.example")]
    public async Task Both_spellings_of_an_international_domain_are_one_person(string before, string now)
    {
        await Server.ImportAsync($"username,email\n{before},{before}\n");

        var results = await Server.ImportAsync($"username,email\n{now},{now}\n");

        Assert.NotEqual(ImportOutcome.Added, Assert.Single(results).Outcome);
        Assert.Equal(["anna@b\u00FCcher.example"], await KeysAsync());
        Assert.Equal(1, await Server.InDatabaseAsync(db => db.Accounts.CountAsync()));
        Assert.Equal(0, await Server.InDatabaseAsync(db => db.PreviousEmails.CountAsync()));
    }

    [Fact]
    public async Task An_address_logs_in_again_when_it_is_no_longer_shared()
    {
        await Server.ImportAsync("username,email\nanna1234,anna@example.org\nanna5678,anna@example.org\n");
        Assert.Equal(["anna1234", "anna5678"], await KeysAsync());

        await Server.ImportAsync("username,email\nanna5678,supervisor@example.org\n");

        Assert.Equal(["anna1234", "anna5678", "anna@example.org", "supervisor@example.org"], await KeysAsync());
        Assert.IsType<LogInOutcome.Refused>(
            await new LogInAttempt(Server).TryAsync("anna@example.org", Given.Password)
        );
    }

    [Fact]
    public async Task Two_people_may_swap_addresses_in_one_file()
    {
        await Server.ImportAsync("username,email\nanna1234,anna@example.org\nbea1234,bea@example.org\n");

        await Server.ImportAsync("username,email\nanna1234,bea@example.org\nbea1234,anna@example.org\n");

        var rows = await Server.InDatabaseAsync(db =>
            db.AccountIdentifiers.AsNoTracking()
                .Where(i => i.Kind == IdentifierKind.Email)
                .Join(db.Accounts, i => i.AccountId, a => a.Id, (i, a) => i.Normalized + " " + a.Username)
                .ToListAsync()
        );
        Assert.Equal(["anna@example.org bea1234", "bea@example.org anna1234"], rows.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_hash_from_the_old_system_logs_in_and_is_not_brought_back_by_the_old_file()
    {
        var file = $"username,email,password_hash\nanna1234,anna@example.org,{OldHash("It\u2019s the old one")}\n";
        await Server.ImportAsync(file);
        Assert.IsType<LogInOutcome.LoggedIn>(
            await new LogInAttempt(Server).TryAsync("anna1234", "It\u2019s the old one")
        );
        var rehashed = await HashAsync();

        var results = await Server.ImportAsync(file);

        Assert.Equal(ImportOutcome.Unchanged, Assert.Single(results).Outcome);
        Assert.Equal(rehashed, await HashAsync());
    }

    [Fact]
    public async Task A_newer_hash_from_the_old_system_counts_until_the_first_log_in()
    {
        await Server.ImportAsync($"username,email,password_hash\nanna1234,anna@example.org,{OldHash("the old one")}\n");
        var newer = OldHash("the newer one");

        var results = await Server.ImportAsync($"username,email,password_hash\nanna1234,anna@example.org,{newer}\n");

        Assert.Equal(ImportOutcome.Updated, Assert.Single(results).Outcome);
        Assert.Equal(newer, await HashAsync());
    }

    [Fact]
    public async Task An_imported_password_logs_in()
    {
        await Server.ImportAsync($"username,email,password\nanna1234,anna@example.org,{Given.Password}\n");

        Assert.IsType<LogInOutcome.LoggedIn>(
            await new LogInAttempt(Server).TryAsync("anna@example.org", Given.Password)
        );
    }

    [Fact]
    public async Task A_sub_is_kept_and_never_given_to_two_people()
    {
        var sub = Guid.NewGuid();
        var results = await Server.ImportAsync(
            $"username,email,sub\nanna1234,anna@example.org,{sub}\nbea1234,bea@example.org,{sub}\n"
        );
        var again = await Server.ImportAsync($"username,email,sub\nanna1234,anna@example.org,{Guid.NewGuid()}\n");

        Assert.Equal(
            [null, "The sub is on line 2 already.", "The account with this username has another sub."],
            results.Concat(again).Select(result => result.Reason)
        );
    }

    [Fact]
    public async Task A_person_whose_username_is_their_address_gets_a_new_address()
    {
        await Server.ImportAsync("username,email\nanna@example.org,anna@example.org\n");

        var results = await Server.ImportAsync("username,email\nanna@example.org,anna@new.example.org\n");
        var again = await Server.ImportAsync("username,email\nanna@example.org,anna@new.example.org\n");

        Assert.Equal(
            [ImportOutcome.Updated, ImportOutcome.Unchanged],
            results.Concat(again).Select(result => result.Outcome)
        );
        Assert.Equal(["anna@example.org", "anna@new.example.org"], await KeysAsync());
    }

    [Fact]
    public async Task A_sub_gives_its_account_a_new_username_and_leaves_its_password_alone()
    {
        var sub = Guid.NewGuid();
        await Server.ImportAsync(
            $"username,email,sub,password\nanna@example.org,anna@example.org,{sub},{Given.Password}\n"
        );
        var hash = await HashAsync();

        var renamed = await Server.ImportAsync(
            $"username,email,sub,password\nanna@new.example.org,anna@new.example.org,{sub},another walk by the canal\n"
        );

        Assert.Equal(new ImportResult(2, ImportOutcome.Updated, "anna@new.example.org"), Assert.Single(renamed));
        Assert.Equal(["anna@new.example.org"], await KeysAsync());
        Assert.Equal(hash, await HashAsync());
        var account = await Server.InDatabaseAsync(db => db.Accounts.AsNoTracking().SingleAsync());
        Assert.Equal((sub, "anna@new.example.org"), (account.Id, account.Username));
    }

    [Fact]
    public async Task A_sub_cannot_take_another_accounts_username()
    {
        var sub = Guid.NewGuid();
        await Server.ImportAsync($"username,email,sub\nanna1234,anna@example.org,{sub}\nbea1234,bea@example.org,\n");

        var results = await Server.ImportAsync($"username,email,sub\nbea1234,anna@example.org,{sub}\n");

        Assert.Equal("Another account has this username.", Assert.Single(results).Reason);
    }

    [Fact]
    public async Task Two_people_may_swap_usernames_by_sub_in_two_files()
    {
        var (anna, bea) = (Guid.NewGuid(), Guid.NewGuid());
        await Server.ImportAsync(
            $"username,email,sub\nanna1234,anna@example.org,{anna}\nbea1234,bea@example.org,{bea}\n"
        );
        await Server.ImportAsync($"username,email,sub\nanna5678,anna@example.org,{anna}\n");

        var results = await Server.ImportAsync($"username,email,sub\nanna1234,bea@example.org,{bea}\n");

        Assert.Equal(ImportOutcome.Updated, Assert.Single(results).Outcome);
        Assert.Equal(["anna1234", "anna5678", "anna@example.org", "bea@example.org"], await KeysAsync());
    }

    [Theory]
    [InlineData("gmc_number", "7.12E+06", "a spreadsheet has shortened a number")]
    [InlineData("gmc_number", "\"7,12E+06\"", "a spreadsheet has shortened a number")]
    [InlineData("gmc_number", "=7123456", "a spreadsheet's formula")]
    [InlineData("gmc_number", "\"=\"\"7123456\"\"\"", "a spreadsheet's formula")]
    [InlineData("phone_number", "4.42E+11", "a spreadsheet has shortened a number")]
    [InlineData("given_name", "#N/A", "a spreadsheet could not compute it")]
    [InlineData("given_name", "########", "a spreadsheet could not compute it")]
    public async Task What_a_spreadsheet_made_of_a_value_is_refused(string column, string value, string why)
    {
        var results = await Server.ImportAsync($"username,email,{column}\nanna1234,anna@example.org,{value}\n");

        var refused = Assert.Single(results);
        Assert.Equal(ImportOutcome.Refused, refused.Outcome);
        Assert.StartsWith($"The {column} ", refused.Reason, StringComparison.Ordinal);
        Assert.Contains(why, refused.Reason, StringComparison.Ordinal);
        Assert.Equal(0, await Server.InDatabaseAsync(db => db.Accounts.CountAsync()));
    }

    [Fact]
    public async Task Blank_rows_of_a_spreadsheet_are_skipped()
    {
        var results = await Server.ImportAsync(
            "username,email,given_name\n,,\nanna1234,anna@example.org,Anna\n ,, \n\n,,\n"
        );

        Assert.Equal(new ImportResult(3, ImportOutcome.Added, "anna1234"), Assert.Single(results));
    }

    [Fact]
    public async Task More_rows_than_a_batch_are_imported_whole()
    {
        var file =
            "username,email\n"
            + string.Concat(Enumerable.Range(0, 1_201).Select(i => $"user{i},user{i % 1_200}@example.org\n"));

        var results = await Server.ImportAsync(file);

        Assert.Equal(1_201, results.Count(result => result.Outcome == ImportOutcome.Added));
        var emails = await Server.InDatabaseAsync(db =>
            db.AccountIdentifiers.CountAsync(i => i.Kind == IdentifierKind.Email)
        );
        Assert.Equal(1_199, emails);
    }

    private static string OldHash(string password) =>
        new PasswordHasher<string>(
            Microsoft.Extensions.Options.Options.Create(
                new PasswordHasherOptions { CompatibilityMode = PasswordHasherCompatibilityMode.IdentityV2 }
            )
        ).HashPassword("", password);

    private async Task<List<string>> KeysAsync() =>
        [
            .. (
                await Server.InDatabaseAsync(db => db.AccountIdentifiers.Select(i => i.Normalized).ToListAsync())
            ).Order(StringComparer.Ordinal),
        ];

    private Task<string?> HashAsync() =>
        Server.InDatabaseAsync(db => db.Accounts.Select(a => a.PasswordHash).SingleAsync());

    private Task<string> StateAsync() =>
        Server.InDatabaseAsync(async db =>
            string.Join(
                '\n',
                [
                    .. (await db.Accounts.AsNoTracking().OrderBy(a => a.Id).ToListAsync()).Select(a =>
                        $"{a.Id} {a.Username} {a.Email} {a.PasswordHash} {a.UpdatedAt:O} {string.Join(',', a.PortfolioRoles)}"
                    ),
                    .. (
                        await db
                            .AuditEvents.AsNoTracking()
                            .Where(e => e.AccountId != null)
                            .OrderBy(e => e.Id)
                            .ToListAsync()
                    ).Select(e => $"{e.Kind} {e.AccountId} {e.At:O}"),
                    .. (await db.PreviousEmails.AsNoTracking().OrderBy(e => e.Normalized).ToListAsync()).Select(e =>
                        e.Normalized
                    ),
                ]
            )
        );
}
