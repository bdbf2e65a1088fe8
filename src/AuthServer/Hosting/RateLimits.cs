using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace AuthServer.Hosting;

/// <summary>
/// Settings under <c>Limits:PerAddress</c>: how much one address (of IPv6 the first 64 bits) may ask of one process. A
/// whole hospital may share an address, so these only stop floods; guessing at passwords is stopped per account, in the
/// database. Who asked for little gets a burst: ten seconds' worth, or a minute's of log-ins.
/// </summary>
public sealed class AddressLimitOptions
{
    public const string Section = "Limits:PerAddress";

    /// <summary>
    /// Requests per second to <c>/connect</c> and <c>/.well-known</c>. Default 50,000: servers of busy apps are behind
    /// one address.
    /// </summary>
    [Range(1, 10_000_000, ErrorMessage = "Limits:PerAddress:ProtocolPerSecond must be between 1 and 10000000.")]
    public int ProtocolPerSecond { get; set; } = 50_000;

    /// <summary>Requests per second to pages and what they are made of. Default 200.</summary>
    [Range(1, 10_000_000, ErrorMessage = "Limits:PerAddress:PagesPerSecond must be between 1 and 10000000.")]
    public int PagesPerSecond { get; set; } = 200;

    /// <summary>
    /// Log-in attempts (POST to <c>/log-in</c>) and codes of devices (<c>/device</c>) per minute. Default 300.
    /// </summary>
    [Range(1, 10_000_000, ErrorMessage = "Limits:PerAddress:LogInsPerMinute must be between 1 and 10000000.")]
    public int LogInsPerMinute { get; set; } = 300;
}

[OptionsValidator]
internal sealed partial class AddressLimitOptionsValidator : IValidateOptions<AddressLimitOptions>;

/// <summary>
/// Rate limits per address and process, by ASP.NET's rate limiter. Loopback is an address like any other.
/// </summary>
internal static partial class RateLimits
{
    private enum Kind
    {
        Unlimited,
        Protocol,
        Pages,
        LogIns,
    }

    public static void AddRateLimits(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<AddressLimitOptions>().BindConfiguration(AddressLimitOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AddressLimitOptions>, AddressLimitOptionsValidator>();
        services.AddRateLimiter(limiter => limiter.OnRejected = RefuseAsync);
        services
            .AddOptions<RateLimiterOptions>()
            .Configure<IOptions<AddressLimitOptions>>(
                (limiter, limits) =>
                    limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, (Kind, IPAddress)>(http =>
                        Partition(http, limits.Value)
                    )
            );
    }

    private static RateLimitPartition<(Kind, IPAddress)> Partition(HttpContext http, AddressLimitOptions limits)
    {
        var kind = KindOf(http);
        return kind == Kind.Unlimited
            ? RateLimitPartition.GetNoLimiter((kind, IPAddress.None))
            : RateLimitPartition.GetTokenBucketLimiter(
                (kind, AddressOf(http)),
                key =>
                    key.Item1 switch
                    {
                        Kind.Protocol => PerSecond(limits.ProtocolPerSecond),
                        Kind.Pages => PerSecond(limits.PagesPerSecond),
                        _ => PerMinute(limits.LogInsPerMinute),
                    }
            );
    }

    private static Kind KindOf(HttpContext http)
    {
        // A page shown in place of a refusal must not be refused in its turn; a probe must not be told that the server
        // is ill.
        var path = http.Request.Path;
        if (
            http.Features.Get<IStatusCodeReExecuteFeature>() is not null
            || http.Features.Get<IExceptionHandlerFeature>() is not null
            || path.StartsWithSegments("/health", StringComparison.Ordinal)
        )
        {
            return Kind.Unlimited;
        }

        return path.StartsWithSegments("/connect", StringComparison.Ordinal)
            || path.StartsWithSegments("/.well-known", StringComparison.Ordinal)
                ? Kind.Protocol
            : IsGuess(http.Request) ? Kind.LogIns
            : Kind.Pages;
    }

    // A password, or the code of a device (RFC 8628 §5.1).
    private static bool IsGuess(HttpRequest request) =>
        (
            HttpMethods.IsPost(request.Method)
            && request.Path.StartsWithSegments("/log-in", StringComparison.OrdinalIgnoreCase)
        )
        || (
            request.Path.StartsWithSegments("/device", StringComparison.OrdinalIgnoreCase)
            && (HttpMethods.IsPost(request.Method) || request.Query.ContainsKey("user_code"))
        );

    // One home or office is given 64 bits' worth of IPv6 addresses; to count each by itself would count nothing.
    private static IPAddress AddressOf(HttpContext http)
    {
        var address = http.Connection.RemoteIpAddress ?? IPAddress.None;
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[8..].Clear();
        return new IPAddress(bytes);
    }

    private static TokenBucketRateLimiterOptions PerSecond(int requests) =>
        new()
        {
            TokenLimit = (int)Math.Min(requests * 10L, int.MaxValue),
            TokensPerPeriod = requests,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        };

    private static TokenBucketRateLimiterOptions PerMinute(int requests)
    {
        var atOnce = (requests + 599) / 600; // the limiter looks every 100 ms
        return new()
        {
            TokenLimit = requests,
            TokensPerPeriod = atOnce,
            ReplenishmentPeriod = TimeSpan.FromMinutes(1) * atOnce / requests,
        };
    }

    // 429 (RFC 6585 §4). Apps get JSON; for people the status is enough, and a page is shown in its place.
    private static async ValueTask RefuseAsync(OnRejectedContext rejected, CancellationToken cancellationToken)
    {
        var http = rejected.HttpContext;
        var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after)
            ? after
            : TimeSpan.FromSeconds(1);
        var seconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        http.Response.Headers.RetryAfter = seconds;
        Refused(
            http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(RateLimits).FullName!),
            KindOf(http)
        );
        if (KindOf(http) == Kind.Protocol && !HttpMethods.IsGet(http.Request.Method))
        {
            http.Response.Headers.CacheControl = "no-store";
            await http.Response.WriteAsJsonAsync(
                new Dictionary<string, string>
                {
                    ["error"] = "temporarily_unavailable",
                    ["error_description"] = $"Too many requests from this address. Try again in {seconds} s.",
                },
                cancellationToken
            );
        }
    }

    [LoggerMessage(1002, LogLevel.Information, "Refused a request because its address sends too many ({Kind}).")]
    private static partial void Refused(ILogger logger, Kind kind);
}
