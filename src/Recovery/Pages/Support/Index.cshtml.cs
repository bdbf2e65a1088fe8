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
internal sealed class IndexModel(CaseList list, CaseSearch search, CaseFigures figures, TimeProvider clock) : PageModel
{
    /// <summary>
    /// What can be chosen of states, in order: its word in the address, its words on the page, and the states.
    /// </summary>
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

    /// <summary>What cases are looked for by.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Find { get; set; }

    /// <summary>A search found something, and the list shows that alone.</summary>
    public bool IsSearch { get; private set; }

    /// <summary>The search found more than the list shows.</summary>
    public bool HasMore { get; private set; }

    public CasePage Cases { get; private set; } = new([], 0, 1, 1);

    public IReadOnlyList<string> Tags { get; private set; } = [];

    public DeskFigures Figures { get; private set; } = new(0, 0, 0, 0, 0, 0, 0, null);

    /// <summary>How long ago the oldest case that needs a decision was opened, in words.</summary>
    public string? OldestAge => Figures.OldestOpenedAt is { } opened ? DeskWords.Age(clock.GetUtcNow() - opened) : null;

    /// <summary>The list is not as it is at first.</summary>
    public bool IsNarrowed => new[] { State, Tag, Whose, Sort }.Any(chosen => !string.IsNullOrEmpty(chosen));

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        var officer = Officer.Of(User);
        if (!string.IsNullOrWhiteSpace(Find))
        {
            var found = await search.FindAsync(Find, officer, cancellationToken);
            if (found.Reference is { } reference)
            {
                return Redirect(DeskPaths.Case(reference));
            }

            IsSearch = found.Cases.Count > 0;
            HasMore = found.More;
            if (IsSearch)
            {
                Cases = new CasePage(
                    await list.RowsAsync(found.Cases, "cases search", officer, cancellationToken),
                    found.Cases.Count,
                    1,
                    1
                );
            }
            else
            {
                ModelState.AddModelError(
                    nameof(Find),
                    "No case that you may open has this reference, name, email address or username"
                );
            }
        }

        Figures = await figures.ReadAsync(officer.Id, cancellationToken);
        Tags = await list.TagsAsync(cancellationToken);
        if (IsSearch)
        {
            return Page();
        }

        var filter = new CaseFilter(
            (States.FirstOrDefault(state => state.Value == State) is { States: { } states } ? states : null)
                ?? States[0].States,
            State == "alarm",
            StaffText.Tag(Tag),
            Whose switch
            {
                "mine" => CaseOwner.Mine,
                "nobody" => CaseOwner.Nobody,
                _ => CaseOwner.Anybody,
            },
            Sort switch
            {
                "oldest" => CaseOrder.WaitingLongest,
                "newest" => CaseOrder.Newest,
                _ => CaseOrder.News,
            },
            int.TryParse(At, out var page) ? page : 1
        );
        Cases = await list.ReadAsync(filter, officer, cancellationToken);
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
