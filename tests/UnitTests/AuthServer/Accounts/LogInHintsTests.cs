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
    [InlineData("smith1234", "correct Horse battery")]
    [InlineData("smith1234", "correct Horse Battery")]
    [InlineData("smithsmith1234", "horsey horsey")]
    [InlineData("4821smith", "correct horse battery", LogInHint.UsernameUnlikeMost)]
    [InlineData("7654321", "correct horse battery", LogInHint.UsernameUnlikeMost)]
    [InlineData("smith12345", "correct horse battery", LogInHint.UsernameUnlikeMost)]
    [InlineData("sm1th1234", "correct horse battery", LogInHint.UsernameUnlikeMost)]
    [InlineData("mueller4821", "correct horse battery", LogInHint.LettersForAccent)]
    [InlineData("smith1234", "correcthorsecorrecthorse", LogInHint.TypedTwice)]
    [InlineData("smith1234", " correct horsecorrect horse ", LogInHint.TypedTwice)]
    [InlineData("smith1234", "Correct Horse Battery", LogInHint.CapitalAtEachWord)]
    [InlineData("smith1234", "It\u2019S Correct-Horse 9", LogInHint.CapitalAtEachWord)]
    [InlineData("smith1234", "correct  horse", LogInHint.SpacesTogether)]
    [InlineData("smith1234", "correct", LogInHint.PasswordShort)]
    [InlineData("smith1234", "  correct    ", LogInHint.PasswordShort)]
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
    [InlineData("smith1234", "\uFF43\uFF4F\uFF52\uFF52\uFF45\uFF43\uFF54 horse", LogInHint.CharactersOnOtherKeys)]
    [InlineData("smith1234", "correct caf\u00E9", LogInHint.CharactersOnOtherKeys)]
    [InlineData("smith1234", "correct horse.", LogInHint.FullStopAtEnd)]
    [InlineData("smith1234", "correct horse. ", LogInHint.FullStopAtEnd)]
    [InlineData("anna@exampleorg", "correct horse", LogInHint.EmailAddressIncomplete)]
    [InlineData("anna@example,org", "correct horse", LogInHint.EmailAddressIncomplete)]
    [InlineData("anna\"example.org", "correct horse", LogInHint.EmailAddressIncomplete)]
    [InlineData("smith1234", "smith1234", LogInHint.UsernameAsPassword)]
    [InlineData("smith1234", "Smith1234 ", LogInHint.UsernameAsPassword)]
    [InlineData("smith", "correct horse", LogInHint.UsernameLacksDigits)]
    [InlineData("smith482", "correct horse", LogInHint.UsernameLacksDigits)]
    public void The_hint_comes_from_what_was_submitted(string identifier, string password, LogInHint? hint = null)
    {
        Assert.Equal(hint is { } one ? [one] : [], LogInHints.For(identifier, password, forgiving: true));
    }

    [Theory]
    [InlineData("gmial.com")]
    [InlineData("gmai.com")]
    [InlineData("gmaill.com")]
    [InlineData("gnail.com")]
    [InlineData("gmail.co")]
    [InlineData("hotmail.co.ku")]
    [InlineData("nsh.net")]
    [InlineData("doctor.org.uk")]
    public void A_domain_that_is_one_slip_from_a_well_known_one_is_pointed_out(string domain)
    {
        Assert.Equal(
            [LogInHint.AddressDomainMisspelt, LogInHint.AddressMayBeShared],
            LogInHints.For($"anna@{domain}", "correct horse", forgiving: true)
        );
    }

    [Theory]
    [InlineData("gmail.com")]
    [InlineData("mail.com")]
    [InlineData("ymail.com")]
    [InlineData("nhs.net")]
    [InlineData("trust.nhs.uk")]
    [InlineData("example.org")]
    public void Other_domains_are_not(string domain) =>
        Assert.Equal(
            [LogInHint.AddressMayBeShared],
            LogInHints.For($"anna@{domain}", "correct horse", forgiving: true)
        );

    [Fact]
    public void A_username_in_the_box_for_the_password_is_pointed_out_and_so_is_the_other_box() =>
        Assert.Equal(
            [LogInHint.UsernameAsPassword, LogInHint.UsernameUnlikeMost],
            LogInHints.For("77 correct horses 42", "o'brien4821", forgiving: true)
        );

    [Fact]
    public void A_username_with_a_domain_after_it_is_pointed_out() =>
        Assert.Equal(
            [LogInHint.UsernameInAddress, LogInHint.AddressMayBeShared],
            LogInHints.For("smith1234@example.org", "correct horse", forgiving: true)
        );

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
        TypedText.Holds(text =>
            LogInHints.For(text, text, forgiving: true).Count <= Enum.GetValues<LogInHint>().Length
        );
}
