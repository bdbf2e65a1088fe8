using System.Text.RegularExpressions;
using AuthServer.Mail;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace AuthServer.Pages.Dev;

/// <summary>
/// What was sent, in Development: the list, and each message as text and as HTML. Elsewhere there is no such page.
/// </summary>
internal sealed partial class MailboxModel(MailFolder folder, IHostEnvironment environment) : PageModel
{
    /// <summary>As many as fit on a page that anybody reads.</summary>
    private const int Most = 100;

    /// <summary>
    /// What a message's HTML may do: have styles, and links that open in the whole window. It fetches and runs nothing.
    /// </summary>
    private const string MessagePolicy =
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox allow-top-navigation-by-user-activation";

    public bool IsKept => folder.IsUsed;

    public IReadOnlyList<KeptMail> All { get; private set; } = [];

    /// <summary>Null: the list is shown.</summary>
    public KeptMail? Shown { get; private set; }

    public override void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        if (!environment.IsDevelopment())
        {
            context.Result = NotFound();
        }
    }

    public IActionResult OnGet(string? name)
    {
        if (name is null)
        {
            All = IsKept ? folder.List(Most) : [];
            return Page();
        }

        Shown = IsKept ? folder.Find(name) : null;
        PageHeaders.AllowOwnFrames(Response);
        return Shown is null ? NotFound() : Page();
    }

    /// <summary>The message's HTML, for the frame on its page.</summary>
    public IActionResult OnGetHtml(string name)
    {
        if (!IsKept || folder.Find(name) is not { } kept)
        {
            return NotFound();
        }

        Response.Headers.ContentSecurityPolicy = MessagePolicy;
        Response.Headers.XFrameOptions = "SAMEORIGIN";
        return Content(
            kept.Html.Replace("<head>", "<head><base target=\"_top\">", StringComparison.Ordinal),
            "text/html; charset=utf-8"
        );
    }

    /// <summary>Text cut where an address begins or ends.</summary>
    public static IEnumerable<(string Text, bool IsLink)> Pieces(string text) =>
        Address().Split(text).Select(piece => (piece, Address().IsMatch(piece)));

    [GeneratedRegex(@"(https?://\S+)")]
    private static partial Regex Address();
}
