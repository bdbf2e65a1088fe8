using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Recovery.Cases;
using Recovery.Cases.Claim;

namespace Recovery.Pages.SupportCase;

/// <summary>Says that a link was sent: the same words when it was not, because the address had enough.</summary>
internal sealed class CheckEmailModel(Drafts drafts, ProveAddress proof, IOptions<CaseOptions> options)
    : DraftPage(drafts, options)
{
    public IActionResult OnGet() => FormSteps.All[0].Answered(Draft.Evidence) ? Page() : Redirect(FormPaths.Check);

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken) =>
        !FormSteps.All[0].Answered(Draft.Evidence)
            ? Redirect(FormPaths.Check)
            : Redirect(await proof.SendAsync(Token, cancellationToken) ? FormPaths.CheckEmail : CasePaths.Start);
}
