using AuthServer.Demo;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;

namespace AuthServer.Pages;

/// <summary>
/// The front door: what this is, for a person who came without an app. A developer who has just started the server is
/// led to the demo.
/// </summary>
internal sealed class IndexModel(IOptions<DemoOptions> demo) : PageModel
{
    public IActionResult OnGet() =>
        demo.Value.Demo ? Redirect(Links.Demo)
        : User.Identity?.IsAuthenticated == true ? Redirect(Links.Account)
        : Page();
}
