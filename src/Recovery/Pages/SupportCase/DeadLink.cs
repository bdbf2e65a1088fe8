using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Recovery.Pages.SupportCase;

/// <summary>What a person is told by a link that does nothing (any more).</summary>
internal sealed record DeadLink(int Status, string Heading, IReadOnlyList<string> Lines, bool StartAgain)
{
    /// <summary>
    /// The same for a guess, a link that was cut short and one that a newer one replaced: it tells nobody which.
    /// </summary>
    public static DeadLink Unknown { get; } =
        new(
            StatusCodes.Status404NotFound,
            "This link does not work",
            [
                "It may have been cut short on its way. Copy all of it from the email, or use the newest email if there are several.",
            ],
            StartAgain: false
        );

    public static DeadLink Lapsed { get; } =
        new(
            StatusCodes.Status410Gone,
            "This form was not sent in time",
            ["We kept your answers for as long as we said, and have deleted them now. No case was opened."],
            StartAgain: true
        );

    public static DeadLink Over(string heading, params string[] lines) =>
        new(StatusCodes.Status410Gone, heading, lines, StartAgain: false);

    /// <summary>The page that the model belongs to, with the status that fits.</summary>
    public PageResult On(PageModel page)
    {
        var result = page.Page();
        result.StatusCode = Status;
        return result;
    }
}
