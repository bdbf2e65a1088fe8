using AuthServer.Accounts;

namespace UnitTests.AuthServer.Accounts;

public sealed class LogInHintsTests
{
    [Theory]
    [InlineData("smith1234", "correct horse")]
    [InlineData("smith@example.org", "correct horse", LogInHint.UsernameLacksDigits, false)]
    [InlineData("smith1234", "Correct horse", LogInHint.CapitalFirstLetter)]
    [InlineData("smith1234", "CORRECT HORSE", LogInHint.AllCapitals)]
    [InlineData("smith1234", "CORRECT HORSE", LogInHint.CapitalFirstLetter, false)]
    [InlineData("smith1234", "it\u2019s", LogInHint.TypographicCharacters)]
    [InlineData("o\u2019brien1234", "plain", LogInHint.TypographicCharacters)]
    [InlineData("smith1234", "wait\u2026", LogInHint.TypographicCharacters)]
    [InlineData("smith1234", "correct horse ", LogInHint.SurroundingSpaces)]
    [InlineData(" smith1234", "correct horse", LogInHint.SurroundingSpaces)]
    [InlineData("smith", "correct horse", LogInHint.UsernameLacksDigits)]
    [InlineData("smith12", "correct horse", LogInHint.UsernameLacksDigits)]
    public void The_hint_comes_from_what_was_submitted(string identifier, string password, LogInHint? hint = null, bool given = true)
    {
        var hints = LogInHints.For(identifier, password);

        if (hint is { } one)
        {
            Assert.Equal(given, hints.Contains(one));
        }
        else
        {
            Assert.Empty(hints);
        }
    }
}
