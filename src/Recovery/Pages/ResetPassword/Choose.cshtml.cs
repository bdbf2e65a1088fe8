using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Recovery.Ports;
using Recovery.ResetLinks;

namespace Recovery.Pages.ResetPassword;

/// <summary>
/// Where a link leads. Opening it shows the page and spends nothing, because mail scanners open links; only sending the
/// form spends it. From here on the token travels in the form, not in the address. A password that was chosen logs its
/// owner in, whoever was logged in in this browser before, and leads on to the app that they came from.
/// </summary>
internal sealed class ChooseModel(
    LinkReader reader,
    LinkRedeemer redeemer,
    SayStrength strength,
    LeadBack back,
    IRecoveryHost host,
    IRecoverySessions sessions
) : PageModel
{
    /// <summary>The secret of the link: in the address when it is opened, in the form when it is sent.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Token { get; set; }

    [BindProperty]
    [Display(
        Name = "New password",
        Description = "Use 12 characters or more. 3 or 4 words that do not belong together are easy to remember"
    )]
    [Required(ErrorMessage = "Enter a new password")]
    [UIHint("NhsPassword")]
    public string? NewPassword { get; set; }

    public LinkState State { get; private set; } = new LinkState.Dead(LinkDeath.Unknown, null, null);

    /// <summary>Where a page with a dead link leads.</summary>
    public WayOn? Way { get; private set; }

    /// <summary>The username of another person who is logged in in this browser, or null.</summary>
    public string? SomebodyElse { get; private set; }

    /// <summary>Leads back to the app that the person came from; null when none is known.</summary>
    public string? Ticket { get; private set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken) =>
        await ShowAsync(await reader.OpenAsync(Token, cancellationToken), StatusCodes.Status200OK, cancellationToken);

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (!ModelState.IsValid || NewPassword is null)
        {
            return await ShowAsync(
                await reader.ReadAsync(Token, cancellationToken),
                StatusCodes.Status200OK,
                cancellationToken
            );
        }

        switch (await redeemer.RedeemAsync(Token, NewPassword, host.VisitOf(HttpContext).Browser, cancellationToken))
        {
            case Redemption.Done done:
                Response.Headers.Location = await LogInAsync(done);
                return new StatusCodeResult(StatusCodes.Status303SeeOther);
            case Redemption.Refused refused:
                foreach (var reason in refused.Reasons)
                {
                    ModelState.AddModelError(nameof(NewPassword), reason.TrimEnd('.')); // as all errors on a page end
                }

                return await ShowAsync(
                    await reader.ReadAsync(Token, cancellationToken),
                    StatusCodes.Status200OK,
                    cancellationToken
                );
            case Redemption.Dead dead:
                ModelState.Clear();
                return await ShowAsync(dead.State, StatusCodes.Status200OK, cancellationToken);
            case Redemption.Busy busy:
                Response.Headers.RetryAfter = Math.Ceiling(busy.RetryAfter.TotalSeconds)
                    .ToString(CultureInfo.InvariantCulture);
                ModelState.AddModelError(
                    nameof(NewPassword),
                    "Many people are logging in at the moment. Wait a few seconds, then enter your new password again"
                );
                return await ShowAsync(
                    await reader.ReadAsync(Token, cancellationToken),
                    StatusCodes.Status503ServiceUnavailable,
                    cancellationToken
                );
            default:
                throw new InvalidOperationException(
                    "There is a new way for a link to be spent, and this page does not know it."
                );
        }
    }

    /// <summary>
    /// Says how strong what has been typed so far is. Nothing is kept, and only who has a link that works is told.
    /// </summary>
    public async Task<IActionResult> OnPostStrengthAsync(CancellationToken cancellationToken) =>
        await strength.SayAsync(Token, NewPassword ?? "", cancellationToken) switch
        {
            Strength.Said said => new JsonResult(new { score = said.Score, message = said.Message }),
            Strength.TooOften => StatusCode(StatusCodes.Status429TooManyRequests),
            _ => StatusCode(StatusCodes.Status410Gone),
        };

    /// <summary>The link is spent, so this finishes even when the browser goes away.</summary>
    /// <returns>Where the person goes on: the app, or the page that says what has been done.</returns>
    private async Task<string> LogInAsync(Redemption.Done done)
    {
        var loggedIn = await sessions.LogInAsync(
            HttpContext,
            done.Link.AccountId,
            done.SecurityStamp,
            CancellationToken.None
        );
        return (loggedIn ? await back.IntoAppAsync(done.Link, CancellationToken.None) : null)
            ?? RecoveryPaths.With(
                RecoveryPaths.ResetPasswordDone,
                ("link", done.Link.Id.ToString("N")),
                ("first", done.IsFirst ? "true" : null)
            );
    }

    private async Task<IActionResult> ShowAsync(LinkState state, int status, CancellationToken cancellationToken)
    {
        State = state;
        Ticket = back.TicketOf(LinkOf(state));
        SomebodyElse =
            await sessions.CurrentAsync(HttpContext) is { } person
            && LinkOf(state) is { } link
            && person.AccountId != link.AccountId
                ? person.Username
                : null;
        var page = Page();
        page.StatusCode = status;
        if (state is LinkState.Dead dead)
        {
            Way = await back.FindAsync(dead.Link, cancellationToken);
            page.StatusCode = dead.Why == LinkDeath.Unknown ? StatusCodes.Status404NotFound : StatusCodes.Status410Gone;
            ModelState.Clear();
        }

        return page;
    }

    private static ResetLink? LinkOf(LinkState state) =>
        state switch
        {
            LinkState.Live live => live.Link,
            LinkState.Dead dead => dead.Link,
            _ => null,
        };
}
