using System.Globalization;
using System.Text.RegularExpressions;

namespace AuthServer.Accounts;

/// <summary>
/// What the values of OIDC Core §5.1 claims must look like when an account gets them. Each returns a problem or null.
/// </summary>
internal static partial class ClaimRules
{
    /// <summary>Characters; longer names and addresses are mistakes in a file.</summary>
    private const int LongestText = 255;

    private const int LongestUrl = 2_000;

    public static string? Text(string value)
    {
        if (value.Any(c => char.IsControl(c) && c is not ('\r' or '\n' or '\t')))
        {
            return "has a control character in it";
        }

        if (value.Contains('\uFFFD', StringComparison.Ordinal))
        {
            return "has a character in it that is not UTF-8";
        }

        return value.Length > LongestText ? $"must be {LongestText} characters or fewer" : null;
    }

    public static string? Url(string value) =>
        value.Length <= LongestUrl
        && Uri.TryCreate(value, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
        && uri.UserInfo.Length == 0
            ? null
            : "must be a whole https:// or http:// address";

    /// <summary>YYYY-MM-DD, 0000-MM-DD (the year is not given) or YYYY.</summary>
    public static string? Birthdate(string value)
    {
        // A leap year stands in for the year that is not given.
        var date = value.StartsWith("0000-", StringComparison.Ordinal) ? "2000" + value[4..] : value;
        return
            DateOnly.TryParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
            || (Year().IsMatch(value) && value != "0000")
            ? null
            : "must be YYYY-MM-DD, 0000-MM-DD or YYYY";
    }

    public static string? TimeZone(string value) =>
        IanaZone().IsMatch(value) ? null : "must be an IANA time zone such as Europe/London";

    /// <summary>
    /// RFC 5646 language, script, region and variants; a well-formed tag, not necessarily a registered one.
    /// </summary>
    public static string? Locale(string value) =>
        LanguageTag().IsMatch(value) ? null : "must be a language tag such as en-GB";

    /// <summary>E.164 with what people write between the digits, and RFC 3966's extension.</summary>
    public static string? PhoneNumber(string value) =>
        Phone().IsMatch(value) && value.Count(char.IsAsciiDigit) is >= 3 and <= 25
            ? null
            : "must be a telephone number such as +44 20 7946 0000";

    public static string? Role(string value) =>
        RoleName().IsMatch(value) ? null : "must be words such as trainee;supervisor";

    [GeneratedRegex("^[0-9]{4}$")]
    private static partial Regex Year();

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9][A-Za-z0-9_+-]*){0,2}$")]
    private static partial Regex IanaZone();

    [GeneratedRegex(
        "^[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?(-([A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*$"
    )]
    private static partial Regex LanguageTag();

    [GeneratedRegex(@"^\+?[0-9(][0-9 ().-]*[0-9)](;ext=[0-9]{1,10})?$")]
    private static partial Regex Phone();

    [GeneratedRegex("^[a-z][a-z0-9-]{0,49}$")]
    private static partial Regex RoleName();
}
