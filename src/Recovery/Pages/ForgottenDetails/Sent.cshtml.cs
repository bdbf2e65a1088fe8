using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;
using Recovery.Ports;

namespace Recovery.Pages.ForgottenDetails;

/// <summary>The one answer: the same words for everybody, so that nobody can search for people here.</summary>
internal sealed class SentModel(IRecoveryApps apps, IOptions<RecoveryOptions> options) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? Ticket { get; set; }

    public TimeSpan LinkLifetime => options.Value.ResetLinkLifetime;

    public string LogInPath => apps.LogInPath(Ticket);
}
