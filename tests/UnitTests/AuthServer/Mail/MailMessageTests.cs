using System.Text;
using AuthServer.Mail;
using FsCheck;
using FsCheck.Fluent;
using MimeKit;

namespace UnitTests.AuthServer.Mail;

public sealed class MailMessageTests
{
    private static readonly MailboxAddress From = new("NHS ePortfolios – Cymru", "help@eportfolios.test");

    private static readonly MailboxAddress To = new(null, "siobhan@example.test");

    [Fact]
    public void A_message_is_ascii_in_short_lines_whatever_is_in_it() =>
        Prop.ForAll<NonNull<string>, NonNull<string>, NonNull<string>>(
                (subject, name, text) =>
                {
                    var bytes = Write(Mail(Well(subject.Get), Well(text.Get), Well(name.Get)));
                    var lines = Encoding.ASCII.GetString(bytes).Split("\r\n");
                    return bytes.All(b => b is 13 or 10 or 9 or (>= 32 and <= 126))
                        && lines.All(line => line.Length <= 998 && !line.AsSpan().ContainsAny('\r', '\n'))
                        && lines[^1].Length == 0
                        && lines
                            .TakeWhile(line => line.Length > 0)
                            .All(line => line[0] is ' ' or '\t' || line.Contains(':', StringComparison.Ordinal));
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void What_a_person_typed_adds_no_header()
    {
        var read = MimeMessage.Load(
            new MemoryStream(Write(Mail("Hello\r\nBcc: a@b.test", "Hello", "Anna\r\nBcc: c@d.test")))
        );

        Assert.Empty(read.Bcc);
        Assert.Equal("siobhan@example.test", Assert.Single(read.To.Mailboxes).Address);
    }

    [Theory]
    [InlineData("Your username, and a link to choose a new password")]
    [InlineData(
        "Ünïcödé – a subject that is long enough to be folded more than once, and says “hello” to O’Brien and 李小龍 🏥"
    )]
    [InlineData(
        "An English subject that is long enough to be folded, because nobody writes lines of more than seventy-six characters"
    )]
    public void A_message_is_read_as_it_was_written(string subject)
    {
        var mail = Mail(
            subject,
            "Dear O’Brien,\n\n.a dot\n--=_not a boundary\n\nlast line",
            "Siobhán \"Shiv\" O’Brien"
        );

        var bytes = Write(mail);
        var read = MimeMessage.Load(new MemoryStream(bytes));

        Assert.Equal(subject, read.Subject);
        Assert.Equal(mail.Body.Text, read.TextBody?.ReplaceLineEndings("\n").TrimEnd('\n'));
        Assert.Equal(mail.Body.Html, read.HtmlBody?.ReplaceLineEndings("\n").TrimEnd('\n'));
        Assert.Equal("Siobhán \"Shiv\" O’Brien <siobhan@example.test>", read.To.Mailboxes.Single().Shown());
        Assert.Equal("NHS ePortfolios – Cymru <help@eportfolios.test>", read.From.Mailboxes.Single().Shown());
        Assert.All(Encoding.ASCII.GetString(bytes).Split("\r\n"), line => Assert.InRange(line.Length, 0, 78));
    }

    [Fact]
    [Trait("spec", "RFC 2047")]
    public void What_only_looks_like_an_encoded_word_is_not_decoded()
    {
        var read = MimeMessage.Load(
            new MemoryStream(Write(Mail("=?utf-8?Q?spoof?=", "Hello", "Anna =?utf-8?Q?spoof?=")))
        );

        Assert.Equal("= ?utf-8?Q?spoof?=", read.Subject);
        Assert.Equal("Anna = ?utf-8?Q?spoof?=", read.To.Mailboxes.Single().Name);
    }

    [Fact]
    public void The_same_message_is_the_same_bytes_at_every_attempt()
    {
        var mail = Mail("Hello", "Hello");

        Assert.Equal(Write(mail), Write(mail));
    }

    private static byte[] Write(OutgoingMail mail)
    {
        using var written = new MemoryStream();
        MailMessage.From(mail, From, To, new MultipartAlternative()).WriteTo(MailMessage.Format(From, To), written);
        return written.ToArray();
    }

    private static OutgoingMail Mail(string subject, string text, string? name = null) =>
        new(
            Guid.Parse("0199c1de-0000-7000-8000-00000000abcd"),
            "Reminder",
            "<1@eportfolios.test>",
            "siobhan@example.test",
            subject,
            new DateTimeOffset(2026, 1, 31, 9, 0, 0, TimeSpan.Zero),
            new MailBody(name, text, $"<p>{text}</p>")
        );

    // Half a surrogate pair is no text.
    private static string Well(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
