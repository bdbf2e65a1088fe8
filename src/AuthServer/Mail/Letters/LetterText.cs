using System.Globalization;
using System.Text;

namespace AuthServer.Mail.Letters;

/// <summary>Writes a letter as plain text: a blank line between parts, lines as long as their sentences.</summary>
internal static class LetterText
{
    public static string Render(Letter letter, LetterFrame frame)
    {
        var text = new StringBuilder();
        text.Append(Greeting(letter)).Append("\n\n");
        foreach (var part in letter.Parts)
        {
            text.Append(Render(part)).Append("\n\n");
        }

        return text.Append(frame.Service)
            .Append('\n')
            .Append(frame.HelpLabel)
            .Append(": ")
            .Append(frame.HelpLink)
            .Append("\n\n")
            .Append(frame.Footnote)
            .Append('\n')
            .ToString();
    }

    /// <summary>
    /// A value on one line: what a person typed starts no paragraph of its own, and turns no text around.
    /// </summary>
    public static string OneLine(string value) =>
        string.Join(' ', Visible(value).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    public static string Greeting(Letter letter) => letter.Name is { } name ? $"Dear {OneLine(name)}," : "Hello,";

    /// <summary>The lines of somebody's words, without the empty ones at their ends.</summary>
    public static IReadOnlyList<string> Lines(string words) =>
        [.. words.ReplaceLineEndings("\n").Trim('\n', ' ').Split('\n').Select(line => Visible(line).TrimEnd())];

    private static string Render(LetterPart part) =>
        part switch
        {
            LetterPart.Paragraph { Link: { } link } paragraph => $"{OneLine(paragraph.Text)} {link}",
            LetterPart.Paragraph paragraph => OneLine(paragraph.Text),
            LetterPart.Heading heading => OneLine(heading.Text),
            LetterPart.Facts facts => string.Join(
                '\n',
                facts.All.Select(fact => $"{fact.Name}: {OneLine(fact.Value)}")
            ),
            LetterPart.Button button => $"{button.Label}:\n{button.Link}",
            LetterPart.Bullets bullets => string.Join('\n', bullets.All.Select(bullet => $"* {OneLine(bullet)}")),
            LetterPart.Quote quote => string.Join('\n', Lines(quote.Text).Select(line => $"> {line}".TrimEnd())),
            _ => throw new InvalidOperationException($"There is no text for {part.GetType()}."),
        };

    // Controls, and the marks that turn the direction of what follows.
    private static string Visible(string value) =>
        string.Concat(
            value.Where(c =>
                !(char.IsControl(c) && !char.IsWhiteSpace(c))
                && (char.GetUnicodeCategory(c) != UnicodeCategory.Format || c is '\u200D' or '\u00AD')
            )
        );
}

/// <summary>What every letter ends with.</summary>
/// <param name="Service">Who writes: the name on the envelope, again.</param>
/// <param name="HelpLabel">What the link to help says.</param>
/// <param name="HelpLink">Absolute.</param>
/// <param name="Footnote">Small print.</param>
internal sealed record LetterFrame(string Service, string HelpLabel, string HelpLink, string Footnote);
