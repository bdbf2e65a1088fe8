using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;
using Recovery.Cases;
using Recovery.Cases.Claim;

namespace Recovery.Pages.SupportCase;

/// <summary>
/// A page of the form. It is shown to whoever has the form in this browser, and leads everybody else to the start.
/// </summary>
internal abstract class DraftPage(Drafts drafts, IOptions<CaseOptions> options) : PageModel
{
    private string? _token;
    private FoundDraft.Live? _draft;

    /// <summary>The form as it stands.</summary>
    public FoundDraft.Live Draft => _draft ?? throw new InvalidOperationException("The page runs without a form.");

    protected string Token => _token ?? throw new InvalidOperationException("The page runs without a form.");

    protected Drafts Drafts => drafts;

    /// <summary>Set when the person came from the list of answers, and goes back there.</summary>
    private bool Changing => Request.Query.ContainsKey("change");

    public override async Task OnPageHandlerExecutionAsync(
        PageHandlerExecutingContext context,
        PageHandlerExecutionDelegate next
    )
    {
        _token = DraftCookie.Read(Request);
        _draft = await drafts.FindAsync(_token, HttpContext.RequestAborted) as FoundDraft.Live;
        if (_draft is null)
        {
            context.Result = Redirect(CasePaths.Start); // which says what became of it
            return;
        }

        ViewData["Ticket"] = _draft.Ticket;
        await next();
    }

    /// <summary>Keeps an answer if nothing is wrong with it, and goes on.</summary>
    protected async Task<IActionResult> KeepAsync(
        Func<CaseEvidence, CaseEvidence> answer,
        CancellationToken cancellationToken
    )
    {
        if (!ModelState.IsValid)
        {
            return Page();
        }

        if (!await drafts.AnswerAsync(Token, answer, cancellationToken))
        {
            return Redirect(CasePaths.Start);
        }

        return await GoOnAsync(cancellationToken);
    }

    /// <summary>The way on after something was kept.</summary>
    protected async Task<IActionResult> GoOnAsync(CancellationToken cancellationToken)
    {
        RenewCookie();
        if (Request.Form.ContainsKey("later"))
        {
            await drafts.SendResumeLinkAsync(Token, cancellationToken);
            return Redirect(FormPaths.Saved);
        }

        return Redirect(Changing ? FormPaths.Check : FormSteps.After(Request.Path));
    }

    private void RenewCookie() => DraftCookie.Write(HttpContext, Token, options.Value.DraftLifetime);
}
