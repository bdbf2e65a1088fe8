using AuthServer.Accounts;
using AuthServer.Passwords;
using Microsoft.Extensions.Options;

namespace UnitTests.AuthServer.Accounts;

public sealed class PasswordRulesTests
{
    private const string Details =
        "Your password must not be made of your name, username, email address or registration number. Use other words.";

    private const string ServiceWords =
        "Your password must not be made of words like NHS, portfolio or password. Use other words.";
    private const string Easy =
        "This password is made of words or patterns that are easy to guess. Add another word or two.";
    private const string Common = "This password is one that many people use. Choose another.";

    private static readonly PersonalDetails Anna = new(
        "o'brien4821",
        "anna.obrien@trust.nhs.uk",
        ["Anna", "O'Brien", null],
        ["1234567", null]
    );

    [Theory]
    [InlineData("correct horse battery staple")]
    [InlineData("a long walk by the canal")]
    [InlineData("xkqjzpwvbnmt")]
    [InlineData("my horse obrien runs fast")]
    [InlineData("\u2018tis the season of mists\u2019")]
    [InlineData("пароль из трёх слов")]
    [InlineData("😀🐎🔋📎🚲🌧🧦🎻🍞🪑🦔🕯")]
    public void A_good_password_needs_no_digits_and_no_symbols(string password)
    {
        Assert.Null(Rules().Refusal(password, Anna));
    }

    [Theory]
    [InlineData("xkqjzpwvbnm", "Your password must be 12 characters or more.")]
    [InlineData("", "Your password must be 12 characters or more.")]
    [InlineData("xkq-------jzpw", "Your password must be 12 characters or more.")]
    [InlineData("unbelievable", Easy)]
    [InlineData("123456789123", Common)]
    [InlineData("ANNAOBRIEN1990", Details)]
    [InlineData("o'brien4821!!", Details)]
    [InlineData("o\u2019brien48211", Details)]
    [InlineData("anna1234567!", Details)]
    [InlineData("ePortfolioNHS1", ServiceWords)]
    [InlineData("Password2026!", ServiceWords)]
    [InlineData("aaaaaaaaaaaaaaaa", Easy)]
    [InlineData("qwertyuiop[]", Easy)]
    [InlineData("liverpoolfootballclub", Easy)]
    public void A_refusal_says_what_to_change(string password, string sentence)
    {
        Assert.Equal(sentence, Rules().Refusal(password, Anna));
    }

    [Fact]
    public void Length_is_counted_in_characters_as_people_see_them_and_after_normalization()
    {
        Assert.NotNull(Rules().Refusal("xkqjzp\U0001F40Ewvbn", Anna));
        Assert.Null(Rules().Refusal("xkqjzp\U0001F40Ewvbnm", Anna));
        Assert.Null(Rules().Refusal(Long(256), Anna));
        Assert.Equal("Your password must be 256 characters or fewer.", Rules().Refusal(Long(257), Anna));
    }

    [Fact]
    public void A_repeated_piece_counts_once()
    {
        Assert.Equal(Easy, Rules().Refusal(string.Concat(Enumerable.Repeat("tuesday", 8)), Anna));
    }

    [Fact]
    public void An_operator_may_refuse_more_words_and_more_passwords()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, "the wheels on the bus\n");
        var rules = Rules(new PasswordOptions { RefusedWords = "Mersey, wirral", RefusedFile = file });

        var word = rules.Refusal("WirralMersey99", Anna);
        var listed = rules.Refusal("The Wheels on the Bus", Anna);

        File.Delete(file);
        Assert.Equal(ServiceWords, word);
        Assert.Equal(Common, listed);
    }

    [Fact]
    public void Two_spellings_never_pass_as_two_strengths()
    {
        var rules = Rules();
        TypedText.Holds(
            typed => rules.Refusal(typed, Anna) == rules.Refusal(TypedPassword.Normalize(typed), Anna),
            times: 200
        );
    }

    private static string Long(int length) =>
        string.Concat(Enumerable.Range(0, length).Select(i => (char)('a' + (i * i * 7 % 23))));

    private static PasswordRules Rules(PasswordOptions? options = null)
    {
        var wrapped = Options.Create(options ?? new PasswordOptions());
        return new PasswordRules(new CommonPasswords(wrapped), wrapped);
    }
}
