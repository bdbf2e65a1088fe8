using System.ComponentModel.DataAnnotations;
using System.Net;

namespace AuthServer.Mail;

/// <summary>How the connection to the mail server is kept private.</summary>
public enum SmtpSecurity
{
    /// <summary>STARTTLS (RFC 3207); a server that does not offer it is not used.</summary>
    StartTls = 0,

    /// <summary>TLS from the first byte (RFC 8314), usually on port 465.</summary>
    Tls = 1,

    /// <summary>None: reset links travel in the clear.</summary>
    None = 2,
}

/// <summary>Settings under <c>Mail:Smtp</c>.</summary>
public sealed class SmtpOptions
{
    private const int SubmissionPort = 587;
    private const int TlsPort = 465;

    /// <summary>The mail server's name or address. There is no default.</summary>
    public string? Host { get; set; }

    /// <summary>Default 587 (submission, RFC 6409), or 465 when <see cref="Security"/> is <c>Tls</c>.</summary>
    [Range(1, 65_535, ErrorMessage = "Mail:Smtp:Port must be between 1 and 65535.")]
    public int? Port { get; set; }

    /// <summary>
    /// Default <c>StartTls</c>, or <c>Tls</c> on port 465. For a server on this machine (loopback) the default is
    /// STARTTLS if the server offers it, else no encryption.
    /// </summary>
    public SmtpSecurity? Security { get; set; }

    /// <summary>Default none: no authentication.</summary>
    public string? Username { get; set; }

    public string? Password { get; set; }

    /// <summary>Authentication by an access token (XOAUTH2) instead of a password. Default none.</summary>
    public SmtpOAuthOptions OAuth { get; set; } = new();

    /// <summary>
    /// A PEM file with the certificate that we present when the mail server asks for one, then its intermediates.
    /// Default none. It is read at each connection, so a renewed file is used at once.
    /// </summary>
    public string? ClientCertificate { get; set; }

    /// <summary>
    /// A PEM file with the private key of <see cref="ClientCertificate"/>, without a passphrase. Default: the key is in
    /// the same file.
    /// </summary>
    public string? ClientCertificateKey { get; set; }

    /// <summary>
    /// A PEM file with the authorities that the server's certificate must come from, in the place of the system's.
    /// Default none.
    /// </summary>
    public string? TrustedCertificates { get; set; }

    /// <summary>The name that we greet with (RFC 5321 §4.1.1.1). Default: the host of <c>Issuer</c>.</summary>
    public string? HelloName { get; set; }

    /// <summary>How long connecting, and each answer before the message, may take. Default 30 seconds.</summary>
    [Range(
        typeof(TimeSpan),
        "00:00:01",
        "00:01:00",
        ErrorMessage = "Mail:Smtp:Timeout must be between 00:00:01 and 00:01:00."
    )]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long the answer to a whole message may take. Default 10 minutes (RFC 5321 §4.5.3.2.6): who gives up earlier
    /// makes doubles.
    /// </summary>
    [Range(
        typeof(TimeSpan),
        "00:00:05",
        "00:30:00",
        ErrorMessage = "Mail:Smtp:AnswerTimeout must be between 00:00:05 and 00:30:00."
    )]
    public TimeSpan AnswerTimeout { get; set; } = TimeSpan.FromMinutes(10);

    internal int EffectivePort => Port ?? (Security == SmtpSecurity.Tls ? TlsPort : SubmissionPort);

    /// <summary>Null: STARTTLS if the server offers it.</summary>
    internal SmtpSecurity? EffectiveSecurity =>
        Security
        ?? (
            Port == TlsPort ? SmtpSecurity.Tls
            : IsOnThisMachine ? null
            : SmtpSecurity.StartTls
        );

    internal bool IsOnThisMachine =>
        string.Equals(Host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(Host, out var address) && IPAddress.IsLoopback(address));
}

/// <summary>
/// Settings under <c>Mail:Smtp:OAuth</c>: where the access tokens for XOAUTH2 come from. With a refresh token it is
/// exchanged (RFC 6749 §6: Google), without one the client's own credentials are used (RFC 6749 §4.4: Exchange Online).
/// </summary>
public sealed class SmtpOAuthOptions
{
    /// <summary>
    /// The token endpoint: https, or http on loopback. Default none: no XOAUTH2. Exchange Online:
    /// <c>https://login.microsoftonline.com/TENANT/oauth2/v2.0/token</c>; Google:
    /// <c>https://oauth2.googleapis.com/token</c>.
    /// </summary>
    public string? TokenEndpoint { get; set; }

    public string? ClientId { get; set; }

    public string? ClientSecret { get; set; }

    /// <summary>
    /// Default none. Exchange Online: <c>https://outlook.office365.com/.default</c>; Google needs none beside a refresh
    /// token.
    /// </summary>
    public string? Scope { get; set; }

    /// <summary>A refresh token for the mailbox. Default none: client credentials.</summary>
    public string? RefreshToken { get; set; }

    internal bool IsUsed => TokenEndpoint is not null;
}
