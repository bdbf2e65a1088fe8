using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Recovery.Cases.Desk;
using Recovery.Ports;

namespace Recovery.Pages.Support;

/// <summary>
/// One case: what is stated beside what is held, the accounts it may be about, its history and its mail.
/// </summary>
[Authorize(Policy = StaffIdentity.Policy)]
internal sealed class CaseModel(CaseFiles files, KeepCase keep, DecideCase decisions, DeskMail mail, Alarms alarms)
    : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string Reference { get; set; } = "";

    /// <summary>The account to compare with.</summary>
    [BindProperty(SupportsGet = true)]
    public Guid? Account { get; set; }

    /// <summary>A username or an address to look for.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Find { get; set; }

    /// <summary>What was just done.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Done { get; set; }

    [BindProperty]
    [Display(Name = "Add a note", Description = "Only staff see notes")]
    [UIHint("NhsTextarea")]
    public string? Note { get; set; }

    [BindProperty]
    [Display(Name = "Add a tag")]
    [UIHint("NhsText")]
    public string? NewTag { get; set; }

    [BindProperty]
    [Display(Name = "What did you find out?", Description = "Only staff see it")]
    [UIHint("NhsTextarea")]
    public string? Found { get; set; }

    /// <summary>Null when the officer may not see it.</summary>
    public CaseFile? Shown { get; private set; }

    /// <summary>Why they may not.</summary>
    public CaseBar? Bar { get; private set; }

    private Officer Officer => Officer.Of(User);

    public Task<IActionResult> OnGetAsync(CancellationToken cancellationToken) => ShowAsync(cancellationToken);

    public async Task<IActionResult> OnPostAssignAsync(Guid? from, Guid? to, CancellationToken cancellationToken) =>
        await AnswerAsync(
            await keep.AssignAsync(Reference, from, to, Officer, cancellationToken),
            "assigned",
            "",
            cancellationToken
        );

    public async Task<IActionResult> OnPostTakeAsync(Guid? from, CancellationToken cancellationToken) =>
        await OnPostAssignAsync(from, Officer.Id, cancellationToken);

    public async Task<IActionResult> OnPostChooseAsync(CancellationToken cancellationToken) =>
        Account is { } account
            ? await AnswerAsync(
                await keep.ChooseAccountAsync(Reference, account, Officer, cancellationToken),
                "chosen",
                "",
                cancellationToken
            )
            : BadRequest();

    public async Task<IActionResult> OnPostNoteAsync(CancellationToken cancellationToken) =>
        await AnswerAsync(
            await keep.NoteAsync(Reference, Note, Officer, cancellationToken),
            "noted",
            nameof(Note),
            cancellationToken
        );

    public async Task<IActionResult> OnPostTagAsync(CancellationToken cancellationToken) =>
        await AnswerAsync(
            await keep.TagAsync(Reference, NewTag, true, Officer, cancellationToken),
            "tagged",
            nameof(NewTag),
            cancellationToken
        );

    public async Task<IActionResult> OnPostUntagAsync(string? tag, CancellationToken cancellationToken) =>
        await AnswerAsync(
            await keep.TagAsync(Reference, tag, false, Officer, cancellationToken),
            "tagged",
            nameof(NewTag),
            cancellationToken
        );

    public async Task<IActionResult> OnPostSendBackAsync(CancellationToken cancellationToken) =>
        await AnswerAsync(
            await decisions.SendBackAsync(Reference, Officer, cancellationToken),
            "sent-back",
            "",
            cancellationToken
        );

    public async Task<IActionResult> OnPostResendAsync(Guid message, CancellationToken cancellationToken) =>
        await AnswerAsync(
            await mail.ResendAsync(Reference, message, Officer, cancellationToken),
            "resent",
            "",
            cancellationToken
        );

    public async Task<IActionResult> OnPostLockAsync(CancellationToken cancellationToken) =>
        await AnswerAsync(
            await alarms.LockAsync(Reference, Officer, cancellationToken),
            "locked",
            "",
            cancellationToken
        );

    public async Task<IActionResult> OnPostSettleAsync(CancellationToken cancellationToken) =>
        await AnswerAsync(
            await alarms.SettleAsync(Reference, Found, Officer, cancellationToken),
            "settled",
            nameof(Found),
            cancellationToken
        );

    private async Task<IActionResult> AnswerAsync(
        DeskOutcome outcome,
        string done,
        string field,
        CancellationToken cancellationToken
    )
    {
        if (outcome is not DeskOutcome.Refused { Sentence: var sentence })
        {
            return this.Answer(outcome, Reference, done);
        }

        ModelState.AddModelError(field, sentence);
        return await ShowAsync(cancellationToken);
    }

    private async Task<IActionResult> ShowAsync(CancellationToken cancellationToken)
    {
        var (file, ended) = await files.OpenAsync(Reference, Officer, Find, Account, cancellationToken);
        if (HttpMethods.IsGet(Request.Method) && file is { Found: { } found, NotShown: null })
        {
            // Whatever the address led to before.
            return Redirect($"{DeskPaths.Case(file.Case.Reference)}?account={found.Id}#compare");
        }

        if (file is not null)
        {
            Shown = file;
            return Page();
        }

        if (ended is not DeskOutcome.Barred { Bar: var bar })
        {
            return NotFound();
        }

        Bar = bar;
        var page = Page();
        page.StatusCode = StatusCodes.Status403Forbidden;
        return page;
    }
}
