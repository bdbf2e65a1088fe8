using System.Net;
using System.Text.Json;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Xunit;

namespace TestSupport;

/// <summary>What the server answered to one request of a <see cref="TestBrowser"/>.</summary>
public sealed record Page(Uri Url, HttpStatusCode Status, IReadOnlyDictionary<string, string> Headers, string Body)
{
    private IHtmlDocument? _document;

    /// <summary>Where a redirect leads, made absolute; null when this is none.</summary>
    public Uri? Location => Headers.TryGetValue("Location", out var location) ? new Uri(Url, location) : null;

    public IHtmlDocument Document => _document ??= Html.Parse(Body);

    /// <summary>The body as JSON.</summary>
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Body);

    public string? Heading => Document.QuerySelector("h1")?.TextContent.Trim();

    /// <summary>What a person reads on it, with runs of white space made one space.</summary>
    public string Text => Html.Text(Document.Body);

    /// <summary>
    /// The one element that <paramref name="selector"/> finds; the test fails when there is none or more than one.
    /// </summary>
    public IElement One(string selector) => Assert.Single(Document.QuerySelectorAll(selector));

    public IReadOnlyList<IElement> All(string selector) => [.. Document.QuerySelectorAll(selector)];

    /// <summary>This page, once it is sure to be a 200.</summary>
    public Page Ok()
    {
        Assert.True(Status == HttpStatusCode.OK, $"{Url} answered {(int)Status}, not 200: {Body}");
        return this;
    }

    public override string ToString() => $"{(int)Status} {Url} {Location}\n{Body}";
}
