using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace AuthServer.Hosting;

/// <summary>
/// The standard settings of OpenTelemetry (OTEL_…), from the environment or any other source of configuration. The SDK
/// reads them itself and passes over what it cannot read; here the start is refused with a sentence instead.
/// </summary>
public sealed class TelemetryOptions
{
    internal const string ProtocolKey = "OTEL_EXPORTER_OTLP_PROTOCOL";

    internal const string SamplerKey = "OTEL_TRACES_SAMPLER";

    internal const string HttpProtobuf = "http/protobuf";

    internal static readonly string[] Signals = ["", "METRICS_", "TRACES_"];

    /// <summary>The settings that the validator looks at, by name.</summary>
    public IDictionary<string, string> Values { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    internal static bool HasEndpoint(IConfiguration configuration) =>
        !string.Equals(configuration["OTEL_SDK_DISABLED"], "true", StringComparison.OrdinalIgnoreCase)
        && Signals.Any(signal => !string.IsNullOrEmpty(configuration[$"OTEL_EXPORTER_OTLP_{signal}ENDPOINT"]));
}

internal sealed partial class TelemetryOptionsValidator : IValidateOptions<TelemetryOptions>
{
    private static readonly string[] Parts = ["ENDPOINT", "HEADERS", "PROTOCOL"];

    private static readonly string[] Samplers =
    [
        "always_on",
        "always_off",
        "traceidratio",
        "parentbased_always_on",
        "parentbased_always_off",
        "parentbased_traceidratio",
    ];

    public ValidateOptionsResult Validate(string? name, TelemetryOptions options) =>
        options.Values.Select(setting => Mistake(setting.Key, setting.Value)).OfType<string>().FirstOrDefault()
            is { } mistake
            ? ValidateOptionsResult.Fail(mistake)
            : ValidateOptionsResult.Success;

    /// <returns>The names of the settings that are looked at.</returns>
    public static IEnumerable<string> Names() =>
        TelemetryOptions
            .Signals.SelectMany(signal => Parts.Select(part => $"OTEL_EXPORTER_OTLP_{signal}{part}"))
            .Concat(["OTEL_METRIC_EXPORT_INTERVAL", TelemetryOptions.SamplerKey, "OTEL_TRACES_SAMPLER_ARG"]);

    private static string? Mistake(string setting, string value) =>
        setting switch
        {
            _ when setting.EndsWith("_ENDPOINT", StringComparison.Ordinal) => IsHttp(value)
                ? null
                : $"{setting} must be an http or https URL, such as http://localhost:4318.",
            _ when setting.EndsWith("_HEADERS", StringComparison.Ordinal) => value.Split(',').All(IsHeader)
                ? null
                : $"{setting} must be name=value, with a comma between several, such as x-api-key=abc.",
            _ when setting.EndsWith("_PROTOCOL", StringComparison.Ordinal) => value
                is "grpc"
                    or TelemetryOptions.HttpProtobuf
                ? null
                : $"{setting} must be {TelemetryOptions.HttpProtobuf} or grpc.",
            "OTEL_METRIC_EXPORT_INTERVAL" => int.TryParse(value, CultureInfo.InvariantCulture, out var milliseconds)
            && milliseconds is >= 100 and <= 3_600_000
                ? null
                : $"{setting} must be a number of milliseconds from 100 to 3600000.",
            TelemetryOptions.SamplerKey => Samplers.Contains(value, StringComparer.Ordinal)
                ? null
                : $"{setting} must be one of {string.Join(", ", Samplers)}.",
            _ => double.TryParse(value, CultureInfo.InvariantCulture, out var share) && share is >= 0 and <= 1
                ? null
                : $"{setting} must be a number from 0 to 1.",
        };

    // The value is percent-encoded (W3C Baggage §3.3.1.3); a space around either is allowed.
    private static bool IsHeader(string text) =>
        text.Split('=', 2) is [var name, var value]
        && HeaderName().IsMatch(name.Trim())
        && value.Trim().Length > 0
        && value.All(c => c is >= ' ' and <= '~');

    // RFC 9110 §5.6.2.
    [GeneratedRegex("^[A-Za-z0-9!#$%&'*+.^_`|~-]+$")]
    private static partial Regex HeaderName();

    private static bool IsHttp(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps);
}

internal static class TelemetryOptionsModule
{
    public static void AddTelemetryOptions(this IServiceCollection services)
    {
        services
            .AddOptions<TelemetryOptions>()
            .Configure<IConfiguration>(
                (options, configuration) =>
                {
                    foreach (var name in TelemetryOptionsValidator.Names())
                    {
                        if (configuration[name] is { Length: > 0 } value)
                        {
                            options.Values[name] = value;
                        }
                    }
                }
            )
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<TelemetryOptions>, TelemetryOptionsValidator>();
    }
}
