using System.Text.RegularExpressions;

namespace AuthServer.Mail.Transports;

/// <summary>
/// What another server said, made fit for the trail: on one line, without addresses, and without what its reader need
/// not see.
/// </summary>
internal static partial class ServerAnswer
{
    public static string Scrub(string answer) => Address().Replace(Blank().Replace(answer, " "), "(address)").Trim();

    [GeneratedRegex(@"[\s\p{C}]+")]
    private static partial Regex Blank();

    [GeneratedRegex(@"<?[^\s<>()@,;:]+@[^\s<>()@,;:]+>?")]
    private static partial Regex Address();
}
