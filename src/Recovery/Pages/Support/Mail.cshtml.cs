using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Recovery.Cases.Desk;
using Recovery.Ports;

namespace Recovery.Pages.Support;

/// <summary>Messages that were refused for good or given up, to be sent again.</summary>
[Authorize(Policy = StaffIdentity.Policy)]
internal sealed class MailModel(DeskMail mail) : PageModel
{
    [BindProperty(SupportsGet = true, Name = "p")]
    public string? At { get; set; }

    /// <summary>What was just done: <c>resent</c> or <c>overtaken</c>.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Done { get; set; }

    public UndeliveredPage Messages { get; private set; } = new([], 1, false);

    public async Task OnGetAsync(CancellationToken cancellationToken) =>
        Messages = await mail.UndeliveredAsync(
            int.TryParse(At, out var page) ? Math.Clamp(page, 1, 1_000_000) : 1,
            Officer.Of(User),
            cancellationToken
        );

    public async Task<IActionResult> OnPostAsync(Guid message, CancellationToken cancellationToken) =>
        await mail.ResendAsync(message, Officer.Of(User), cancellationToken) switch
        {
            DeskOutcome.Done => this.SeeOther($"{DeskPaths.Mail}?done=resent"),
            DeskOutcome.Overtaken => this.SeeOther($"{DeskPaths.Mail}?done=overtaken"),
            DeskOutcome.Barred => StatusCode(StatusCodes.Status403Forbidden),
            _ => NotFound(),
        };
}
