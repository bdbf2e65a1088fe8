using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;
using Recovery.Cases;
using Recovery.Cases.Claim;
using Recovery.Ports;

namespace Recovery.Pages.SupportCase;

/// <summary>A question of staff, and the box for its answer.</summary>
internal sealed class AnswerModel(AnswerQuestion questions, IRecoveryHost host, IOptions<CaseOptions> options)
    : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string Token { get; set; } = "";

    [BindProperty]
    [Display(Name = "Your answer", Description = "Do not tell us a password")]
    [StringLength(4000, ErrorMessage = "Your answer must be 4,000 characters or fewer")]
    [UIHint("NhsTextarea")]
    public string? Answer { get; set; }

    public AskedQuestion.Waiting? Waiting { get; private set; }

    /// <summary>True when the answer has just been kept.</summary>
    public bool Taken { get; private set; }

    /// <summary>Leads back to the app that the person came from; null when none is known.</summary>
    public string? Ticket { get; private set; }

    public DeadLink? Dead { get; private set; }

    public int WorkingDays => options.Value.WorkingDays;

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken) =>
        Show(await questions.LookAsync(Token, cancellationToken));

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        var answer = Typed.Prose(Answer);
        if (answer is null)
        {
            ModelState.AddModelError(nameof(Answer), "Enter your answer");
        }

        return Show(
            answer is null || !ModelState.IsValid
                ? await questions.LookAsync(Token, cancellationToken)
                : await questions.AnswerAsync(Token, answer, cancellationToken)
        );
    }

    private PageResult Show(AskedQuestion question)
    {
        Ticket = host.TicketFor(question.ClientId);
        Waiting = question as AskedQuestion.Waiting;
        Taken = question is AskedQuestion.Taken;
        Dead = question switch
        {
            AskedQuestion.Waiting or AskedQuestion.Taken => null,
            AskedQuestion.Answered answered => DeadLink.Over(
                "You have answered this question",
                $"Support staff have your answer, and go on with case {answered.Reference}."
            ),
            AskedQuestion.Expired expired => new DeadLink(
                410,
                "It is too late to answer",
                [
                    $"The case with the reference {expired.Reference} was closed, because we did not hear from you in time.",
                ],
                StartAgain: true
            ),
            _ => DeadLink.Unknown,
        };
        return Dead?.On(this) ?? Page();
    }
}
