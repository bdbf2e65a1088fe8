using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Recovery.Cases;
using Recovery.Cases.Claim;

namespace Recovery.Pages.SupportCase;

/// <summary>The list of tasks: what was answered, and where to go on.</summary>
internal sealed class FormModel(Drafts drafts, IOptions<CaseOptions> options) : DraftPage(drafts, options)
{
    /// <summary>Come back later.</summary>
    public Task<IActionResult> OnPostAsync(CancellationToken cancellationToken) => GoOnAsync(cancellationToken);
}
