using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace AuthServer.Mail.Transports;

/// <summary>A connection to a mail server, line by line (RFC 5321 §2.3.7), with a time limit for every step.</summary>
internal sealed class SmtpConnection : IAsyncDisposable
{
    /// <summary>Longer than any honest reply line (RFC 5321 §4.5.3.1.5 says 512).</summary>
    private const int LongestLine = 2048;

    private const int MostLines = 100;

    private readonly TcpClient _tcp;
    private readonly SmtpOptions _options;
    private readonly TimeProvider _clock;
    private readonly byte[] _buffer = new byte[LongestLine];
    private Stream _stream;
    private int _start;
    private int _end;

    private SmtpConnection(TcpClient tcp, SmtpOptions options, TimeProvider clock)
    {
        (_tcp, _options, _clock) = (tcp, options, clock);
        _stream = tcp.GetStream();
    }

    /// <summary>Nobody on the way can read or change what is said.</summary>
    public bool IsPrivate => _stream is SslStream;

    /// <exception cref="SocketException">Nobody listens there.</exception>
    public static async Task<SmtpConnection> OpenAsync(
        SmtpOptions options,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var tcp = new TcpClient { NoDelay = true };
        try
        {
            await WithinAsync(
                options.Timeout,
                clock,
                within => tcp.ConnectAsync(options.Host ?? "", options.Port, within),
                cancellationToken
            );
            return new SmtpConnection(tcp, options, clock);
        }
        catch
        {
            tcp.Dispose();
            throw;
        }
    }

    /// <summary>Begins TLS. What the server said before it is not believed (RFC 3207 §4.2).</summary>
    public async Task SecureAsync(CancellationToken cancellationToken)
    {
        if (_start < _end)
        {
            throw new SmtpException("The server said something in the clear that would be taken for private.");
        }

        var tls = new SslStream(_stream, leaveInnerStreamOpen: false);
        _stream = tls;
        var options = new SslClientAuthenticationOptions { TargetHost = _options.Host };
        if (_options.TrustedCertificates is { } file)
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(file);
            options.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck, // an authority of one's own rarely says
            };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
        }

        await WithinAsync(
            _options.Timeout,
            _clock,
            within => new ValueTask(tls.AuthenticateAsClientAsync(options, within)),
            cancellationToken
        );
    }

    /// <summary>Sends a line and reads the reply to it.</summary>
    public async Task<SmtpReply> AskAsync(string line, CancellationToken cancellationToken)
    {
        await WriteAsync(Encoding.UTF8.GetBytes(line + "\r\n"), cancellationToken);
        return await ReadAsync(_options.Timeout, cancellationToken);
    }

    public ValueTask WriteAsync(byte[] bytes, CancellationToken cancellationToken) =>
        WithinAsync(_options.Timeout, _clock, within => _stream.WriteAsync(bytes, within), cancellationToken);

    /// <exception cref="TimeoutException">There was no reply in time.</exception>
    /// <exception cref="IOException">The connection was closed.</exception>
    public async Task<SmtpReply> ReadAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        var code = 0;
        await WithinAsync(
            timeout,
            _clock,
            async within =>
            {
                string line;
                do
                {
                    line = await ReadLineAsync(within);
                    if (
                        line.Length < 3
                        || !int.TryParse(line.AsSpan(0, 3), out code)
                        || code is < 200 or > 599
                        || lines.Count == MostLines
                    )
                    {
                        throw new SmtpException("The server does not speak SMTP.");
                    }

                    lines.Add(line.Length > 4 ? line[4..] : "");
                } while (line.Length > 3 && line[3] == '-');
            },
            cancellationToken
        );
        return new SmtpReply(code, lines);
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _tcp.Dispose();
    }

    private async Task<string> ReadLineAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var length = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            if (length >= 0)
            {
                var line = Encoding.UTF8.GetString(_buffer, _start, length).TrimEnd('\r');
                _start += length + 1;
                return line;
            }

            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
            if (_end == _buffer.Length)
            {
                throw new SmtpException("The server's line has no end.");
            }

            var read = await _stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            _end += read > 0 ? read : throw new IOException("The server closed the connection.");
        }
    }

    private static async ValueTask WithinAsync(
        TimeSpan timeout,
        TimeProvider clock,
        Func<CancellationToken, ValueTask> act,
        CancellationToken cancellationToken
    )
    {
        using var over = new CancellationTokenSource(timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        try
        {
            await act(either.Token);
        }
        catch (OperationCanceledException)
            when (over.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("The mail server did not answer in time.");
        }
    }
}
