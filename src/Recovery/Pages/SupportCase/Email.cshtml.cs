using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;
using Recovery.Cases;
using Recovery.Cases.Claim;
using Recovery.Ports;

namespace Recovery.Pages.SupportCase;

/// <summary>
/// The address to write to: the first question, which begins the form, or changes it in a form that was begun.
/// </summary>
internal sealed class EmailModel(
    Drafts drafts,
    IAccountAddresses addresses,
    IRecoveryHost host,
    IOptions<CaseOptions> options
) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? Ticket { get; set; }

    [BindProperty]
    [Display(Name = "Email address")]
    [DataType(DataType.EmailAddress)]
    [UIHint("NhsText")]
    public string? Email { get; set; }

    /// <summary>True when this browser has a form already.</summary>
    public bool Begun { get; private set; }

    /// <summary>Set when too many forms were begun from this network.</summary>
    public TimeSpan? TooMany { get; private set; }

    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        if (await drafts.FindAsync(DraftCookie.Read(Request), cancellationToken) is FoundDraft.Live live)
        {
            (Begun, Email, Ticket) = (true, live.Email, Ticket ?? live.Ticket);
        }
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        var email = Typed.Line(Email);
        if (email is null)
        {
            ModelState.AddModelError(nameof(Email), "Enter your email address");
            return Page();
        }

        email = addresses.Problem(email) is null ? email : addresses.Clean(email);
        if (addresses.Problem(email) is { } problem)
        {
            ModelState.AddModelError(nameof(Email), problem.TrimEnd('.'));
            return Page();
        }

        if (DraftCookie.Read(Request) is { } token && await drafts.ChangeAddressAsync(token, email, cancellationToken))
        {
            return Redirect(Request.Query.ContainsKey("change") ? FormPaths.Check : FormPaths.Tasks);
        }

        switch (await drafts.BeginAsync(email, host.VisitOf(HttpContext), host.ClientOf(Ticket), cancellationToken))
        {
            case DraftBegun.Begun begun:
                DraftCookie.Write(HttpContext, begun.Token, options.Value.DraftLifetime);
                return Redirect(FormPaths.Tasks);
            case DraftBegun.TooMany { Wait: var wait }:
                TooMany = wait;
                Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
                return new PageResult { StatusCode = StatusCodes.Status429TooManyRequests };
            default:
                throw new InvalidOperationException(
                    "There is a new way for a form to begin, and this page does not know it."
                );
        }
    }
}
