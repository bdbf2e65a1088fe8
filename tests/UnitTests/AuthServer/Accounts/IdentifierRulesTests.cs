using AuthServer.Accounts;

namespace UnitTests.AuthServer.Accounts;

public sealed class IdentifierRulesTests
{
    [Theory]
    [InlineData("o'brien4821")]
    [InlineData("O\u2019Brien4821")]
    [InlineData("anna.lee_2+x")]
    [InlineData("Anna Lee")]
    [InlineData("josé2000")]
    [InlineData("a@example.org")]
    public void A_username_may_be(string username)
    {
        Assert.Null(IdentifierRules.ProblemWithUsername(username));
    }

    [Theory]
    [InlineData("", "The username is empty.")]
    [InlineData("  ", "The username is empty.")]
    [InlineData(" anna", "The username has a space before or after it.")]
    [InlineData("an\u200Bna", "The username has an invisible character in it (U+200B): type it again without.")]
    [InlineData("anna\u0007", "The username has an invisible character in it (U+0007): type it again without.")]
    [InlineData(
        "anna/lee",
        "A username cannot have the character / (U+002F) in it: use letters, digits, and . _ - + @ '."
    )]
    [InlineData("...", "A username must have a letter or a digit in it.")]
    public void A_username_may_not_be(string username, string problem)
    {
        Assert.Equal(problem, IdentifierRules.ProblemWithUsername(username));
    }

    [Fact]
    public void A_username_longer_than_any_address_is_refused()
    {
        Assert.Null(IdentifierRules.ProblemWithUsername(new string('a', 254)));
        Assert.Equal(
            "The username must be 254 characters or fewer.",
            IdentifierRules.ProblemWithUsername(new string('a', 255))
        );
    }

    [Theory]
    [InlineData("a@example.org")]
    [InlineData("o'brien.anna+portfolio@trust.nhs.uk")]
    [InlineData("Anna.Lee@Example.org")]
    [InlineData("anna@mail.über.example")]
    public void An_address_may_be(string email)
    {
        Assert.Null(IdentifierRules.ProblemWithEmail(email));
    }

    [Theory]
    [InlineData("anna")]
    [InlineData("anna@localhost")]
    [InlineData("anna@@example.org")]
    [InlineData("an na@example.org")]
    [InlineData("anna.@example.org")]
    [InlineData("anna@example..org")]
    [InlineData("anna@-example.org")]
    [InlineData("Anna <anna@example.org>")]
    [InlineData("anna@example.org;lee@example.org")]
    public void An_address_may_not_be(string email)
    {
        Assert.Equal("The email address must be like name@example.com.", IdentifierRules.ProblemWithEmail(email));
    }

    [Fact]
    public void An_address_with_a_curly_apostrophe_would_not_get_its_mail()
    {
        Assert.Equal(
            "The email address has the character \u2019 (U+2019) in it: use ' instead.",
            IdentifierRules.ProblemWithEmail("o\u2019brien@example.org")
        );
    }
}
