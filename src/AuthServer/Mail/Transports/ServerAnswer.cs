using System.Text.RegularExpressions;

namespace AuthServer.Mail.Transports;

/// <summary>
/// What another server said, made fit for the trail: on one line, without addresses, and without what its reader need
/// not see.
/// </summary>
internal static partial class ServerAnswer
{
    public static string Scrub(string answer) => Address().Replace(Blank().Replace(answer, " "), "(address)").Trim();

    /// <summary>
    /// True for a permanent refusal of ourselves, not of the recipient or the message: we have to authenticate, or may
    /// not relay (RFC 4954 §6, X.7.Z of RFC 3463). An operator can mend that, so the message is kept.
    /// </summary>
    /// <param name="code">The reply code.</param>
    /// <param name="text">The reply without its code.</param>
    public static bool IsAboutUs(int code, string text) =>
        code is 530 or 535 or 538 || (code is 550 or 554 && text.StartsWith("5.7.", StringComparison.Ordinal));

    [GeneratedRegex(@"[\s\p{C}]+")]
    private static partial Regex Blank();

    [GeneratedRegex(@"<?[^\s<>()@,;:]+@[^\s<>()@,;:]+>?")]
    private static partial Regex Address();
}
