using System.Net;
using System.Text.RegularExpressions;

namespace Driver;

/// <summary>One form of an HTML page, read with regular expressions: enough for login and consent pages.</summary>
internal sealed partial class HtmlForm
{
    public string Action { get; private init; } = "";
    public bool Post { get; private init; }
    private readonly List<(string Name, string Value, string Type, bool Checked)> _inputs = [];

    /// <summary>The page's form with a password input, else its first form, else null.</summary>
    public static HtmlForm? Find(string html)
    {
        var forms = FormTag().Matches(html).Select(m => Parse(m.Groups[1].Value, m.Groups[2].Value)).ToList();
        return forms.Find(f => f._inputs.Exists(i => i.Type == "password")) ?? forms.FirstOrDefault();
    }

    private static HtmlForm Parse(string tag, string inner)
    {
        var attributes = Attributes(tag);
        var form = new HtmlForm
        {
            Action = attributes.GetValueOrDefault("action", ""),
            Post = attributes.GetValueOrDefault("method", "get").Equals("post", StringComparison.OrdinalIgnoreCase),
        };
        foreach (Match m in InputTag().Matches(inner))
        {
            var a = Attributes(m.Groups[2].Value);
            var button = m.Groups[1].Value.Equals("button", StringComparison.OrdinalIgnoreCase);
            form._inputs.Add(
                (
                    a.GetValueOrDefault("name", ""),
                    a.GetValueOrDefault("value", ""),
                    a.GetValueOrDefault("type", button ? "submit" : "text").ToLowerInvariant(),
                    a.ContainsKey("checked")
                )
            );
        }
        return form;
    }

    public List<KeyValuePair<string, string>> Fill(Dictionary<string, string> fields)
    {
        var result = new List<KeyValuePair<string, string>>();
        foreach (
            var i in _inputs.Where(i =>
                i.Name.Length > 0 && i.Type is not ("submit" or "button" or "image" or "reset" or "file")
            )
        )
        {
            if (fields.TryGetValue(i.Name, out var given) && i.Type != "hidden")
            {
                result.Add(new(i.Name, given));
            }
            else if (i.Type is not ("checkbox" or "radio") || i.Checked)
            {
                result.Add(new(i.Name, i.Value.Length == 0 && i.Checked ? "on" : i.Value));
            }
        }
        var pressed = _inputs.Find(i => i.Type is "submit" or "image");
        if (!string.IsNullOrEmpty(pressed.Name))
        {
            result.Add(new(pressed.Name, pressed.Value));
        }

        return result;
    }

    private static Dictionary<string, string> Attributes(string tag)
    {
        var result = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (Match m in Attribute().Matches(tag))
        {
            result[m.Groups[1].Value] = WebUtility.HtmlDecode(
                m.Groups[2].Success ? m.Groups[2].Value
                : m.Groups[3].Success ? m.Groups[3].Value
                : m.Groups[4].Value
            );
        }

        return result;
    }

    [GeneratedRegex("<form\\b([^>]*)>(.*?)</form>", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex FormTag();

    [GeneratedRegex("<(input|button)\\b([^>]*)>", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex InputTag();

    [GeneratedRegex("([\\w:.-]+)(?:\\s*=\\s*(?:\"([^\"]*)\"|'([^']*)'|([^\\s\"'>]+)))?", RegexOptions.Singleline)]
    private static partial Regex Attribute();
}
