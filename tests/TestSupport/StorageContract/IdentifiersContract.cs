using AuthServer.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Recovery.Ports;
using Xunit;

namespace TestSupport.StorageContract;

/// <summary>Usernames and addresses share one namespace, and a shared address belongs to nobody alone.</summary>
public abstract class IdentifiersContract : StorageContract
{
    [Fact]
    public async Task A_username_and_an_unshared_verified_address_log_in()
    {
        var added = await AddAsync("O\u2019Brien4821", "anna@example.org");

        Assert.Equal(
            [("anna@example.org", IdentifierKind.Email), ("o'brien4821", IdentifierKind.Username)],
            await RowsAsync(added)
        );
    }

    [Fact]
    public async Task An_address_that_nobody_proved_does_not_log_in()
    {
        var added = await AddAsync("anna1234", "anna@example.org", verified: false);

        Assert.Equal([("anna1234", IdentifierKind.Username)], await RowsAsync(added));
    }

    [Fact]
    public async Task A_shared_address_logs_nobody_in_and_the_reminder_still_finds_everybody()
    {
        var trainee = await AddAsync("anna1234", "anna@example.org");
        var supervisor = await AddAsync("anna5678", "Anna@Example.org");

        Assert.Equal([("anna1234", IdentifierKind.Username)], await RowsAsync(trainee));
        Assert.Equal([("anna5678", IdentifierKind.Username)], await RowsAsync(supervisor));
        var found = await Server.InScopeAsync(services =>
            services
                .GetRequiredService<IAccountDirectory>()
                .FindByEmailAsync(" ANNA@example.org", CancellationToken.None)
        );
        Assert.Equal(["anna1234", "anna5678"], found.Accounts.Select(account => account.Username).Order());
        Assert.True(found.IsExact);
    }

    [Theory]
    [InlineData("Anna1234", "other@example.org", "Another account has this username.")]
    [InlineData("anna@example.org", "anna@example.org", "This username is another account's email address.")]
    [InlineData(
        "lee@example.org",
        "other@example.org",
        "A username may look like an email address only if it is the account's own address."
    )]
    [InlineData("other1234", "bea@example.org", "This email address is another account's username.")]
    public async Task Nobodys_username_is_somebody_elses_address(string username, string email, string problem)
    {
        await AddAsync("anna1234", "anna@example.org");
        await AddAsync("bea@example.org", "bea@example.org");

        Assert.Equal(new Registration.Refused(problem), await TryAddAsync(username, email));
    }

    [Fact]
    public async Task An_unverified_address_cannot_be_taken_as_a_username_either()
    {
        await AddAsync("anna1234", "anna@example.org", verified: false);

        Assert.Equal(
            new Registration.Refused("This username is another account's email address."),
            await TryAddAsync("anna@example.org", "anna@example.org")
        );
    }

    [Fact]
    public async Task Of_many_people_who_want_one_username_at_once_one_gets_it()
    {
        var registrations = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(i => Task.Run(() => TryAddAsync("anna1234", $"anna{i}@example.org")))
        );

        Assert.Single(registrations.OfType<Registration.Added>());
    }

    [Fact]
    public async Task Of_many_people_who_share_an_address_at_once_none_logs_in_with_it()
    {
        await Task.WhenAll(
            Enumerable.Range(0, 8).Select(i => Task.Run(() => TryAddAsync($"anna{i}000", "anna@example.org")))
        );

        var rows = await Server.InDatabaseAsync(db =>
            db.AccountIdentifiers.CountAsync(i => i.Kind == IdentifierKind.Email)
        );
        Assert.Equal(0, rows);
    }

    [Theory]
    [InlineData("anna@b\u00FCcher.example", "anna@xn--bcher-kva.example")]
    [InlineData("anna@xn--bcher-kva.example", "anna@b\u00FCcher.example")]
    public async Task Both_spellings_of_an_international_domain_are_one_address(string held, string typed)
    {
        var anna = await AddAsync("anna1234", held);

        var found = await Server.InScopeAsync(services =>
            services.GetRequiredService<IAccountDirectory>().FindByEmailAsync(typed, CancellationToken.None)
        );

        Assert.Equal((anna, true), (Assert.Single(found.Accounts).Id, found.IsExact));
        Assert.Equal(anna, await FindAsync(typed));
        Assert.Equal(
            new Registration.Refused("This username is another account's email address."),
            await TryAddAsync(typed, typed)
        );
    }

    [Theory]
    [InlineData("o'brien4821.")]
    [InlineData("(o'brien4821)")]
    [InlineData("\"o'brien4821\"")]
    [InlineData("@o'brien4821")]
    [InlineData("username: o'brien4821")]
    [InlineData("obrien4821")]
    [InlineData("o brien4821")]
    [InlineData("o'brien 4821")]
    [InlineData("mailto:anna.smith@example.org")]
    [InlineData("<anna.smith@example.org>")]
    [InlineData("Anna Smith <anna.smith@example.org>")]
    [InlineData("anna.smith@example.org.")]
    [InlineData("annasmith@example,org")]
    public async Task An_account_is_found_by_what_matters_of_its_identifier(string typed)
    {
        var anna = await AddAsync("o'brien4821", "anna.smith@example.org");
        await AddAsync("o'brien4822", "anne.smith@example.org");

        Assert.Equal(anna, await FindAsync(typed));
        Assert.Equal([anna], (await OwnersAsync(typed)).Select(owner => owner.Id));
    }

    [Theory]
    [InlineData("smith_jones1234")]
    [InlineData("smithjones1234")]
    [InlineData("Smith\u2212Jones1234")]
    public async Task A_hyphen_does_not_matter_in_a_username(string typed)
    {
        var anna = await AddAsync("smith-jones1234", "anna@example.org");

        Assert.Equal(anna, await FindAsync(typed));
    }

    [Fact]
    public async Task An_accent_does_not_matter_in_a_username()
    {
        var anna = await AddAsync("m\u00FCller4821", "anna@example.org");

        Assert.Equal(anna, await FindAsync("muller4821"));
    }

    [Fact]
    public async Task What_fits_several_accounts_finds_the_one_that_it_is_exactly_or_none()
    {
        var one = await AddAsync("o'brien4821", "anna@example.org");
        var other = await AddAsync("obrien4821", "other@example.org");

        Assert.Equal(one, await FindAsync("O\u2019Brien4821"));
        Assert.Equal(other, await FindAsync("(obrien4821)"));
        Assert.Null(await FindAsync("o brien4821"));
        Assert.Empty(await OwnersAsync("o brien4821"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("'")]
    [InlineData("@")]
    [InlineData("\0")]
    public async Task Nothing_finds_nobody(string typed)
    {
        await AddAsync("o'brien4821", "anna@example.org");

        Assert.Null(await FindAsync(typed));
        Assert.Empty(await OwnersAsync(typed));
    }

    [Fact]
    public async Task A_person_without_a_username_gets_the_surname_and_four_digits()
    {
        var registration = await Server.InScopeAsync(services =>
            services
                .GetRequiredService<RegisterAccount>()
                .AddAsync(
                    new NewAccount
                    {
                        Email = "a@example.org",
                        Claims = new Dictionary<string, string> { ["family_name"] = "O\u2019Brien de la Cruz" },
                    },
                    CancellationToken.None
                )
        );

        Assert.Matches("^o'briendelacruz[0-9]{4}$", Assert.IsType<Registration.Added>(registration).Username);
    }

    private Task<Guid?> FindAsync(string typed) =>
        Server.InScopeAsync(services =>
            services.GetRequiredService<LogInIdentifiers>().FindAsync(typed, CancellationToken.None)
        );

    private async Task<IReadOnlyList<AccountReference>> OwnersAsync(string typed) =>
        (
            await Server.InScopeAsync(services =>
                services.GetRequiredService<IHeldRecords>().OwnersAsync([typed], CancellationToken.None)
            )
        ).Values.FirstOrDefault() ?? [];

    private async Task<Guid> AddAsync(string username, string email, bool verified = true) =>
        Assert.IsType<Registration.Added>(await TryAddAsync(username, email, verified)).AccountId;

    private Task<Registration> TryAddAsync(string username, string email, bool verified = true) =>
        Server.InScopeAsync(services =>
            services
                .GetRequiredService<RegisterAccount>()
                .AddAsync(
                    new NewAccount
                    {
                        Username = username,
                        Email = email,
                        EmailVerified = verified,
                    },
                    CancellationToken.None
                )
        );

    private Task<List<(string, IdentifierKind)>> RowsAsync(Guid accountId) =>
        Server.InDatabaseAsync(async db =>
            (await db.AccountIdentifiers.AsNoTracking().Where(i => i.AccountId == accountId).ToListAsync())
                .Select(i => (i.Normalized, i.Kind))
                .Order()
                .ToList()
        );
}
