using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Recovery.Cases;
using Recovery.Cases.Claim;

namespace Recovery.Pages.SupportCase;

/// <summary>Everything that was answered, and the button that sends it.</summary>
internal sealed class CheckModel(Drafts drafts, ProveAddress proof, IOptions<CaseOptions> options)
    : DraftPage(drafts, options)
{
    public IReadOnlyList<AnswerRow> Rows =>
        [new("Email address now", FormPaths.Email, "email address", [Draft.Email]), .. Answers(Draft.Evidence)];

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (Request.Form.ContainsKey("later"))
        {
            return await GoOnAsync(cancellationToken);
        }

        if (!FormSteps.All[0].Answered(Draft.Evidence))
        {
            ModelState.AddModelError("", "Enter your name");
            return Page();
        }

        return Redirect(await proof.SendAsync(Token, cancellationToken) ? FormPaths.CheckEmail : CasePaths.Start);
    }

    private static IEnumerable<AnswerRow> Answers(CaseEvidence e)
    {
        var post = e.LastPost ?? new StatedPost();
        yield return new(
            "Name",
            FormPaths.Name,
            "name",
            Given(string.Join(' ', new[] { e.GivenName, e.FamilyName }.OfType<string>()))
        );
        yield return new("Username", FormPaths.Username, "username", Given(e.Username));
        yield return new(
            "Earlier email addresses",
            FormPaths.EarlierEmails,
            "earlier email addresses",
            e.EarlierEmails
        );
        yield return new(
            "Registration numbers",
            FormPaths.Numbers,
            "registration numbers",
            Given(
                Named("GMC", e.GmcNumber),
                Named("NMC", e.NmcNumber),
                Named("NTN", e.Ntn),
                Named("College", e.CollegeNumber),
                e.OtherNumber
            )
        );
        yield return new(
            "Last post in training",
            FormPaths.LastPost,
            "last post in training",
            Given(
                post.Employer,
                post.Specialty,
                post.Grade,
                Named("From", post.From),
                Named("To", post.To),
                Named("Supervisor:", post.Supervisor)
            )
        );
        yield return new("People you supervised", FormPaths.Trainees, "people you supervised", e.SupervisedTrainees);
        yield return new("Anything else", FormPaths.More, "anything else", Given(e.More));
    }

    private static string? Named(string name, string? value) => value is null ? null : $"{name} {value}";

    private static IReadOnlyList<string> Given(params string?[] values) =>
        [.. values.OfType<string>().Where(value => value.Length > 0)];
}

/// <param name="Key">What was asked.</param>
/// <param name="Path">Where it is changed.</param>
/// <param name="Spoken">What a screen reader says is changed.</param>
/// <param name="Values">What was answered, a line each.</param>
internal sealed record AnswerRow(string Key, string Path, string Spoken, IReadOnlyList<string> Values);
