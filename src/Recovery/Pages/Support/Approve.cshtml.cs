using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Recovery.Cases.Desk;
using Recovery.Cases.Matching;
using Recovery.Ports;

namespace Recovery.Pages.Support;

/// <summary>Asks once more, with what will happen, and approves.</summary>
[Authorize(Policy = StaffIdentity.Policy)]
[TypeFilter<RecentLogInFilter>]
internal sealed class ApproveModel(
    DeskCases cases,
    DecideCase decisions,
    CaseSurroundings surroundings,
    EvidenceMatcher matcher,
    IHeldRecords held
) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string Reference { get; set; } = "";

    /// <summary>The account that the officer was shown: another one is another decision.</summary>
    [BindProperty]
    public Guid? Account { get; set; }

    public AccountReference? Shown { get; private set; }

    public string? NewEmail { get; private set; }

    public ApprovalStep? Step { get; private set; }

    /// <summary>How well what is stated fits the account.</summary>
    public MatchLevel Level { get; private set; }

    /// <summary>Addresses that are told.</summary>
    public int Told { get; private set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        var officer = Officer.Of(User);
        var (support, ended) = await cases.FindAsync(Reference, officer, cancellationToken);
        if (support is null)
        {
            return this.Answer(ended ?? new DeskOutcome.NotFound(), Reference, "");
        }

        if (
            support.AccountId is not { } id
            || !(await held.ReferencesAsync([id], cancellationToken)).TryGetValue(id, out var account)
        )
        {
            return Redirect(DeskPaths.Case(support.Reference));
        }

        (Shown, NewEmail, Account) = (account, support.NewEmail, id);
        Told = await surroundings.ToldAsync(support, id, cancellationToken);
        Level =
            await held.FindAsync(id, cancellationToken) is { } record && support.Evidence is { } stated
                ? matcher.Match(stated, support.NewEmail, record).Level
                : MatchLevel.Unlikely;
        Step = await decisions.StepAsync(support, id, officer, cancellationToken);
        return Step is ApprovalStep.Refused ? Redirect(DeskPaths.Case(support.Reference)) : Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (Account is not { } account)
        {
            return BadRequest();
        }

        var outcome = await decisions.ApproveAsync(Reference, account, Officer.Of(User), cancellationToken);

        // The case's page says why it cannot be approved by this person now.
        return outcome is DeskOutcome.Refused
            ? this.SeeOther(DeskPaths.Case(Reference))
            : this.Answer(outcome, Reference, "approved");
    }
}
