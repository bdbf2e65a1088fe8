using System.Net.Sockets;
using System.Security.Cryptography;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;
using Recovery.Ports;

namespace AuthServer.Mail.Transports;

/// <summary>
/// Hands messages to a mail server (RFC 5321, RFC 6409) with MailKit, a connection each. Until the server has read the
/// final dot it must forget a message (RFC 5321 §4.1.1.4), so the hand-over begins when MailKit writes the body: after
/// the server has accepted the recipient and asked for the message.
/// </summary>
internal sealed class SmtpTransport(
    IOptions<MailOptions> options,
    SmtpTokens tokens,
    IRecoveryHost server,
    TimeProvider clock
) : IMailTransport
{
    private const SmtpCapabilities Utf8 = SmtpCapabilities.UTF8 | SmtpCapabilities.EightBitMime;

    private readonly SmtpOptions _smtp = options.Value.Smtp;

    public TimeSpan AnswerTimeout => _smtp.AnswerTimeout;

    public async Task<Delivery> SendAsync(OutgoingMail mail, HandOver handOver, CancellationToken cancellationToken)
    {
        if (!Mailbox.TryParse(mail.To, out var to))
        {
            return new Delivery.Refused("This is not an address that mail can be sent to.");
        }

        var from = options.Value.Sender();
        var (opened, handedOver) = (false, false);
        using var client = new MailServerClient(_smtp, HelloName());
        using var attempt = new CancellationTokenSource(Timeout.InfiniteTimeSpan, clock);
        await using var stop = cancellationToken.UnsafeRegister(_ => attempt.Cancel(), null);
        var body = new HandedOverBody(async () =>
        {
            await stop.DisposeAsync(); // from here on it is not stopped early
            attempt.Token.ThrowIfCancellationRequested();
            handedOver = await handOver() ? true : throw new TakenBackException();
            attempt.CancelAfter(_smtp.AnswerTimeout);
            client.Timeout = (int)_smtp.AnswerTimeout.TotalMilliseconds;
        });
        try
        {
            await client.OpenAsync(tokens, attempt.Token);
            opened = true;
            if (from.NeedsUtf8() || to.NeedsUtf8())
            {
                if ((client.Capabilities & Utf8) != Utf8)
                {
                    return new Delivery.Refused(
                        "The mail server does not take addresses with such letters (SMTPUTF8)."
                    );
                }
            }
            else
            {
                client.Capabilities &= ~SmtpCapabilities.UTF8; // the ASCII form of a domain reaches every server
            }

            var message = MailMessage.From(mail, from, to, body);
            var format = MailMessage.Format(from, to);
            var answer = await client.SendAsync(format, message, from, [to], attempt.Token);
            return new Delivery.Accepted(ServerAnswer.Scrub($"{(int)SmtpStatusCode.Ok} {answer}"));
        }
        catch (TakenBackException)
        {
            return new Delivery.TakenBack();
        }
        catch (SmtpCommandException refusal)
        {
            return opened ? Refusal(refusal, handedOver) : new Delivery.TryAgain(AnswerOf(refusal), Down: true);
        }
        catch (Exception e) when (e is AuthenticationException or ServiceNotAuthenticatedException)
        {
            // Our credentials are refused, or wanted: an operator can mend that.
            tokens.Forget();
            return new Delivery.TryAgain(AnswerOf(e), Down: true);
        }
        catch (OperationCanceledException) when (handedOver)
        {
            return new Delivery.AnswerLost("The answer was lost: the mail server did not answer in time.");
        }
        catch (Exception e) when (IsTrouble(e))
        {
            return handedOver
                ? new Delivery.AnswerLost($"The answer was lost: {AnswerOf(e)}")
                : new Delivery.TryAgain(AnswerOf(e), Down: !opened);
        }
        finally
        {
            await client.QuitAsync();
        }
    }

    /// <summary>A mail server cannot be asked what became of a message.</summary>
    public Task<Whereabouts> AskAsync(OutgoingMail mail, CancellationToken cancellationToken) =>
        Task.FromResult(Whereabouts.NobodyKnows);

    private string HelloName() => _smtp.HelloName ?? new Uri(server.AbsoluteAddress("/")).IdnHost;

    /// <summary>The connection, TLS, the token endpoint or the certificate files; what is not listed is a bug.</summary>
    private static bool IsTrouble(Exception e) =>
        e
            is SocketException
                or IOException
                or TimeoutException
                or ProtocolException
                or SslHandshakeException
                or ServiceNotConnectedException
                or NotSupportedException
                or CryptographicException
                or SmtpTokenException;

    private static Delivery Refusal(SmtpCommandException refusal, bool handedOver)
    {
        var answer = AnswerOf(refusal);
        var code = (int)refusal.StatusCode;
        if (refusal.ErrorCode == SmtpErrorCode.SenderNotAccepted || ServerAnswer.IsAboutUs(code, refusal.Message))
        {
            return new Delivery.TryAgain(answer, Down: true);
        }

        return code switch
        {
            >= 500 => new Delivery.Refused(answer),
            < 300 when handedOver => new Delivery.Accepted(answer), // MailKit takes only 250 for a yes (RFC 5321 §4.2.1)
            _ => new Delivery.TryAgain(answer, Down: refusal.StatusCode == SmtpStatusCode.ServiceNotAvailable),
        };
    }

    private static string AnswerOf(Exception e) =>
        ServerAnswer.Scrub(
            e switch
            {
                SmtpCommandException refusal => $"{(int)refusal.StatusCode} {refusal.Message}",
                ServiceNotAuthenticatedException => $"530 {e.Message}",
                AuthenticationException when e.Message is [_, _, _, ':', ..] => e.Message.Remove(3, 1),
                SslHandshakeException { InnerException: { } inner } => $"No TLS with the mail server: {inner.Message}",
                _ => e.Message,
            }
        );

    private sealed class TakenBackException : Exception;

    /// <summary>The parts of a message, and what happens just before they are written to the mail server.</summary>
    private sealed class HandedOverBody(Func<Task> before) : MultipartAlternative
    {
        public override async Task WriteToAsync(
            FormatOptions options,
            Stream stream,
            bool contentOnly,
            CancellationToken cancellationToken = default
        )
        {
            await before();
            await base.WriteToAsync(options, stream, contentOnly, cancellationToken);
        }
    }
}
