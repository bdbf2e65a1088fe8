using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Recovery.Cases.Desk;

namespace Recovery.Pages.Support;

/// <summary>What a page of the desk answers when something that was tried did not come about.</summary>
internal static class DeskAnswers
{
    /// <summary>Back to the case after something was done, or somebody else was quicker.</summary>
    /// <param name="done">Which of <see cref="DoneWords"/> the page says.</param>
    public static IActionResult Answer(this PageModel page, DeskOutcome outcome, string reference, string done) =>
        outcome switch
        {
            DeskOutcome.Done => page.SeeOther($"{DeskPaths.Case(reference)}?done={done}"),
            DeskOutcome.Overtaken => page.SeeOther($"{DeskPaths.Case(reference)}?done=overtaken"),
            DeskOutcome.Barred => new StatusCodeResult(StatusCodes.Status403Forbidden),
            DeskOutcome.NotFound => new NotFoundResult(),
            _ => throw new InvalidOperationException($"A page has to show {outcome} itself."),
        };

    /// <summary>303: the answer to a form is another page, and reloading that one sends nothing again.</summary>
    public static IActionResult SeeOther(this PageModel page, string address)
    {
        page.Response.Headers.Location = address;
        return new StatusCodeResult(StatusCodes.Status303SeeOther);
    }

    /// <summary>What a case's page says first when it was just changed.</summary>
    /// <returns>A sentence, and whether it is good news; or null for a word that is not ours.</returns>
    public static (string Sentence, bool Good)? DoneWords(string? done) =>
        done switch
        {
            "approved" => ("You have approved this case", true),
            "rejected" => ("You have rejected this case", true),
            "asked" => ("Your question is on its way", true),
            "sent-back" => ("You have sent this case back", true),
            "assigned" => ("The case has been reassigned", true),
            "chosen" => ("You have chosen the account", true),
            "noted" => ("Your note has been added", true),
            "tagged" => ("The tags have been changed", true),
            "locked" => ("You have locked the account", true),
            "settled" => ("You have settled the alarm", true),
            "resent" => ("The message is on its way again", true),
            "overtaken" => ("Somebody changed this case before you. Nothing you did was used: look at it again", false),
            _ => null,
        };
}
