using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using IPNetwork = System.Net.IPNetwork;

namespace AuthServer.Hosting;

/// <summary>
/// Settings under <c>ForwardedHeaders</c>: which proxies are believed about who is asking. Default: none.
/// </summary>
public sealed class TrustedProxyOptions
{
    public const string Section = "ForwardedHeaders";

    /// <summary>Addresses of proxies, such as 127.0.0.1.</summary>
    public string[] KnownProxies { get; set; } = [];

    /// <summary>Networks of proxies, such as 10.0.0.0/8.</summary>
    public string[] KnownNetworks { get; set; } = [];
}

internal sealed class TrustedProxyOptionsValidator : IValidateOptions<TrustedProxyOptions>
{
    public ValidateOptionsResult Validate(string? name, TrustedProxyOptions options)
    {
        string[] mistakes =
        [
            .. options
                .KnownProxies.Where(text => !IPAddress.TryParse(text, out _))
                .Select(text =>
                    $"ForwardedHeaders:KnownProxies holds \"{text}\": write an IP address, such as 127.0.0.1."
                ),
            .. options
                .KnownNetworks.Where(text => !IPNetwork.TryParse(text, out _))
                .Select(text =>
                    $"ForwardedHeaders:KnownNetworks holds \"{text}\": write a network, such as 10.0.0.0/8."
                ),
        ];
        return mistakes.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);
    }
}

/// <summary>
/// Takes the caller's address and scheme from <c>X-Forwarded-For</c> and <c>-Proto</c>, from trusted proxies alone.
/// </summary>
internal static class TrustedProxies
{
    public static void AddForwardedHeaders(this WebApplicationBuilder builder)
    {
        builder
            .Services.AddOptions<TrustedProxyOptions>()
            .BindConfiguration(TrustedProxyOptions.Section)
            .ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<TrustedProxyOptions>, TrustedProxyOptionsValidator>();

        // After everybody else's word: the framework trusts loopback by default, and all the world with an environment
        // variable.
        builder
            .Services.AddOptions<ForwardedHeadersOptions>()
            .PostConfigure<IOptions<TrustedProxyOptions>>(
                (forwarded, trusted) =>
                {
                    forwarded.KnownProxies.Clear();
                    forwarded.KnownIPNetworks.Clear();
                    foreach (var proxy in trusted.Value.KnownProxies)
                    {
                        forwarded.KnownProxies.Add(IPAddress.Parse(proxy));
                    }

                    foreach (var network in trusted.Value.KnownNetworks)
                    {
                        forwarded.KnownIPNetworks.Add(IPNetwork.Parse(network));
                    }

                    // With both lists empty the middleware would believe anybody.
                    var any = forwarded.KnownProxies.Count + forwarded.KnownIPNetworks.Count > 0;
                    forwarded.ForwardedHeaders = any
                        ? ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto
                        : ForwardedHeaders.None;
                    forwarded.ForwardLimit = null; // as many hops as are trusted, and not one more
                }
            );
    }
}
