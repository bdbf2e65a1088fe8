using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Options;

namespace AuthServer.Hosting;

/// <summary>
/// Settings under <c>SecurityTxt</c>: how to report a vulnerability (RFC 9116). Default: there is no such file.
/// </summary>
public sealed class SecurityTxtOptions : IValidatableObject
{
    public const string Section = "SecurityTxt";

    /// <summary>Addresses to report to, the preferred one first: <c>mailto:</c>, <c>tel:</c> or https.</summary>
    public string[] Contact { get; set; } = [];

    /// <summary>
    /// When the file is out of date, such as 2027-06-30T00:00:00Z. RFC 9116 §2.5.5 recommends less than a year ahead.
    /// </summary>
    public DateTimeOffset? Expires { get; set; }

    /// <summary>Languages that reports may be in, such as "en, cy". Default en.</summary>
    [RegularExpression(
        "[A-Za-z0-9-]+( *, *[A-Za-z0-9-]+)*",
        ErrorMessage = "SecurityTxt:PreferredLanguages must be language tags with commas between them, such as en, cy."
    )]
    public string PreferredLanguages { get; set; } = "en";

    /// <summary>An https address: the vulnerability disclosure policy.</summary>
    public string? Policy { get; set; }

    /// <summary>An https address: thanks to those who reported.</summary>
    public string? Acknowledgments { get; set; }

    /// <summary>Where the key to encrypt reports is: https, <c>dns:</c> or <c>openpgp4fpr:</c>.</summary>
    public string? Encryption { get; set; }

    internal bool IsSet => Contact.Length > 0;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Contact.Length == 0 && (Expires, Policy, Acknowledgments, Encryption) is not (null, null, null, null))
        {
            yield return new ValidationResult(
                "SecurityTxt:Contact:0 is missing: set it to an address such as mailto:security@example.nhs.uk."
            );
        }

        if (Contact.Length > 0 && Expires is null)
        {
            yield return new ValidationResult(
                "SecurityTxt:Expires is missing: set it to a date less than a year ahead, such as 2027-06-30T00:00:00Z."
            );
        }

        for (var i = 0; i < Contact.Length; i++)
        {
            if (!IsAddress(Contact[i], "mailto", "tel", "https"))
            {
                yield return new ValidationResult(
                    $"SecurityTxt:Contact:{i} must be an address that begins with mailto:, tel: or https:."
                );
            }
        }

        foreach (var (key, value) in new[] { (nameof(Policy), Policy), (nameof(Acknowledgments), Acknowledgments) })
        {
            if (value is not null && !IsAddress(value, "https"))
            {
                yield return new ValidationResult($"SecurityTxt:{key} must be an https address.");
            }
        }

        if (Encryption is not null && !IsAddress(Encryption, "https", "dns", "openpgp4fpr"))
        {
            yield return new ValidationResult(
                "SecurityTxt:Encryption must be an address that begins with https:, dns: or openpgp4fpr:."
            );
        }
    }

    private static bool IsAddress(string value, params string[] schemes) =>
        Uri.TryCreate(value, UriKind.Absolute, out var uri)
        && schemes.Contains(uri.Scheme)
        && !value.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || !char.IsAscii(c));
}

[OptionsValidator]
internal sealed partial class SecurityTxtOptionsValidator : IValidateOptions<SecurityTxtOptions>;

/// <summary><c>/.well-known/security.txt</c>, where it is set; 404 where it is not.</summary>
internal static partial class SecurityTxt
{
    private const string Path = "/.well-known/security.txt";

    public static void AddSecurityTxt(this WebApplicationBuilder builder)
    {
        builder
            .Services.AddOptions<SecurityTxtOptions>()
            .BindConfiguration(SecurityTxtOptions.Section)
            .ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<SecurityTxtOptions>, SecurityTxtOptionsValidator>();
    }

    public static void MapSecurityTxt(this WebApplication app)
    {
        app.MapMethods(
            Path,
            ["GET", "HEAD"],
            (IOptions<SecurityTxtOptions> options) =>
                options.Value.IsSet
                    ? Results.Text(Write(options.Value, app.Configuration["Issuer"]), "text/plain", Encoding.UTF8)
                    : Results.NotFound()
        );
        app.Lifetime.ApplicationStarted.Register(() =>
        {
            if (
                app.Services.GetRequiredService<IOptions<SecurityTxtOptions>>().Value.Expires is { } expires
                && expires <= app.Services.GetRequiredService<TimeProvider>().GetUtcNow()
            )
            {
                IsOld(app.Logger);
            }
        });
    }

    private static string Write(SecurityTxtOptions options, string? issuer)
    {
        var lines = new List<string>();
        lines.AddRange(options.Contact.Select(address => $"Contact: {address}"));
        lines.Add(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Expires: {options.Expires?.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}"
            )
        );
        lines.Add($"Preferred-Languages: {options.PreferredLanguages}");
        if (issuer?.StartsWith("https:", StringComparison.OrdinalIgnoreCase) is true)
        {
            lines.Add($"Canonical: {issuer}{Path}");
        }

        (string Field, string? Value)[] more =
        [
            ("Policy", options.Policy),
            ("Acknowledgments", options.Acknowledgments),
            ("Encryption", options.Encryption),
        ];
        lines.AddRange(more.Where(field => field.Value is not null).Select(field => $"{field.Field}: {field.Value}"));
        return string.Join('\n', lines) + "\n";
    }

    [LoggerMessage(
        1013,
        LogLevel.Warning,
        "SecurityTxt:Expires is in the past: check the contacts in /.well-known/security.txt and set a new date."
    )]
    private static partial void IsOld(ILogger logger);
}
