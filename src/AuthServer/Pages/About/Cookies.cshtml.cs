using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace AuthServer.Pages.About;

/// <summary>Says which cookies the program sets, and what for (PECR 2003 regulation 6).</summary>
internal sealed class CookiesModel(CookieList list) : PageModel
{
    /// <summary>The journey the person is on, handed on from link to link.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Ticket { get; set; }

    public IEnumerable<SetCookie> Cookies => list.Of(Request);
}
