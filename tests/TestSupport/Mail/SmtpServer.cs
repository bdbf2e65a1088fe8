using System.Net.Sockets;
using System.Text.Json;

namespace TestSupport.Mail;

/// <summary>
/// A real mail server (aiosmtpd) as a process of its own. What it does with a message depends on the recipient: see the
/// script.
/// </summary>
public sealed class SmtpServer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, object?> _options;
    private LeashedProcess? _process;

    private SmtpServer(Dictionary<string, object?> options)
    {
        _options = options;
        Certificate = new SelfSignedCertificate(_folder, TimeProvider.System.GetUtcNow());
        Kept = Directory.CreateDirectory(_folder.File("kept")).FullName;
    }

    public int Port { get; } = FreePort.Next();

    public SelfSignedCertificate Certificate { get; }

    private string Kept { get; }

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

    /// <param name="tls">With a certificate: STARTTLS, and nothing without it.</param>
    /// <param name="implicitly">TLS from the first byte in its place.</param>
    /// <param name="username">The one it wants a log-in of, or null.</param>
    /// <param name="withoutMechanisms">Such as <c>PLAIN</c>.</param>
    public static async Task<SmtpServer> StartAsync(
        bool tls = true,
        bool implicitly = false,
        string? username = null,
        string? password = null,
        string[]? withoutMechanisms = null,
        bool utf8 = true
    )
    {
        var server = new SmtpServer(
            new()
            {
                ["username"] = username,
                ["password"] = password,
                ["implicit"] = implicitly,
                ["utf8"] = utf8,
                ["withoutMechanisms"] = withoutMechanisms ?? [],
            }
        );
        server._options["port"] = server.Port;
        server._options["folder"] = server.Kept;
        if (tls)
        {
            server._options["certificate"] = server.Certificate.CertificatePath;
            server._options["key"] = server.Certificate.KeyPath;
        }

        await server.StartAsync();
        return server;
    }

    /// <summary>Starts it (again).</summary>
    public async Task StartAsync()
    {
        // The package serves Debian's own Python, whichever else comes first on the PATH.
        _process = LeashedProcess.Start(
            [
                "/usr/bin/python3",
                Repository.PathOf("tests/TestSupport/Mail/smtp_server.py"),
                JsonSerializer.Serialize(_options),
            ],
            stopSignal: "KILL"
        );
        await _process.WaitUntilAsync(ListensAsync, "The mail server");
    }

    public async Task StopAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
            _process = null;
        }
    }

    /// <summary>Lets it answer to messages for <c>hold</c>.</summary>
    public void Answer() => File.WriteAllText(Path.Combine(Kept, "answer"), "");

    /// <summary>Every message that it took.</summary>
    public IReadOnlyList<TakenMail> Taken() =>
        [
            .. Directory
                .EnumerateFiles(Kept, "*.json")
                .Select(file =>
                    JsonSerializer.Deserialize<TakenMail>(File.ReadAllText(file), JsonSerializerOptions.Web)
                    ?? throw new InvalidOperationException("The mail server kept nothing.")
                ),
        ];

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Dispose();
    }

    private async Task<bool> ListensAsync()
    {
        try
        {
            using var tcp = new TcpClient();
            await tcp.ConnectAsync("127.0.0.1", Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

/// <summary>A message as another mail program read it.</summary>
/// <param name="From">The envelope's sender.</param>
/// <param name="To">The envelope's recipients.</param>
/// <param name="Hello">The name that we greeted with.</param>
/// <param name="User">Who was logged in.</param>
/// <param name="Defects">What the parser had to complain of.</param>
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
);
