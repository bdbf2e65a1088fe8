using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Recovery.Cases;
using Recovery.Cases.Desk;
using Recovery.Ports;

namespace Recovery.Pages.Support;

/// <summary>The desk: cases, a page at a time, narrowed by state, tag and whose they are.</summary>
[Authorize(Policy = StaffIdentity.Policy)]
internal sealed class IndexModel(CaseList list, Alarms alarms) : PageModel
{
    /// <summary>What can be chosen of states, in order: its word in the address, its words on the page, and the states.</summary>
    public static readonly IReadOnlyList<(string Value, string Text, IReadOnlyList<CaseState> States)> States =
    [
        ("", "Needs a decision", [CaseState.Open, CaseState.SecondApprovalWanted]),
        ("asked", DeskWords.Name(CaseState.MoreWanted), [CaseState.MoreWanted]),
        ("second", DeskWords.Name(CaseState.SecondApprovalWanted), [CaseState.SecondApprovalWanted]),
        ("approved", DeskWords.Name(CaseState.Approved), [CaseState.Approved]),
        ("released", DeskWords.Name(CaseState.Released), [CaseState.Released]),
        ("rejected", DeskWords.Name(CaseState.Rejected), [CaseState.Rejected]),
        ("stopped", DeskWords.Name(CaseState.Stopped), [CaseState.Stopped]),
        ("lapsed", DeskWords.Name(CaseState.Lapsed), [CaseState.Lapsed]),
        ("alarm", "Alarms", []),
        ("all", "All cases", []),
    ];

    [BindProperty(SupportsGet = true)]
    public string? State { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Tag { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Whose { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Sort { get; set; }

    /// <summary>Of the list, from 1.</summary>
    [BindProperty(SupportsGet = true, Name = "p")]
    public string? At { get; set; }

    /// <summary>The reference of a case that somebody asks about.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Reference { get; set; }

    public CasePage Cases { get; private set; } = new([], 0, 1, 1);

    public IReadOnlyList<string> Tags { get; private set; } = [];

    /// <summary>Cases with an alarm that nobody has settled.</summary>
    public int Alarms { get; private set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        if (CaseReferences.Read(Reference) is { Length: > 0 } reference)
        {
            return Redirect(DeskPaths.Case(reference));
        }

        var filter = new CaseFilter(
            (States.FirstOrDefault(state => state.Value == State) is { States: { } states } ? states : null) ?? States[0].States,
            State == "alarm",
            StaffText.Tag(Tag),
            Whose switch { "mine" => CaseOwner.Mine, "nobody" => CaseOwner.Nobody, _ => CaseOwner.Anybody },
            Sort == "newest",
            int.TryParse(At, out var page) ? page : 1);
        Alarms = await alarms.CountAsync(cancellationToken);
        Tags = await list.TagsAsync(cancellationToken);
        Cases = await list.ReadAsync(filter, Officer.Of(User), cancellationToken);
        return Page();
    }

    /// <summary>The same list, at another page.</summary>
    public string PageAt(int number)
    {
        var query = new QueryBuilder();
        foreach (var (name, value) in new[] { ("state", State), ("tag", Tag), ("whose", Whose), ("sort", Sort) })
        {
            if (!string.IsNullOrEmpty(value))
            {
                query.Add(name, value);
            }
        }

        query.Add("p", number.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return DeskPaths.List + query.ToQueryString();
    }
}
