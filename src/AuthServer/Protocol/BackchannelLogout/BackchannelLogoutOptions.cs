using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AuthServer.Protocol.BackchannelLogout;

/// <summary>Settings under <c>BackchannelLogout</c>: how apps are told that a session is over.</summary>
public sealed class BackchannelLogoutOptions
{
    public const string Section = "BackchannelLogout";

    /// <summary>How long an app may take to answer. Default 5 seconds.</summary>
    [Range(
        typeof(TimeSpan),
        "00:00:01",
        "00:01:00",
        ErrorMessage = "BackchannelLogout:Timeout must be between 00:00:01 and 00:01:00."
    )]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How often a process looks for notices that another left. Default 15 seconds; its own are sent at once.
    /// </summary>
    [Range(
        typeof(TimeSpan),
        "00:00:01",
        "01:00:00",
        ErrorMessage = "BackchannelLogout:Interval must be between 00:00:01 and 01:00:00."
    )]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long an app that does not answer is tried, at growing distances. Default 4 hours.</summary>
    [Range(
        typeof(TimeSpan),
        "00:01:00",
        "2.00:00:00",
        ErrorMessage = "BackchannelLogout:GiveUpAfter must be between 00:01:00 and 2.00:00:00."
    )]
    public TimeSpan GiveUpAfter { get; set; } = TimeSpan.FromHours(4);

    /// <summary>Apps that are told at the same time. Default 8.</summary>
    [Range(1, 100, ErrorMessage = "BackchannelLogout:AtOnce must be between 1 and 100.")]
    public int AtOnce { get; set; } = 8;
}

[OptionsValidator]
internal sealed partial class BackchannelLogoutOptionsValidator : IValidateOptions<BackchannelLogoutOptions>;
