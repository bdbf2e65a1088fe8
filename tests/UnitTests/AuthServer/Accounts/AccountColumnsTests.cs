using AuthServer.Accounts;

namespace UnitTests.AuthServer.Accounts;

[Trait("spec", "OIDC Core 5.1")]
public sealed class AccountColumnsTests
{
    [Theory]
    [InlineData("birthdate", "1980-02-29")]
    [InlineData("birthdate", "0000-02-29")]
    [InlineData("birthdate", "1980")]
    [InlineData("profile", "https://example.org/anna?a=b")]
    [InlineData("zoneinfo", "America/Argentina/Buenos_Aires")]
    [InlineData("zoneinfo", "UTC")]
    [InlineData("locale", "en")]
    [InlineData("locale", "zh-Hant-TW")]
    [InlineData("locale", "de-CH-1901")]
    [InlineData("phone_number", "+44 (0)20 7946 0000")]
    [InlineData("phone_number", "020 7946 0000;ext=12")]
    [InlineData("phone_number_verified", "TRUE")]
    [InlineData("formatted", "1 High Street\r\nLeeds")]
    [InlineData("portfolio_roles", "trainee; supervisor")]
    [InlineData("staff_role", "administrator")]
    [InlineData("gmc_number", "C1234567 (old)")]
    [InlineData("name", "")]
    public void A_value_is_taken(string column, string value)
    {
        Assert.Null(Set(column, value).Problem);
    }

    [Theory]
    [InlineData("birthdate", "1981-02-29")]
    [InlineData("birthdate", "01/02/1980")]
    [InlineData("birthdate", "0000")]
    [InlineData("profile", "example.org/anna")]
    [InlineData("picture", "javascript:alert(1)")]
    [InlineData("website", "https://me:secret@example.org")]
    [InlineData("zoneinfo", "London, England")]
    [InlineData("locale", "en_GB")]
    [InlineData("locale", "english")]
    [InlineData("phone_number", "call me")]
    [InlineData("phone_number", "--")]
    [InlineData("phone_number_verified", "yes")]
    [InlineData("portfolio_roles", "trainee, supervisor")]
    [InlineData("staff_role", "root")]
    [InlineData("name", "Anna\u0007")]
    [InlineData("name", "Ren\uFFFD")]
    public void A_value_is_refused_by_name(string column, string value)
    {
        Assert.NotNull(Set(column, value).Problem);
    }

    [Fact]
    public void Blank_takes_a_value_away_and_an_address_without_parts_is_none()
    {
        var account = NewAccount();
        AccountColumns.Find("locality")?.Set(account, "Leeds");
        Assert.Equal("Leeds", account.Address?.Locality);

        AccountColumns.Find("locality")?.Set(account, " ");

        Assert.Null(account.Address);
    }

    [Fact]
    public void Roles_are_lower_case_and_said_once()
    {
        Assert.Equal(
            ["trainee", "supervisor"],
            Set("portfolio_roles", "Trainee; supervisor;trainee").Account.PortfolioRoles
        );
    }

    private static (Account Account, string? Problem) Set(string column, string value)
    {
        var account = NewAccount();
        return (account, AccountColumns.All.Single(c => c.Name == column).Set(account, value));
    }

    private static Account NewAccount() =>
        new()
        {
            Id = Guid.NewGuid(),
            Username = "anna",
            CreatedAt = DateTimeOffset.UnixEpoch,
            UpdatedAt = DateTimeOffset.UnixEpoch,
        };
}
