using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;
using Recovery.Ports;
using Recovery.Requests;

namespace Recovery.Pages.ForgottenDetails;

/// <summary>
/// The one answer: the same words for everybody, so that nobody can search for people here. What was typed is shown as
/// it was typed, because a wrong letter in it is why many wait for an email in vain.
/// </summary>
internal sealed class SentModel(
    AskForDetails ask,
    IRecoveryApps apps,
    IRecoveryHost host,
    IAccountAddresses addresses,
    IOptions<RecoveryOptions> options
) : PageModel
{
    /// <summary>The value of <see cref="By"/> when a username was typed.</summary>
    public const string ByUsername = "username";

    [BindProperty(SupportsGet = true)]
    public string? Ticket { get; set; }

    /// <summary>What was typed, sealed by the host.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Typed { get; set; }

    /// <summary>Which question it answers: an email address when this is null.</summary>
    [BindProperty(SupportsGet = true)]
    public string? By { get; set; }

    /// <summary>True when the person has just asked for another email.</summary>
    [BindProperty(SupportsGet = true)]
    public bool Again { get; set; }

    /// <summary>What was typed; null when it is not known (any more).</summary>
    public string? Shown => host.Carried(Typed);

    public bool IsUsername => By == ByUsername;

    public TimeSpan LinkLifetime => options.Value.ResetLinkLifetime;

    public string ChangePath =>
        RecoveryPaths.With(
            IsUsername ? RecoveryPaths.ForgottenDetailsByUsername : RecoveryPaths.ForgottenDetails,
            ("ticket", Ticket),
            ("typed", Typed)
        );

    /// <summary>The log-in page, with what was typed in its first field.</summary>
    public string LogInPath => apps.LogInPath(Ticket, Typed);

    /// <summary>Sends it again, within the same limits as the first request.</summary>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        // It is too old, or was typed on the log-in page and is no address: it has to be typed once more.
        if (Shown is not { } typed || (!IsUsername && addresses.Problem(addresses.Clean(typed)) is not null))
        {
            return Redirect(ChangePath);
        }

        await ask.AskAsync(
            IsUsername ? typed : addresses.Clean(typed),
            IsUsername,
            Ticket,
            host.VisitOf(HttpContext),
            cancellationToken
        );
        return Redirect(
            RecoveryPaths.With(
                RecoveryPaths.ForgottenDetailsSent,
                ("ticket", Ticket),
                ("typed", Typed),
                ("by", By),
                ("again", "true")
            )
        );
    }
}
