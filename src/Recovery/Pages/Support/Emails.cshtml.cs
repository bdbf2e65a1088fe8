using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Recovery.Cases.Desk;
using Recovery.Ports;

namespace Recovery.Pages.Support;

/// <summary>Where a member of staff chooses which emails about cases they are sent.</summary>
[Authorize(Policy = StaffIdentity.Policy)]
internal sealed class EmailsModel(DeskEmails emails) : PageModel
{
    /// <summary>What can be chosen, in order: the value, and its words.</summary>
    public static readonly IReadOnlyList<(NewsWanted Value, string Text)> Choices =
    [
        (NewsWanted.All, "About every case"),
        (NewsWanted.Mine, "About cases that are assigned to me"),
        (NewsWanted.None, "No"),
    ];

    /// <summary>The name of a <see cref="NewsWanted"/>.</summary>
    [BindProperty]
    public string? News { get; set; }

    [BindProperty]
    public bool Daily { get; set; }

    /// <summary>What was just done: <c>saved</c>.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Done { get; set; }

    /// <summary>Where they go; null: no address is confirmed.</summary>
    public string? Email { get; private set; }

    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        var wanted = await emails.ReadAsync(Officer.Of(User), cancellationToken);
        (Email, News, Daily) = (wanted.Email, wanted.News.ToString(), wanted.Daily);
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (Choices.All(choice => choice.Value.ToString() != News))
        {
            ModelState.AddModelError(nameof(News), "Select whether you want an email when something is new");
            Email = (await emails.ReadAsync(Officer.Of(User), cancellationToken)).Email;
            return Page();
        }

        await emails.SaveAsync(Officer.Of(User), Enum.Parse<NewsWanted>(News ?? ""), Daily, cancellationToken);
        return this.SeeOther($"{DeskPaths.Emails}?done=saved");
    }
}
