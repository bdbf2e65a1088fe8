using System.Text.RegularExpressions;
using AngleSharp.Html.Dom;
using AuthServer.Mail;
using MimeKit;
using Xunit;

namespace TestSupport.Mail;

/// <summary>A message as its reader has it.</summary>
/// <param name="From">Name and address.</param>
/// <param name="To">Name and address.</param>
/// <param name="Headers">Decoded, by name.</param>
public sealed partial record ReceivedMail(
    string From,
    string To,
    string Subject,
    string Text,
    string Html,
    string MessageId,
    IReadOnlyDictionary<string, string> Headers
)
{
    internal static ReceivedMail Read(MimeMessage message) =>
        new(
            message.From.Mailboxes.Single().Shown(),
            message.To.Mailboxes.Single().Shown(),
            message.Subject ?? "",
            (message.TextBody ?? "").ReplaceLineEndings("\n"),
            (message.HtmlBody ?? "").ReplaceLineEndings("\n"),
            message.Headers[HeaderId.MessageId] ?? "",
            message
                .Headers.Concat(message.Body?.Headers ?? [])
                .ToDictionary(header => header.Field, header => header.Value, StringComparer.OrdinalIgnoreCase)
        );

    /// <summary>Every address in the text, in order, each once.</summary>
    public IReadOnlyList<string> Links => [.. Address().Matches(Text).Select(match => match.Value).Distinct()];

    /// <summary>The HTML as a mail program shows it.</summary>
    public IHtmlDocument Document => TestSupport.Html.Parse(Html);

    /// <summary>
    /// The one address in the text that holds <paramref name="path"/>; the test fails when there is none or more than
    /// one.
    /// </summary>
    public string Link(string path) => Assert.Single(Links, link => link.Contains(path, StringComparison.Ordinal));

    public bool IsTo(string address) =>
        To == address
        || To.EndsWith($"<{address}>", StringComparison.OrdinalIgnoreCase)
        || string.Equals(To, address, StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"https?://\S+")]
    private static partial Regex Address();
}
