namespace Recovery.Cases.Matching;

/// <summary>Compares names of hospitals, specialties and grades.</summary>
internal static class WordsMatch
{
    /// <summary>Words that half of all employers have.</summary>
    private static readonly HashSet<string> Fillers = new(StringComparer.Ordinal)
    {
        "the",
        "of",
        "and",
        "for",
        "in",
        "at",
        "nhs",
        "foundation",
        "trust",
        "hospital",
        "hospitals",
        "university",
        "teaching",
        "health",
        "board",
        "training",
        "medicine",
    };

    public static Mark Compare(string stated, string held)
    {
        var (one, other) = (NormalizedText.Words(stated), NormalizedText.Words(held));
        if (one.Count == 0 || other.Count == 0)
        {
            return Mark.Unclear;
        }

        var (key, heldKey) = (string.Concat(one), string.Concat(other));
        var (telling, heldTelling) = (Telling(one), Telling(other));
        if (key == heldKey || (telling.Count > 0 && telling.SetEquals(heldTelling)))
        {
            return Mark.Same;
        }

        // One is in the other, or they share half of what they say together.
        var shared = telling.Intersect(heldTelling).Count();
        return
            shared > 0
                && (
                    shared == Math.Min(telling.Count, heldTelling.Count)
                    || shared * 2 >= telling.Union(heldTelling).Count()
                )
            || Slips.Explain(key, heldKey)
            ? Mark.Similar
            : Mark.Different;
    }

    private static HashSet<string> Telling(IEnumerable<string> words) =>
        [.. words.Where(word => !Fillers.Contains(word))];
}
