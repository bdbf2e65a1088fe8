using System.Text;

namespace AuthServer.Mail.Transports;

/// <summary>
/// Greets a mail server, makes the connection private and logs in to it: what comes before any message. Whatever goes
/// wrong here goes wrong for every message, so it is an <see cref="SmtpException"/>.
/// </summary>
internal sealed class SmtpSession : IAsyncDisposable
{
    private readonly SmtpConnection _connection;
    private readonly SmtpOptions _options;
    private readonly string _helloName;
    private IReadOnlyList<string> _extensions = [];

    private SmtpSession(SmtpConnection connection, SmtpOptions options, string helloName) =>
        (_connection, _options, _helloName) = (connection, options, helloName);

    public SmtpConnection Connection => _connection;

    public static async Task<SmtpSession> OpenAsync(
        SmtpOptions options,
        string helloName,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var session = new SmtpSession(
            await SmtpConnection.OpenAsync(options, clock, cancellationToken),
            options,
            helloName
        );
        try
        {
            await session.BeginAsync(cancellationToken);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>True when the server offers the extension (RFC 5321 §4.1.1.1).</summary>
    public bool Offers(string keyword) =>
        _extensions.Any(extension => extension.Split(' ')[0].Equals(keyword, StringComparison.OrdinalIgnoreCase));

    /// <summary>Says goodbye, as RFC 5321 §4.1.1.10 asks. Nothing depends on it any more.</summary>
    public async Task QuitAsync()
    {
        try
        {
            await _connection.AskAsync("QUIT", CancellationToken.None);
        }
        catch (Exception e) when (e is IOException or TimeoutException or SmtpException)
        {
            // It has hung up already.
        }
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        if (_options.Security == SmtpSecurity.Tls)
        {
            await _connection.SecureAsync(cancellationToken);
        }

        Require(await _connection.ReadAsync(_options.Timeout, cancellationToken));
        await HelloAsync(cancellationToken);
        if (_options.Security is SmtpSecurity.StartTls or null)
        {
            if (Offers("STARTTLS"))
            {
                Require(await _connection.AskAsync("STARTTLS", cancellationToken));
                await _connection.SecureAsync(cancellationToken);
                await HelloAsync(cancellationToken); // what it offered in the clear does not count (RFC 3207 §4.2)
            }
            else if (_options.Security == SmtpSecurity.StartTls || !SmtpTransport.IsLoopback(_options.Host))
            {
                throw new SmtpException(
                    "The server does not offer STARTTLS. Mail:Smtp:Security says otherwise, if that is meant."
                );
            }
        }

        if (!string.IsNullOrEmpty(_options.Username))
        {
            await LogInAsync(_options.Username, _options.Password ?? "", cancellationToken);
        }
    }

    private async Task HelloAsync(CancellationToken cancellationToken)
    {
        var reply = Require(await _connection.AskAsync($"EHLO {_helloName}", cancellationToken));
        _extensions = [.. reply.Lines.Skip(1)];
    }

    // RFC 4954. PLAIN (RFC 4616) in one step; LOGIN is what some relays have in its place.
    private async Task LogInAsync(string username, string password, CancellationToken cancellationToken)
    {
        var mechanisms = _extensions
            .Select(e => e.Split(' '))
            .Where(e => e[0].Equals("AUTH", StringComparison.OrdinalIgnoreCase))
            .SelectMany(e => e.Skip(1))
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (mechanisms.Contains("PLAIN"))
        {
            Require(await _connection.AskAsync("AUTH PLAIN " + Base64($"\0{username}\0{password}"), cancellationToken));
        }
        else if (mechanisms.Contains("LOGIN"))
        {
            Require(await _connection.AskAsync("AUTH LOGIN", cancellationToken), expected: 334);
            Require(await _connection.AskAsync(Base64(username), cancellationToken), expected: 334);
            Require(await _connection.AskAsync(Base64(password), cancellationToken));
        }
        else
        {
            throw new SmtpException("The server offers neither AUTH PLAIN nor AUTH LOGIN.");
        }
    }

    private static SmtpReply Require(SmtpReply reply, int? expected = null) =>
        (expected is { } code ? reply.Code == code : reply.IsPositive)
            ? reply
            : throw new SmtpException(reply.ToString());

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
