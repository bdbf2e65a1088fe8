using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Recovery.Cases;
using Recovery.Cases.Claim;

namespace Recovery.Pages.SupportCase;

/// <summary>A question page of the form.</summary>
internal sealed class LastPostModel(Drafts drafts, IOptions<CaseOptions> options) : DraftPage(drafts, options)
{
    [BindProperty]
    [Display(Name = "Employer", Description = "Hospital, trust, practice or university")]
    [StringLength(150, ErrorMessage = "Employer must be 150 characters or fewer")]
    [UIHint("NhsText")]
    public string? Employer { get; set; }

    [BindProperty]
    [Display(Name = "Specialty or course")]
    [StringLength(150, ErrorMessage = "Specialty or course must be 150 characters or fewer")]
    [UIHint("NhsText")]
    public string? Specialty { get; set; }

    [BindProperty]
    [Display(Name = "Grade", Description = "For example FY2 or ST4")]
    [StringLength(50, ErrorMessage = "Grade must be 50 characters or fewer")]
    [UIHint("NhsText")]
    public string? Grade { get; set; }

    [BindProperty]
    [Display(Name = "When it began", Description = "A month and a year will do, like August 2023")]
    [StringLength(50, ErrorMessage = "When it began must be 50 characters or fewer")]
    [UIHint("NhsText")]
    public string? From { get; set; }

    [BindProperty]
    [Display(Name = "When it ended", Description = "Leave this out if you are still in post")]
    [StringLength(50, ErrorMessage = "When it ended must be 50 characters or fewer")]
    [UIHint("NhsText")]
    public string? To { get; set; }

    [BindProperty]
    [Display(Name = "Supervisor", Description = "The name of your educational or clinical supervisor")]
    [StringLength(100, ErrorMessage = "Supervisor must be 100 characters or fewer")]
    [UIHint("NhsText")]
    public string? Supervisor { get; set; }

    public void OnGet()
    {
        var post = Draft.Evidence.LastPost ?? new StatedPost();
        (Employer, Specialty, Grade, From, To, Supervisor) = (
            post.Employer,
            post.Specialty,
            post.Grade,
            post.From,
            post.To,
            post.Supervisor
        );
    }

    public Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        var post = new StatedPost
        {
            Employer = Typed.Line(Employer),
            Specialty = Typed.Line(Specialty),
            Grade = Typed.Line(Grade),
            From = Typed.Line(From),
            To = Typed.Line(To),
            Supervisor = Typed.Line(Supervisor),
        };
        return KeepAsync(
            evidence => evidence with { LastPost = post == new StatedPost() ? null : post },
            cancellationToken
        );
    }
}
