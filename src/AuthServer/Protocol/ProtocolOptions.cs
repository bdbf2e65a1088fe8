using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AuthServer.Protocol;

/// <summary>The issuer (top-level key <c>Issuer</c>) and the settings under <c>Protocol</c>.</summary>
public sealed class ProtocolOptions
{
    public const string Section = "Protocol";

    /// <summary>
    /// The issuer URL, without a slash at its end: https, or http on loopback only. Default in Development: the first
    /// listening URL. There is no default elsewhere.
    /// </summary>
    public string Issuer { get; set; } = "";

    /// <summary>
    /// How long an authorization code works. Default 60 seconds (RFC 9700 asks for short; FAPI 2 for 60 s at most).
    /// </summary>
    [Range(
        typeof(TimeSpan),
        "00:00:10",
        "00:10:00",
        ErrorMessage = "Protocol:CodeLifetime must be between 00:00:10 and 00:10:00."
    )]
    public TimeSpan CodeLifetime { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long an access token works. Default 10 minutes.</summary>
    [Range(
        typeof(TimeSpan),
        "00:01:00",
        "1.00:00:00",
        ErrorMessage = "Protocol:AccessTokenLifetime must be between 00:01:00 and 1.00:00:00."
    )]
    public TimeSpan AccessTokenLifetime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long an ID token may be accepted. Default 10 minutes.</summary>
    [Range(
        typeof(TimeSpan),
        "00:01:00",
        "1.00:00:00",
        ErrorMessage = "Protocol:IdTokenLifetime must be between 00:01:00 and 1.00:00:00."
    )]
    public TimeSpan IdTokenLifetime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How long a grant with <c>offline_access</c> can be refreshed, from the log-in. Default 30 days. Without it, the
    /// session's end is the limit.
    /// </summary>
    [Range(
        typeof(TimeSpan),
        "01:00:00",
        "366.00:00:00",
        ErrorMessage = "Protocol:RefreshTokenLifetime must be between 01:00:00 and 366.00:00:00."
    )]
    public TimeSpan RefreshTokenLifetime { get; set; } = TimeSpan.FromDays(30);

    /// <summary>
    /// How long the refresh token before the last still works, for a client that lost the answer. Default 30 seconds.
    /// </summary>
    [Range(
        typeof(TimeSpan),
        "00:00:00",
        "00:05:00",
        ErrorMessage = "Protocol:RefreshGrace must be between 00:00:00 and 00:05:00."
    )]
    public TimeSpan RefreshGrace { get; set; } = TimeSpan.FromSeconds(30);
}

[OptionsValidator]
internal sealed partial class ProtocolOptionsValidator : IValidateOptions<ProtocolOptions>;
