using System.Text;
using System.Text.RegularExpressions;

namespace AuthServer.Mail.Transports;

/// <summary>
/// A message's plain text as GOV.UK Notify reads it: its Markdown makes headings, lists and links. Our own bullets and
/// quotes stay, and nothing that a person typed becomes a heading or a link.
/// </summary>
internal static partial class NotifyText
{
    public static string From(string text)
    {
        var notify = new StringBuilder();
        foreach (var line in text.Split('\n'))
        {
            notify.Append(Line(line.Trim())).Append('\n');
        }

        return notify.ToString().Trim();
    }

    private static string Line(string line) =>
        line switch
        {
            ['*', ' ', .. var bullet] => "* " + Words(bullet),
            ['>', ' ', .. var quote] => "^ " + Words(quote),
            ">" => "^",
            _ => LineStart().Replace(Words(line), "\\$1"),
        };

    // An address is left as it is: Notify makes a link of it.
    private static string Words(string text) =>
        string.Join(
            ' ',
            text.Split(' ')
                .Select(word =>
                    word.StartsWith("https://", StringComparison.Ordinal)
                    || word.StartsWith("http://", StringComparison.Ordinal)
                        ? word
                        : Special().Replace(word, "\\$0")
                )
        );

    [GeneratedRegex(@"[\\\[\]<>`]")]
    private static partial Regex Special();

    // "#" a heading, "^" a quote, "*", "-", "+" and "1." a list, "---" a line, "•" a bullet of Notify's own.
    [GeneratedRegex(@"^([#^*+\-_=•|~]|\d+(?=\.))")]
    private static partial Regex LineStart();
}
