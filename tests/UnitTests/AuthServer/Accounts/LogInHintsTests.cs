using AuthServer.Accounts;

namespace UnitTests.AuthServer.Accounts;

public sealed class LogInHintsTests
{
    [Theory]
    [InlineData("smith1234", "correct horse battery")]
    [InlineData("smith1234", "Correct horse battery")]
    [InlineData("smith1234", " correct horse battery ")]
    [InlineData("smith1234", "it\u2019s a long walk\u2026")]
    [InlineData(" smith1234 ", "correct horse battery")]
    [InlineData("o\u2019brien4821.", "correct horse battery")]
    [InlineData("o brien 48 21", "correct horse battery")]
    [InlineData("4821smith", "correct horse battery")]
    [InlineData("anna@example.org", "correct horse battery", LogInHint.AddressMayBeShared)]
    [InlineData("<anna@example.org>", "correct horse battery", LogInHint.AddressMayBeShared)]
    [InlineData("smith1234", "CORRECT HORSE", LogInHint.CapsLock)]
    [InlineData("smith1234", "tHREE", LogInHint.CapsLock)]
    [InlineData("smith1234", "cORRECT hORSE", LogInHint.CapsLock)]
    [InlineData("smith1234", "correct@horse", LogInHint.CharactersOnOtherKeys)]
    [InlineData("smith1234", "correct\"horse", LogInHint.CharactersOnOtherKeys)]
    [InlineData("smith1234", "correct\u201Dhorse", LogInHint.CharactersOnOtherKeys)]
    [InlineData("smith1234", "correct\u00A3horse", LogInHint.CharactersOnOtherKeys)]
    [InlineData("smith1234", "correct#horse", LogInHint.CharactersOnOtherKeys)]
    [InlineData("smith1234", "correct~horse", LogInHint.CharactersOnOtherKeys)]
    [InlineData("smith1234", "correct|horse", LogInHint.CharactersOnOtherKeys)]
    [InlineData("smith1234", "correct\\horse", LogInHint.CharactersOnOtherKeys)]
    [InlineData("smith1234", "correct\u00AChorse", LogInHint.CharactersOnOtherKeys)]
    [InlineData("smith1234", "correct\u20AChorse", LogInHint.CharactersOnOtherKeys)]
    [InlineData("smith1234", "\uFF43\uFF4F\uFF52\uFF52\uFF45\uFF43\uFF54", LogInHint.CharactersOnOtherKeys)]
    [InlineData("smith1234", "correct horse.", LogInHint.FullStopAtEnd)]
    [InlineData("smith1234", "correct horse. ", LogInHint.FullStopAtEnd)]
    [InlineData("anna@exampleorg", "correct horse", LogInHint.EmailAddressIncomplete)]
    [InlineData("anna@example,org", "correct horse", LogInHint.EmailAddressIncomplete)]
    [InlineData("anna\"example.org", "correct horse", LogInHint.EmailAddressIncomplete)]
    [InlineData("smith1234", "smith1234", LogInHint.UsernameAsPassword)]
    [InlineData("smith1234", "Smith1234 ", LogInHint.UsernameAsPassword)]
    [InlineData("77 correct horses 42", "o'brien4821", LogInHint.UsernameAsPassword)]
    [InlineData("smith", "correct horse", LogInHint.UsernameLacksDigits)]
    [InlineData("smith482", "correct horse", LogInHint.UsernameLacksDigits)]
    public void The_hint_comes_from_what_was_submitted(string identifier, string password, LogInHint? hint = null)
    {
        Assert.Equal(hint is { } one ? [one] : [], LogInHints.For(identifier, password, forgiving: true));
    }

    [Theory]
    [InlineData("Correct horse", LogInHint.CapitalFirstLetter)]
    [InlineData(" correct horse", LogInHint.SpacesAroundPassword)]
    public void What_is_forgiven_is_no_reason(string password, LogInHint hint)
    {
        Assert.Empty(LogInHints.For("smith1234", password, forgiving: true));
        Assert.Equal([hint], LogInHints.For("smith1234", password, forgiving: false));
    }

    [Fact]
    public void No_text_makes_it_throw() =>
        TypedText.Holds(text => LogInHints.For(text, text, forgiving: true).Count <= 9);
}
