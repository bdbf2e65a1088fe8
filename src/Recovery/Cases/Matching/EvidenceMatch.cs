namespace Recovery.Cases.Matching;

/// <summary>How well what is stated fits an account. It ranks and warns; a person decides.</summary>
internal enum MatchLevel
{
    Unlikely = 0,

    Possible = 1,

    /// <summary>More than a public register could tell.</summary>
    Likely = 2,

    /// <summary>A lot, and from two sources or more.</summary>
    Strong = 3,
}

/// <summary>What comparing the evidence with one account came to.</summary>
/// <param name="Facts">Line by line, in the order of the form.</param>
/// <param name="Level">The summary.</param>
/// <param name="Points">For ranking accounts among each other.</param>
internal sealed record EvidenceMatch(IReadOnlyList<ComparedFact> Facts, MatchLevel Level, int Points)
{
    /// <summary>
    /// All that public registers say together: not enough to be likely, with a username on top neither.
    /// </summary>
    private const int MostFromRegisters = 24;

    private const int PossibleFrom = 8;
    private const int LikelyFrom = 40;
    private const int StrongFrom = 70;

    /// <param name="facts">For people to read.</param>
    /// <param name="counted">What counts: kind and mark, once for each thing that is held or was found wrong.</param>
    public static EvidenceMatch Of(
        IReadOnlyList<ComparedFact> facts,
        IReadOnlyCollection<(FactKind Kind, Mark Mark)> counted
    )
    {
        var (registers, others, against) = (0, 0, 0);
        foreach (var kind in counted.GroupBy(fact => fact.Kind))
        {
            var rule = FactRule.Of(kind.Key);
            var points = kind.Select(fact => rule.Points(fact.Mark)).ToList();
            var gained = points.Where(p => p > 0).OrderDescending().Take(rule.Most).Sum();
            against += points.Where(p => p < 0).Order().Take(rule.Most).Sum();
            if (rule.Source == EvidenceSource.PublicRegister)
            {
                registers += gained;
            }
            else
            {
                others += gained;
            }
        }

        var sources = counted
            .Where(fact => fact.Mark == Mark.Same)
            .Select(fact => FactRule.Of(fact.Kind).Source)
            .Where(source => source != EvidenceSource.PublicRegister)
            .Distinct()
            .Count();
        var total = Math.Min(registers, MostFromRegisters) + others + against;
        return new EvidenceMatch(facts, LevelOf(total, sources), total);
    }

    private static MatchLevel LevelOf(int points, int sources) =>
        points >= StrongFrom && sources >= 2 ? MatchLevel.Strong
        : points >= LikelyFrom && sources >= 1 ? MatchLevel.Likely
        : points >= PossibleFrom ? MatchLevel.Possible
        : MatchLevel.Unlikely;
}
