using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace AuthServer.Mail.Letters;

/// <summary>
/// Writes a letter as HTML that mail programs understand: tables for the frame, styles on the elements, no pictures,
/// nothing fetched from anywhere. Every value goes through <see cref="Encode"/>.
/// </summary>
internal static class LetterHtml
{
    private const string Font = "font-family:Arial,Helvetica,sans-serif;";
    private const string Body =
        // Usernames and links may be long.
        Font + "font-size:19px;line-height:28px;color:#212b32;word-break:break-word;overflow-wrap:anywhere;";
    private const string Link = "color:#005eb8;word-break:break-word;overflow-wrap:anywhere;";

    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    public static string Render(Letter letter, LetterFrame frame)
    {
        var service = Encode(frame.Service);
        var html = new StringBuilder(
            $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light">
            <meta name="format-detection" content="telephone=no, date=no, address=no, email=no">
            <title>{Encode(letter.Subject)}</title>
            </head>
            <body style="margin:0;padding:0;background-color:#f0f4f5;">
            <table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="background-color:#f0f4f5;">
            <tr><td align="center">
            <table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:640px;background-color:#ffffff;text-align:left;">
            <tr><td style="{Font}background-color:#005eb8;color:#ffffff;font-size:22px;line-height:28px;font-weight:bold;padding:20px 24px;">{service}</td></tr>
            <tr><td style="{Body}padding:32px 24px 8px 24px;">
            {Paragraph(Encode(LetterText.Greeting(letter)))}

            """
        );
        foreach (var part in letter.Parts)
        {
            html.Append(Render(part)).Append('\n');
        }

        return html.Append(
                CultureInfo.InvariantCulture,
                $"""
                </td></tr>
                <tr><td style="{Body}padding:0 24px 32px 24px;">
                {Paragraph(Encode(frame.Service) + "<br>" + Anchor(frame.HelpLink, frame.HelpLabel))}
                <p style="{Font}margin:0;font-size:16px;line-height:24px;color:#4c6272;">{Encode(frame.Footnote)}</p>
                </td></tr>
                </table>
                </td></tr>
                </table>
                </body>
                </html>

                """
            )
            .ToString();
    }

    private static string Render(LetterPart part) =>
        part switch
        {
            LetterPart.Paragraph { Link: { } link } paragraph => Paragraph(
                $"{Line(paragraph.Text)} {Anchor(link, link)}"
            ),
            LetterPart.Paragraph paragraph => Paragraph(Line(paragraph.Text)),
            LetterPart.Heading heading =>
                $"""<h2 style="{Font}margin:0 0 12px 0;font-size:22px;line-height:28px;color:#212b32;">{Line(heading.Text)}</h2>""",
            LetterPart.Facts facts => Paragraph(string.Join("<br>", facts.All.Select(Fact))),
            LetterPart.Button button => Button(button),
            LetterPart.Bullets bullets =>
                $"""<ul style="margin:0 0 24px 0;padding:0 0 0 24px;">{string.Concat(bullets.All.Select(bullet => $"""<li style="margin:0 0 8px 0;">{Line(bullet)}</li>"""))}</ul>""",
            LetterPart.Quote quote =>
                $"""<blockquote style="margin:0 0 24px 0;padding:16px;border-left:8px solid #005eb8;background-color:#f0f4f5;">{string.Join("<br>", LetterText.Lines(quote.Text).Select(Encode))}</blockquote>""",
            _ => throw new InvalidOperationException($"There is no HTML for {part.GetType()}."),
        };

    private static string Button(LetterPart.Button button)
    {
        var (link, label) = (Encode(button.Link), Encode(button.Label));
        return $"""
            <table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:0 0 16px 0;"><tr><td style="background-color:#007f3b;border:2px solid #007f3b;border-radius:4px;">
            <a href="{link}" style="{Font}display:inline-block;padding:12px 20px;font-size:19px;line-height:28px;font-weight:bold;color:#ffffff;text-decoration:none;">{label}</a>
            </td></tr></table>
            {Paragraph(
                "Or copy this address into your browser:<br>" + Anchor(button.Link, button.Link),
                "font-size:16px;line-height:24px;"
            )}
            """;
    }

    private static string Fact(Fact fact) => $"{Encode(fact.Name)}: <strong>{Line(fact.Value)}</strong>";

    private static string Paragraph(string html, string style = "") =>
        $"""<p style="margin:0 0 24px 0;{style}">{html}</p>""";

    private static string Anchor(string link, string label) =>
        $"""<a href="{Encode(link)}" style="{Link}">{Encode(label)}</a>""";

    private static string Line(string value) => Encode(LetterText.OneLine(value));

    private static string Encode(string value) => Encoder.Encode(value);
}
