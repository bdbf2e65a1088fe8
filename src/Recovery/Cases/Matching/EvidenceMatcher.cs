using Recovery.Ports;

namespace Recovery.Cases.Matching;

/// <summary>
/// Compares what a person states with what is held about one account. Pure. In which order things were stated or are
/// held never matters; one more right fact never lowers the result, one more wrong fact never raises it; what public
/// registers tell is never likely by itself.
/// </summary>
internal sealed class EvidenceMatcher(ITypedText text)
{
    /// <param name="stated">As typed.</param>
    /// <param name="newEmail">The address that was proved to be the person's, or null.</param>
    /// <param name="held">The account.</param>
    public EvidenceMatch Match(CaseEvidence stated, string? newEmail, HeldRecord held)
    {
        var facts = new List<ComparedFact>();
        facts.AddRange(Names(stated, held));
        facts.Add(One(FactKind.Username, stated.Username, held.Account.Username, Username));
        facts.Add(NewEmail(newEmail, held.Emails));
        var emails = Several(
            FactKind.EarlierEmail,
            stated.EarlierEmails,
            text.Normalize,
            held.Emails,
            Address,
            Mark.NotHeld
        );
        facts.AddRange(emails.Shown);
        facts.Add(One(FactKind.GmcNumber, stated.GmcNumber, held.GmcNumber, Number));
        facts.Add(One(FactKind.NmcNumber, stated.NmcNumber, held.NmcNumber, Number));
        facts.Add(One(FactKind.Ntn, stated.Ntn, held.Ntn, Number));
        facts.Add(One(FactKind.CollegeNumber, stated.CollegeNumber, held.CollegeNumber, Number));
        facts.Add(One(FactKind.OtherNumber, stated.OtherNumber, null, Number));
        facts.AddRange(new PostMatch(text).Compare(stated.LastPost ?? new StatedPost(), held));
        var trainees = Several(
            FactKind.SupervisedTrainee,
            stated.SupervisedTrainees,
            Key,
            held.Trainees,
            Name(NameMatch.Whole),
            Mark.Different
        );
        facts.AddRange(trainees.Shown);

        return EvidenceMatch.Of(
            facts,
            [
                .. facts.Where(fact => FactRule.Of(fact.Kind).Most == 1).Select(fact => (fact.Kind, fact.Mark)),
                .. emails.Counted.Select(mark => (FactKind.EarlierEmail, mark)),
                .. trainees.Counted.Select(mark => (FactKind.SupervisedTrainee, mark)),
            ]
        );
    }

    private IEnumerable<ComparedFact> Names(CaseEvidence stated, HeldRecord held)
    {
        var words = NormalizedText.Words(held.FullName);
        var given = held.GivenName ?? (words.Count > 1 ? held.FullName?.Split(' ')[0] : null);
        var family = held.FamilyName ?? (words.Count > 0 ? held.FullName?.Trim().Split(' ')[^1] : null);

        // People fill in the two the wrong way round.
        var swapped =
            Said(stated.GivenName)
            && Said(stated.FamilyName)
            && given is not null
            && family is not null
            && Key(given) != Key(family)
            && Key(stated.GivenName) == Key(family)
            && Key(stated.FamilyName) == Key(given);
        return
        [
            One(FactKind.GivenName, stated.GivenName, given, swapped ? (_, _) => Mark.Similar : Name(NameMatch.Part)),
            One(
                FactKind.FamilyName,
                stated.FamilyName,
                family,
                swapped ? (_, _) => Mark.Similar : Name(NameMatch.Part)
            ),
        ];
    }

    private static ComparedFact One(FactKind kind, string? stated, string? held, Func<string, string, Mark> compare) =>
        (Said(stated), Said(held)) switch
        {
            (true, true) => new(kind, stated, held, compare(stated!, held!)),
            (true, false) => new(kind, stated, null, Mark.NotHeld),
            (false, true) => new(kind, null, null, Mark.NotStated),
            _ => new(kind, null, null, Mark.NotHeld),
        };

    private ComparedFact NewEmail(string? stated, IReadOnlyList<string> held)
    {
        var same = Said(stated)
            ? held.FirstOrDefault(email => text.Compare(stated!, email) == IdentifierLikeness.Same)
            : null;
        return new ComparedFact(FactKind.NewEmail, stated, same, same is null ? Mark.NotHeld : Mark.Same);
    }

    /// <summary>
    /// Each thing stated is shown with the best of what is held; each thing held is counted once, however often it was
    /// stated.
    /// </summary>
    /// <param name="none">The mark of what fits nothing that is held.</param>
    private static (List<ComparedFact> Shown, List<Mark> Counted) Several(
        FactKind kind,
        IEnumerable<string> stated,
        Func<string, string> key,
        IReadOnlyList<string> held,
        Func<string, string, Mark> compare,
        Mark none
    )
    {
        var said = stated
            .Where(Said)
            .GroupBy(key)
            .Where(same => same.Key.Length > 0)
            .Select(same => same.Order(StringComparer.Ordinal).First())
            .Order(StringComparer.Ordinal)
            .ToList();
        var things = held.GroupBy(key)
            .Where(same => same.Key.Length > 0)
            .Select(same => same.Order(StringComparer.Ordinal).First())
            .Order(StringComparer.Ordinal)
            .ToList();
        var shown = new List<ComparedFact>();
        var best = new Dictionary<string, Mark>(StringComparer.Ordinal);
        var counted = new List<Mark>();
        foreach (var one in said)
        {
            var fits = things
                .Select(thing => (Thing: thing, Mark: compare(one, thing)))
                .Where(fit => fit.Mark >= Mark.Similar)
                .ToList();
            foreach (var (thing, mark) in fits)
            {
                best[thing] = best.TryGetValue(thing, out var before) && before > mark ? before : mark;
            }

            var mark1 =
                fits.Count > 0 ? fits.Max(fit => fit.Mark)
                : things.Count == 0 ? Mark.NotHeld
                : none;
            shown.Add(
                new ComparedFact(kind, one, fits.Count > 0 ? fits.First(fit => fit.Mark == mark1).Thing : null, mark1)
            );
            if (fits.Count == 0)
            {
                counted.Add(mark1);
            }
        }

        if (said.Count == 0)
        {
            shown.Add(new ComparedFact(kind, null, null, things.Count > 0 ? Mark.NotStated : Mark.NotHeld));
        }

        counted.AddRange(best.Values);
        return (shown, counted);
    }

    private Mark Username(string stated, string held) =>
        text.Compare(stated, held) == IdentifierLikeness.SameLetters ? Mark.Same : Address(stated, held);

    // Two addresses with the same letters may be two mailboxes.
    private Mark Address(string stated, string held) =>
        text.Compare(stated, held) switch
        {
            IdentifierLikeness.Same => Mark.Same,
            IdentifierLikeness.SameLetters => Mark.Similar,
            _ => Compare(text.Normalize(stated), text.Normalize(held)),
        };

    private Func<string, string, Mark> Name(Func<string, string, Mark> compare) =>
        (stated, held) => compare(text.Plain(stated), text.Plain(held));

    private string Key(string? typed) => NormalizedText.Key(text.Plain(typed ?? ""));

    private static Mark Number(string stated, string held) =>
        Compare(NormalizedText.Number(stated), NormalizedText.Number(held));

    private static Mark Compare(string stated, string held) =>
        stated.Length == 0 || held.Length == 0 ? Mark.Unclear
        : stated == held ? Mark.Same
        : Slips.Explain(stated, held) ? Mark.Similar
        : Mark.Different;

    private static bool Said(string? text) => !string.IsNullOrWhiteSpace(text);
}
