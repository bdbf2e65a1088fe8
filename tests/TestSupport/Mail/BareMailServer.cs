using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace TestSupport.Mail;

/// <summary>
/// A mail server that says line by line what a test tells it to, for what the SmtpServer package cannot do: XOAUTH2,
/// client certificates, replies that no well-behaved server gives.
/// </summary>
internal sealed class BareMailServer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<string, string?> _reply;
    private readonly SelfSignedCertificate? _certificate;
    private readonly Task _accepting;

    /// <param name="reply">
    /// The reply to a command, or null for the usual one. "." stands for the end of a message.
    /// </param>
    /// <param name="certificate">TLS from the first byte with this certificate, and one is asked of the client.</param>
    public BareMailServer(Func<string, string?> reply, SelfSignedCertificate? certificate = null)
    {
        (_reply, _certificate) = (reply, certificate);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Every command that came, and "." for each message.</summary>
    public ConcurrentQueue<string> Heard { get; } = new();

    /// <summary>The subject of the certificate that the client showed last.</summary>
    public string? ClientCertificate { get; private set; }

    public Dictionary<string, string?> Settings =>
        new()
        {
            ["Mail:Transport"] = "Smtp",
            ["Mail:From"] = "help@eportfolios.test",
            ["Mail:Smtp:Host"] = "127.0.0.1",
            ["Mail:Smtp:Port"] = $"{Port}",
            ["Mail:Smtp:TrustedCertificates"] = _certificate?.CertificatePath,
            ["Mail:Smtp:Security"] = _certificate is null ? null : "Tls",
            ["Mail:Interval"] = "00:10:00",
        };

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                using var tcp = await _listener.AcceptTcpClientAsync(_stop.Token);
                await TalkAsync(tcp.GetStream());
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task TalkAsync(Stream stream)
    {
        try
        {
            using var talk = _certificate is null ? stream : await SecureAsync(stream, _certificate);
            using var reader = new StreamReader(talk, Encoding.UTF8);
            await SayAsync(talk, "220 mail.example.test");
            var inMessage = false;
            while (await reader.ReadLineAsync(_stop.Token) is { } line)
            {
                if (inMessage && line != ".")
                {
                    continue;
                }

                Heard.Enqueue(line);
                var reply = _reply(line) ?? Usual(line);
                await SayAsync(talk, reply);
                if (reply.StartsWith("421", StringComparison.Ordinal))
                {
                    return; // RFC 5321 §3.8
                }

                inMessage = reply.StartsWith("354", StringComparison.Ordinal);
            }
        }
        catch (IOException)
        {
            // The client hung up.
        }
    }

    private async Task<Stream> SecureAsync(Stream stream, SelfSignedCertificate certificate)
    {
        var tls = new SslStream(stream);
        await tls.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions
            {
                ServerCertificate = X509Certificate2.CreateFromPemFile(
                    certificate.CertificatePath,
                    certificate.KeyPath
                ),
                ClientCertificateRequired = true,
                RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null,
            },
            _stop.Token
        );
        ClientCertificate = tls.RemoteCertificate?.Subject;
        return tls;
    }

    private async Task SayAsync(Stream stream, string reply) =>
        await stream.WriteAsync(Encoding.UTF8.GetBytes(reply.ReplaceLineEndings("\r\n") + "\r\n"), _stop.Token);

    private static string Usual(string line) =>
        line.StartsWith("DATA", StringComparison.Ordinal) ? "354 go on"
        : line.StartsWith("QUIT", StringComparison.Ordinal) ? "221 bye"
        : "250 OK";
}
