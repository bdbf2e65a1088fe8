using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Text;
using AuthServer.Mail.Mime;
using Microsoft.Extensions.Options;
using Recovery.Ports;

namespace AuthServer.Mail.Transports;

/// <summary>
/// Hands messages to a mail server (RFC 5321, RFC 6409), a connection each. Our own client, because it has to know
/// exactly when a message may have arrived: up to the dot on a line of its own it has not, and the server has to forget
/// it (RFC 5321 §4.1.1.4).
/// </summary>
internal sealed class SmtpTransport(IOptions<MailOptions> options, IRecoveryHost server, TimeProvider clock)
    : IMailTransport
{
    /// <summary>The end of a message (RFC 5321 §4.1.1.4); the line break before it belongs to the message.</summary>
    private static readonly byte[] End = ".\r\n"u8.ToArray();

    private readonly SmtpOptions _smtp = options.Value.Smtp;

    public TimeSpan AnswerTimeout => _smtp.AnswerTimeout;

    public static bool IsLoopback(string? host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    public async Task<Delivery> SendAsync(OutgoingMail mail, HandOver handOver, CancellationToken cancellationToken)
    {
        if (!Mailbox.TryParse(mail.To, out var to))
        {
            return new Delivery.Refused("This is not an address that mail can be sent to.");
        }

        SmtpSession? session = null;
        var handedOver = false;
        try
        {
            session = await SmtpSession.OpenAsync(_smtp, HelloName(), clock, cancellationToken);
            if (await EnvelopeAsync(session, to, cancellationToken) is { } refusal)
            {
                await session.QuitAsync();
                return refusal;
            }

            var message = MimeWriter.Write(mail, options.Value.Sender, to with { Name = mail.Body.Name });
            await session.Connection.WriteAsync(DotStuffed(message), cancellationToken);
            if (!await handOver())
            {
                return new Delivery.TakenBack(); // without the dot the server forgets it
            }

            handedOver = true;
            await session.Connection.WriteAsync(End, CancellationToken.None);
            var reply = await session.Connection.ReadAsync(_smtp.AnswerTimeout, CancellationToken.None);
            await session.QuitAsync();
            return reply.IsPositive ? new Delivery.Accepted(reply.ToString()) : Refusal(reply);
        }
        catch (Exception e)
            when (e
                    is SocketException
                        or IOException
                        or AuthenticationException
                        or TimeoutException
                        or SmtpException
                        or CryptographicException
            )
        {
            var answer = e is SmtpException ? e.Message : $"{ServerAnswer.Scrub(e.Message)}";
            return handedOver
                ? new Delivery.AnswerLost($"The answer was lost: {answer}")
                : new Delivery.TryAgain(answer, Down: session is null);
        }
        finally
        {
            if (session is not null)
            {
                await session.DisposeAsync();
            }
        }
    }

    /// <summary>A mail server cannot be asked what became of a message.</summary>
    public Task<Whereabouts> AskAsync(OutgoingMail mail, CancellationToken cancellationToken) =>
        Task.FromResult(Whereabouts.NobodyKnows);

    /// <returns>Why the message cannot be handed over, or null when the server waits for it.</returns>
    private async Task<Delivery?> EnvelopeAsync(SmtpSession session, Mailbox to, CancellationToken cancellationToken)
    {
        var from = options.Value.Sender;
        var utf8 = to.NeedsUtf8 || from.NeedsUtf8;
        if (utf8 && !session.Offers("SMTPUTF8"))
        {
            return new Delivery.Refused("The mail server does not take addresses with such letters (SMTPUTF8).");
        }

        var sender = await session.Connection.AskAsync(
            $"MAIL FROM:<{from.Address}>{(utf8 ? " SMTPUTF8" : "")}",
            cancellationToken
        );
        if (!sender.IsPositive)
        {
            return new Delivery.TryAgain(sender.ToString(), Down: true); // it is us who are refused
        }

        var recipient = await session.Connection.AskAsync($"RCPT TO:<{to.Address}>", cancellationToken);
        if (!recipient.IsPositive)
        {
            return Refusal(recipient);
        }

        var data = await session.Connection.AskAsync("DATA", cancellationToken);
        return data.Code == 354 ? null : Refusal(data);
    }

    private static Delivery Refusal(SmtpReply reply) =>
        reply.IsPermanent && !reply.IsAboutUs
            ? new Delivery.Refused(reply.ToString())
            : new Delivery.TryAgain(reply.ToString(), Down: reply.Code == SmtpReply.Closing || reply.IsAboutUs);

    private string HelloName()
    {
        if (_smtp.HelloName is { } name)
        {
            return name;
        }

        var host = new Uri(server.AbsoluteAddress("/")).IdnHost;
        return IPAddress.TryParse(host, out var address)
            ? address.AddressFamily == AddressFamily.InterNetworkV6
                ? $"[IPv6:{address}]"
                : $"[{address}]"
            : host;
    }

    /// <summary>A line that begins with a dot gets another (RFC 5321 §4.5.2).</summary>
    private static byte[] DotStuffed(byte[] message)
    {
        var text = Encoding.UTF8.GetString(message);
        return Encoding.UTF8.GetBytes(
            (text.StartsWith('.') ? "." : "") + text.Replace("\r\n.", "\r\n..", StringComparison.Ordinal)
        );
    }
}
