using System.Globalization;
using System.Text;

namespace AuthServer.Mail.Mime;

/// <summary>
/// Writes a message as it travels (RFC 5322, RFC 2045, RFC 2046): text and HTML as alternatives, marked as sent by a
/// program (RFC 3834) so that nobody's out-of-office answer comes back.
/// </summary>
internal static class MimeWriter
{
    /// <summary>The same bytes at every attempt. Lines end in CRLF; the last one too.</summary>
    public static byte[] Write(OutgoingMail mail, Mailbox from, Mailbox to)
    {
        var boundary = $"=_{mail.Id:N}"; // "=_" stands in no quoted-printable text (RFC 2045 §6.7)
        var message = new StringBuilder()
            .Header("From", Address(from))
            .Header("To", Address(to))
            .Header("Subject", HeaderText.Unstructured(mail.Subject, indent: "Subject: ".Length))
            .Header(
                "Date",
                mail.QueuedAt.ToUniversalTime()
                    .ToString("ddd, dd MMM yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture)
            )
            .Header("Message-ID", mail.MessageId)
            .Header("Auto-Submitted", "auto-generated")
            .Header("X-Auto-Response-Suppress", "All") // what Exchange reads in its place
            .Header("MIME-Version", "1.0")
            .Header("Content-Language", "en-GB")
            .Header("Content-Type", $"multipart/alternative;\r\n boundary=\"{boundary}\"")
            .Append("\r\n");
        Part(message, boundary, "text/plain", mail.Body.Text);
        Part(message, boundary, "text/html", mail.Body.Html); // the last is the best (RFC 2046 §5.1.4)
        return Encoding.UTF8.GetBytes(message.Append("--").Append(boundary).Append("--\r\n").ToString());
    }

    private static string Address(Mailbox mailbox) =>
        mailbox.Name is { } name ? $"{HeaderText.Phrase(name)}\r\n <{mailbox.Address}>" : mailbox.Address;

    private static StringBuilder Header(this StringBuilder message, string name, string value) =>
        message.Append(name).Append(": ").Append(value).Append("\r\n");

    private static void Part(StringBuilder message, string boundary, string type, string content) =>
        message
            .Append("--")
            .Append(boundary)
            .Append("\r\n")
            .Header("Content-Type", $"{type}; charset=utf-8")
            .Header("Content-Transfer-Encoding", "quoted-printable")
            .Append("\r\n")
            .Append(QuotedPrintable.Encode(content.TrimEnd('\n')))
            .Append("\r\n");
}
