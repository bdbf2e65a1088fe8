using Microsoft.Extensions.Options;
using Recovery.Cases.Matching;
using Recovery.Ports;

namespace Recovery.Cases.Desk;

/// <summary>Ranks the accounts that a case may be about, the best first.</summary>
internal sealed class Suggestions(IHeldRecords held, EvidenceMatcher matcher, IOptions<DeskOptions> options)
{
    /// <summary>Accounts that are compared.</summary>
    private const int MostCandidates = 100;

    public async Task<IReadOnlyList<Suggestion>> ForAsync(
        SupportCase support,
        Officer officer,
        CancellationToken cancellationToken
    )
    {
        if (support.Evidence is not { } evidence)
        {
            return [];
        }

        var candidates = await held.CandidatesAsync(evidence, support.NewEmail, MostCandidates, cancellationToken);
        return
        [
            .. candidates
                .Select(candidate => new Suggestion(
                    candidate,
                    matcher.Match(evidence, support.NewEmail, candidate),
                    CaseBars.For(officer, [candidate.Account])
                ))
                .OrderByDescending(suggestion => suggestion.Match.Level)
                .ThenByDescending(suggestion => suggestion.Match.Points)
                .ThenBy(suggestion => suggestion.Held.Account.Id)
                .Take(options.Value.Suggestions),
        ];
    }
}

/// <param name="Bar">Why this officer may not look at the account, or null.</param>
internal sealed record Suggestion(HeldRecord Held, EvidenceMatch Match, CaseBar? Bar)
{
    /// <summary>What agrees, in words, without its values.</summary>
    public IReadOnlyList<string> Agreeing =>
        [
            .. Match
                .Facts.Where(fact => fact.Mark is Mark.Same or Mark.Similar)
                .Select(fact => DeskWords.Name(fact.Kind))
                .Distinct(),
        ];
}
