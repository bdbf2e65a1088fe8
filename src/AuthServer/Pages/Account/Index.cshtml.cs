using AuthServer.Accounts;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace AuthServer.Pages.Account;

/// <summary>Who the person is here, and how they are logged in.</summary>
[Authorize]
internal sealed class IndexModel(SessionReader sessions, OwnAccount account) : PageModel
{
    public OwnAccountFacts? Facts { get; private set; }

    public LiveSession? Session { get; private set; }

    /// <summary>They may use the support desk.</summary>
    public bool IsSupport => Session?.StaffRole is StaffRole.Support or StaffRole.Administrator;

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        if (await sessions.CurrentAsync(HttpContext) is not { } session)
        {
            return Challenge(); // it ended between the check and now
        }

        (Session, Facts) = (session, await account.ReadAsync(session, cancellationToken));
        return Page();
    }
}
