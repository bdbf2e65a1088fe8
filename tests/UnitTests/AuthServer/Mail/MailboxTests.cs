using AuthServer.Mail;
using FsCheck;
using FsCheck.Fluent;

namespace UnitTests.AuthServer.Mail;

public sealed class MailboxTests
{
    [Theory]
    [InlineData("a@example.test", null, "a@example.test")]
    [InlineData(" NHS ePortfolios <no-reply@Example.Test> ", "NHS ePortfolios", "no-reply@example.test")]
    [InlineData("\"NHS, ePortfolios\" <a@b.test>", "NHS, ePortfolios", "a@b.test")]
    [InlineData("o'brien+tag@example.test", null, "o'brien+tag@example.test")]
    [InlineData("siobhán@bücher.example", null, "siobhán@xn--bcher-kva.example")]
    [InlineData("a@xn--bcher-kva.example", null, "a@xn--bcher-kva.example")]
    [InlineData("Dr. O'Brien, St. Mary's <a@b.test>", "Dr. O'Brien, St. Mary's", "a@b.test")]
    public void An_address_is_read(string text, string? name, string address)
    {
        Assert.True(Mailbox.TryParse(text, out var mailbox));

        Assert.Equal((name, address), (mailbox.Name, mailbox.Wire()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("@example.test")]
    [InlineData("a@")]
    [InlineData("a b@example.test")]
    [InlineData("a@example.test>\r\nRCPT TO:<b@example.test")]
    [InlineData("a@example.test\r\nBcc: b@example.test")]
    [InlineData("<a@example.test> <b@example.test>")]
    [InlineData("a,b@example.test")]
    [InlineData("a@exa mple.test")]
    [InlineData("a@-example.test")]
    [InlineData("a..b@example.test")]
    [InlineData(".a@example.test")]
    [InlineData("\"a\"@example.test")]
    [InlineData("a@[127.0.0.1]")]
    [InlineData("a\u202Eb@example.test")]
    [InlineData("a\0b@example.test")]
    [InlineData("a(comment)@example.test")]
    [InlineData("a@example.test (Anna)")]
    [InlineData("<@relay.test:a@example.test>")]
    public void What_could_end_a_line_or_an_address_is_none(string text) => Assert.False(Mailbox.TryParse(text, out _));

    [Fact]
    public void An_address_never_holds_what_ends_a_line_or_an_address() =>
        Prop.ForAll<NonNull<string>, NonNull<string>>(
                (local, domain) =>
                    new[] { local.Get, $"{local.Get}@{domain.Get}", $"{local.Get} <a@{domain.Get}>" }.All(text =>
                        !Mailbox.TryParse(text, out var mailbox)
                        || !mailbox.Wire().Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c is '<' or '>' or '"')
                    )
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void A_letter_beyond_ascii_before_the_at_needs_smtputf8()
    {
        Assert.True(Mailbox.TryParse("siobhán@example.test", out var irish));
        Assert.True(Mailbox.TryParse("a@bücher.example", out var german));

        Assert.True(irish.NeedsUtf8());
        Assert.False(german.NeedsUtf8());
    }
}
