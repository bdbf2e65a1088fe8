using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using SmtpServer;
using SmtpServer.ComponentModel;

namespace TestSupport.Mail;

/// <summary>
/// A mail server in the test process (the SmtpServer package). What it does with a message depends on the recipient:
/// see <see cref="MailServerRules"/>.
/// </summary>
public sealed class MailServer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MailServerRules _rules;
    private readonly bool _tls;
    private readonly bool _implicitly;
    private CancellationTokenSource? _running;
    private Task _stopped = Task.CompletedTask;

    private MailServer(MailServerRules rules, bool tls, bool implicitly)
    {
        (_rules, _tls, _implicitly) = (rules, tls, implicitly);
        Certificate = new SelfSignedCertificate(_folder, TimeProvider.System.GetUtcNow());
    }

    public int Port { get; } = FreePort.Next();

    public SelfSignedCertificate Certificate { get; }

    /// <summary>Settings of a server of ours that sends through this one, with STARTTLS when it has it.</summary>
    public Dictionary<string, string?> Settings =>
        new()
        {
            ["Mail:Transport"] = "Smtp",
            ["Mail:From"] = "NHS ePortfolios – Cymru <help@eportfolios.test>",
            ["Mail:Smtp:Host"] = "127.0.0.1",
            ["Mail:Smtp:Port"] = $"{Port}",
            ["Mail:Smtp:TrustedCertificates"] = Certificate.CertificatePath,
            ["Mail:Smtp:HelloName"] = "auth.example.test",
            ["Mail:Interval"] = "00:10:00",
        };

    /// <param name="tls">With a certificate: it offers STARTTLS, and takes no mail without it.</param>
    /// <param name="implicitly">TLS from the first byte instead.</param>
    /// <param name="username">The user who has to log in, or null.</param>
    /// <param name="withoutMechanism">Such as <c>PLAIN</c>.</param>
    public static async Task<MailServer> StartAsync(
        bool tls = true,
        bool implicitly = false,
        string? username = null,
        string? password = null,
        string? withoutMechanism = null,
        bool utf8 = true
    )
    {
        var rules = new MailServerRules(tls, username, password, withoutMechanism, utf8);
        var server = new MailServer(rules, tls, implicitly);
        await server.StartAsync();
        return server;
    }

    /// <summary>Starts it (again).</summary>
    public Task StartAsync()
    {
        var options = new SmtpServerOptionsBuilder()
            .ServerName("mail.example.test")
            .Endpoint(endpoint =>
            {
                endpoint
                    .Endpoint(new IPEndPoint(IPAddress.Loopback, Port))
                    .IsSecure(_implicitly)
                    .AuthenticationRequired(_rules.WantsLogIn)
                    .SupportedSslProtocols(SslProtocols.Tls12 | SslProtocols.Tls13)
                    .SessionTimeout(TimeSpan.FromMinutes(10));
                if (_tls)
                {
                    endpoint.Certificate(
                        X509Certificate2.CreateFromPemFile(Certificate.CertificatePath, Certificate.KeyPath)
                    );
                }
            })
            .Build();
        var services = new ServiceProvider();
        services.Add((SmtpServer.Storage.IMailboxFilter)_rules);
        services.Add((SmtpServer.Storage.IMessageStore)_rules);
        services.Add((SmtpServer.Authentication.IUserAuthenticator)_rules);
        services.Add(new MailServerCommands(_rules));
        _running = new CancellationTokenSource();
        _stopped = new SmtpServer.SmtpServer(options, services).StartAsync(_running.Token); // it listens when this returns
        return _stopped.IsFaulted ? _stopped : Task.CompletedTask;
    }

    public async Task StopAsync()
    {
        if (_running is not null)
        {
            await _running.CancelAsync();
            await _stopped;
            _running.Dispose();
            _running = null;
        }
    }

    /// <summary>Lets it answer to messages for <c>hold</c>.</summary>
    public void Answer() => _rules.Answer();

    /// <summary>Every message that it took.</summary>
    public IReadOnlyList<TakenMail> Taken() => [.. _rules.Taken];

    public async ValueTask DisposeAsync()
    {
        Answer();
        await StopAsync();
        _folder.Dispose();
    }
}
