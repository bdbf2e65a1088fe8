using System.Diagnostics.CodeAnalysis;
using MimeKit;

namespace AuthServer.Mail;

/// <summary>
/// A message as it travels (RFC 5322): text and HTML as alternatives, marked as sent by a program (RFC 3834) so that
/// no out-of-office reply comes back.
/// </summary>
internal static class MailMessage
{
    /// <summary>The same bytes at every attempt.</summary>
    /// <param name="body">Holds the two parts.</param>
    public static MimeMessage From(OutgoingMail mail, MailboxAddress from, MailboxAddress to, Multipart body)
    {
        body.Boundary = $"=_{mail.Id:N}"; // "=_" occurs in no quoted-printable text (RFC 2045 §6.7)
        body.Headers.Add(HeaderId.ContentLanguage, "en-GB");
        body.Add(Part("plain", mail.Body.Text));
        body.Add(Part("html", mail.Body.Html)); // the last is the best (RFC 2046 §5.1.4)
        var named = new MailboxAddress(Literal(mail.Body.Name), to.Address);
        var message = new MimeMessage([from], [named], Literal(mail.Subject), body)
        {
            Date = mail.QueuedAt.ToUniversalTime(),
            MessageId = mail.MessageId,
        };
        message.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        message.Headers.Add("X-Auto-Response-Suppress", "All"); // Exchange reads this instead
        return message;
    }

    /// <summary>
    /// Lines end in CRLF. Headers are ASCII, except when an address has letters beyond ASCII before the @ (RFC 6532).
    /// </summary>
    public static FormatOptions Format(MailboxAddress from, MailboxAddress to)
    {
        var format = FormatOptions.Default.Clone();
        format.NewLineFormat = NewLineFormat.Dos;
        format.EnsureNewLine = true;
        format.International = from.NeedsUtf8() || to.NeedsUtf8();
        return format;
    }

    /// <summary>A reader would decode text that looks like an encoded word (RFC 2047), so it is broken up.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    private static string? Literal(string? text) => text?.Replace("=?", "= ?", StringComparison.Ordinal);

    private static TextPart Part(string subtype, string content) =>
        new(subtype)
        {
            Text = content.ReplaceLineEndings("\n").TrimEnd('\n') + "\n",
            ContentTransferEncoding = ContentEncoding.QuotedPrintable,
        };
}
