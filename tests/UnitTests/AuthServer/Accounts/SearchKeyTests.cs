using AuthServer.Accounts;

namespace UnitTests.AuthServer.Accounts;

public sealed class SearchKeyTests
{
    [Theory]
    [InlineData("O’Brien", "obrien")]
    [InlineData("O'BRIEN", "obrien")]
    [InlineData("O\u02BCBrien", "obrien")]
    [InlineData("Siobhán", "siobhan")]
    [InlineData("Smith-Jones ", "smithjones")]
    [InlineData("Łukasz", "lukasz")]
    [InlineData("Strauß", "strauss")]
    [InlineData(" - ", null)]
    [InlineData(null, null)]
    public void A_name_is_found_without_its_accents_and_punctuation(string? name, string? key) =>
        Assert.Equal(key, SearchKey.Name(name));

    [Theory]
    [InlineData("12 a 3456 e", "12A3456E")]
    [InlineData("ldn/001/123/n", "LDN001123N")]
    [InlineData("GMC: 765 4321", "7654321")]
    [InlineData("NMC PIN 12A3456E", "12A3456E")]
    [InlineData(" ", null)]
    public void A_number_is_found_without_its_spaces_and_what_it_is_called(string? number, string? key) =>
        Assert.Equal(key, SearchKey.Number(number));

    [Fact]
    public void An_account_that_has_a_whole_name_alone_is_found_by_its_ends()
    {
        var account = new Account
        {
            Id = Guid.NewGuid(),
            Username = "fairweather5093",
            Name = "Jean Alex Fairweather",
            CreatedAt = default,
            UpdatedAt = default,
        };

        Assert.Equal(("jean", "fairweather"), (account.GivenNameKey, account.FamilyNameKey));
    }
}
