using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Recovery.ResetLinks;

namespace Recovery.Pages.ResetPassword;

/// <summary>Says that the password is set, and leads to the app that the person came from. They log in themselves.</summary>
internal sealed class DoneModel(LinkReader reader, LeadBack back) : PageModel
{
    /// <summary>The link that was spent, by its row's id, which opens nothing.</summary>
    [BindProperty(SupportsGet = true)]
    public Guid? Link { get; set; }

    public SpentLink? Spent { get; private set; }

    public WayOn? Way { get; private set; }

    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        Spent = Link is { } id ? await reader.FindSpentAsync(id, cancellationToken) : null;
        Way = await back.FindAsync(Spent?.Link, cancellationToken);
    }
}
