using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Xunit;

namespace TestSupport;

/// <summary>Reads HTML as a browser without JavaScript does.</summary>
public static partial class Html
{
    private static readonly HtmlParser Parser = new();

    public static IHtmlDocument Parse(string markup) => Parser.ParseDocument(markup);

    public static string Text(INode? node) => Spaces().Replace(node?.TextContent ?? "", " ").Trim();

    /// <summary>
    /// What a browser would send for a form: every named field with its value, those that antiforgery put there too.
    /// </summary>
    /// <param name="form">The form.</param>
    /// <param name="typed">What the person typed, by field name. A field that the form does not have fails the
    /// test.</param>
    /// <param name="button">The name of the button that is pressed, when it has one that matters.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> Fill(
        IHtmlFormElement form,
        IReadOnlyDictionary<string, string> typed,
        string? button = null
    )
    {
        foreach (var name in typed.Keys)
        {
            Assert.True(
                form.Elements.Any(element => element.GetAttribute("name") == name),
                $"The form has no field '{name}': {form.OuterHtml}"
            );
        }

        var fields = new List<KeyValuePair<string, string>>();
        var done = new HashSet<string>(StringComparer.Ordinal);
        foreach (var element in form.Elements)
        {
            if (element.GetAttribute("name") is not { Length: > 0 } name || element.HasAttribute("disabled"))
            {
                continue;
            }

            if (typed.TryGetValue(name, out var value))
            {
                if (done.Add(name))
                {
                    fields.Add(new(name, value));
                }
            }
            else if (ValueOf(element, button) is { } standing)
            {
                fields.Add(new(name, standing));
            }
        }

        return fields;
    }

    private static string? ValueOf(IElement element, string? button) =>
        element switch
        {
            IHtmlInputElement { Type: "checkbox" or "radio", IsChecked: false } => null,
            IHtmlInputElement { Type: "submit" or "button" or "image" or "reset" } input => input.Name == button
                ? input.Value
                : null,
            IHtmlButtonElement pressed => pressed.Name == button ? pressed.Value : null,
            IHtmlInputElement input => input.Value,
            IHtmlTextAreaElement area => area.Value,
            IHtmlSelectElement select => select.Value,
            _ => null,
        };

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
