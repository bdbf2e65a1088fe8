using System.Text;
using MimeKit;
using SmtpServer;

namespace TestSupport.Mail;

/// <summary>A message that the mail server of the tests took.</summary>
/// <param name="From">The envelope's sender.</param>
/// <param name="To">The envelope's recipients.</param>
/// <param name="Hello">The name that we greeted with.</param>
/// <param name="User">Who was logged in.</param>
/// <param name="Headers">Decoded, by name.</param>
/// <param name="Defects">What is wrong with the bytes by RFC 5322 and RFC 2046.</param>
public sealed record TakenMail(
    string From,
    IReadOnlyList<string> To,
    string Hello,
    bool Tls,
    string? User,
    IReadOnlyDictionary<string, string> Headers,
    string Text,
    string Html,
    IReadOnlyList<string> Defects
)
{
    internal static TakenMail Read(ISessionContext context, IMessageTransaction transaction, byte[] bytes)
    {
        var message = MimeMessage.Load(new MemoryStream(bytes));
        var mail = ReceivedMail.Read(message);
        return new TakenMail(
            Address(transaction.From),
            [.. transaction.To.Select(Address)],
            (string)context.Properties[MailServerRules.HelloProperty],
            context.Pipe.IsSecure,
            context.Authentication.IsAuthenticated ? context.Authentication.User : null,
            mail.Headers,
            mail.Text,
            mail.Html,
            [.. DefectsOf(Encoding.Latin1.GetString(bytes), message)]
        );
    }

    private static IEnumerable<string> DefectsOf(string bytes, MimeMessage message)
    {
        foreach (var line in bytes.Split("\r\n"))
        {
            if (line.Length > 998 || line.AsSpan().ContainsAny('\r', '\n') || line.Any(c => c > '~'))
            {
                yield return $"A line that no mail server has to take: {line}";
            }
        }

        if (message.Body is not Multipart { Boundary: { } boundary } || !bytes.Contains($"\r\n--{boundary}--"))
        {
            yield return "The end of the parts is missing.";
        }
    }

    private static string Address(SmtpServer.Mail.IMailbox mailbox) => $"{mailbox.User}@{mailbox.Host}";
}
