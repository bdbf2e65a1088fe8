using AuthServer.Mail.Transports;

namespace UnitTests.AuthServer.Mail.Transports;

public sealed class ServerAnswerTests
{
    [Theory]
    [InlineData("550 5.1.1 <bob@example.test> unknown", "550 5.1.1 (address) unknown")]
    [InlineData("250 queued\r\nfor bob@example.test;\tid 7", "250 queued for (address); id 7")]
    public void Addresses_and_line_breaks_are_left_out(string answer, string kept) =>
        Assert.Equal(kept, ServerAnswer.Scrub(answer));

    [Theory]
    [InlineData(550, "5.1.1 no such user", false)]
    [InlineData(552, "5.2.2 mailbox full", false)]
    [InlineData(530, "5.7.0 authenticate first", true)]
    [InlineData(550, "5.7.1 relaying denied", true)]
    [InlineData(554, "5.6.0 what a message", false)]
    public void A_refusal_that_is_about_us_is_told_from_one_about_the_person(int code, string text, bool aboutUs) =>
        Assert.Equal(aboutUs, ServerAnswer.IsAboutUs(code, text));

    [Theory]
    [InlineData("Dear O’Brien,", "Dear O’Brien,")]
    [InlineData("* a bullet", "* a bullet")]
    [InlineData("> a # quote", "^ a # quote")]
    [InlineData(">", "^")]
    [InlineData("# no heading", "\\# no heading")]
    [InlineData("--- no line", "\\--- no line")]
    [InlineData("1. no list", "\\1. no list")]
    [InlineData("Your username: [here](http://evil.example)", "Your username: \\[here\\](http://evil.example)")]
    [InlineData("https://auth.example.test/reset-password/a_b-c*d", "https://auth.example.test/reset-password/a_b-c*d")]
    [InlineData("    four spaces", "four spaces")]
    public void Notify_makes_no_heading_or_link_of_what_a_person_typed(string line, string notify) =>
        Assert.Equal(notify, NotifyText.From(line));

    [Theory]
    [InlineData("live-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0", true)]
    [InlineData("a name with-hyphens-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0", true)]
    [InlineData("26785a09-ab16-4eb0-8407-a37497a57506", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void An_api_key_of_notify_is_read_from_its_end(string? key, bool isOne) =>
        Assert.Equal(isOne, NotifyKey.Parse(key) is not null);
}
