using Microsoft.AspNetCore.Html;

namespace AuthServer.Pages.Shared;

/// <summary>
/// The logo's outline, for the header to hold inside the page, where it takes the header's colour. The build brings it
/// with NHS.UK frontend, so it is read once and not committed.
/// </summary>
internal sealed class NhsLogo(IWebHostEnvironment environment)
{
    public IHtmlContent Outline { get; } = new HtmlString(Read(environment));

    private static string Read(IWebHostEnvironment environment)
    {
        using var stream = environment.WebRootFileProvider.GetFileInfo("nhsuk/logo.svg").CreateReadStream();
        using var reader = new StreamReader(stream);
        var svg = reader.ReadToEnd();
        var start = svg.IndexOf("<path", StringComparison.Ordinal);
        return svg[start..svg.IndexOf("</svg>", StringComparison.Ordinal)];
    }
}
