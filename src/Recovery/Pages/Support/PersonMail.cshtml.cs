using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Recovery.Cases.Desk;
using Recovery.Ports;

namespace Recovery.Pages.Support;

/// <summary>What was written to somebody who rings and says that no mail came.</summary>
[Authorize(Policy = StaffIdentity.Policy)]
internal sealed class PersonMailModel(PersonMail mail) : PageModel
{
    /// <summary>A username or an address; longer ones are nobody's.</summary>
    private const int Longest = 512;

    [BindProperty(SupportsGet = true)]
    public string? Find { get; set; }

    /// <summary>Null: nothing was looked for.</summary>
    public FoundMail? Found { get; private set; }

    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        if (!string.IsNullOrWhiteSpace(Find) && Find.Length <= Longest)
        {
            Found = await mail.FindAsync(Find, Officer.Of(User), cancellationToken);
        }
    }
}
