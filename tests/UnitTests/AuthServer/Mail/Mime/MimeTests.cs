using System.Text;
using AuthServer.Mail;
using AuthServer.Mail.Mime;
using FsCheck;
using FsCheck.Fluent;

namespace UnitTests.AuthServer.Mail.Mime;

public sealed class MimeTests
{
    private static readonly Mailbox From = new("NHS ePortfolios – Cymru", "help", "eportfolios.test");

    private static readonly Mailbox To = new("Siobhán \"Shiv\" O’Brien", "siobhan", "example.test");

    [Fact]
    public void Quoted_printable_gives_back_what_it_was_given() =>
        Prop.ForAll<NonNull<string>>(text =>
            {
                var well = Well(text.Get).ReplaceLineEndings("\n");
                var encoded = QuotedPrintable.Encode(well);
                return QuotedPrintable.Decode(encoded) == well
                    && encoded
                        .Split("\r\n")
                        .All(line => line.Length <= 76 && !line.EndsWith(' ') && line.All(c => c is >= ' ' and <= '~'));
            })
            .QuickCheckThrowOnFailure();

    [Fact]
    public void A_message_is_ascii_in_short_lines_whatever_is_in_it() =>
        Prop.ForAll<NonNull<string>, NonNull<string>>(
                (subject, text) =>
                {
                    var bytes = MimeWriter.Write(Mail(Well(subject.Get), Well(text.Get)), From, To);
                    var lines = Encoding.ASCII.GetString(bytes).Split("\r\n");
                    return bytes.All(b => b is 13 or 10 or (>= 32 and <= 126))
                        && lines.All(line => line.Length <= 998)
                        && lines[^1].Length == 0
                        && lines
                            .TakeWhile(line => line.Length > 0)
                            .All(line => line[0] == ' ' || line.Contains(':', StringComparison.Ordinal));
                }
            )
            .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("Your username, and a link to choose a new password")]
    [InlineData(
        "Ünïcödé – a subject that is long enough to be folded more than once, and says “hello” to O’Brien and 李小龍 🏥"
    )]
    [InlineData(
        "An English subject that is long enough to be folded, because nobody writes lines of more than seventy-six characters"
    )]
    [InlineData("=?utf-8?B?spoof?=")]
    public void A_message_is_read_as_it_was_written(string subject)
    {
        var mail = Mail(subject, "Dear O’Brien,\n\n.a dot\n--=_not a boundary\n\nlast line");

        var text = Encoding.ASCII.GetString(MimeWriter.Write(mail, From, To));
        var read = MimeReader.Read(text);

        Assert.Equal(subject, read.Subject);
        Assert.Equal(mail.Body.Text, read.Text.TrimEnd('\n'));
        Assert.Equal(mail.Body.Html, read.Html.TrimEnd('\n'));
        Assert.Equal("Siobhán \"Shiv\" O’Brien <siobhan@example.test>", read.To);
        Assert.Equal("NHS ePortfolios – Cymru <help@eportfolios.test>", read.From);
        Assert.All(text.Split("\r\n"), line => Assert.InRange(line.Length, 0, 78));
    }

    [Fact]
    public void The_same_message_is_the_same_bytes_at_every_attempt()
    {
        var mail = Mail("Hello", "Hello");

        Assert.Equal(MimeWriter.Write(mail, From, To), MimeWriter.Write(mail, From, To));
    }

    private static OutgoingMail Mail(string subject, string text) =>
        new(
            Guid.Parse("0199c1de-0000-7000-8000-00000000abcd"),
            "Reminder",
            "<1@eportfolios.test>",
            "siobhan@example.test",
            subject,
            new DateTimeOffset(2026, 1, 31, 9, 0, 0, TimeSpan.Zero),
            new MailBody(null, text, $"<p>{text}</p>")
        );

    // Half a surrogate pair is no text.
    private static string Well(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
