namespace Recovery.Cases.Matching;

/// <summary>Compares names of people: whole ones, and single parts.</summary>
internal static class NameMatch
{
    private static readonly HashSet<string> Titles = new(StringComparer.Ordinal)
    {
        "dr",
        "mr",
        "mrs",
        "miss",
        "ms",
        "mx",
        "prof",
        "professor",
        "sir",
        "dame",
        "sister",
        "nurse",
    };

    /// <summary>A whole name, in either order, with or without title and middle names.</summary>
    public static Mark Whole(string stated, string held)
    {
        var (one, other) = (WithoutTitles(stated), WithoutTitles(held));
        if (one.Count == 0 || other.Count == 0)
        {
            return Mark.Unclear;
        }

        var (key, heldKey) = (string.Concat(one), string.Concat(other));
        if (key == heldKey || Sorted(one) == Sorted(other))
        {
            return Mark.Same;
        }

        return
            one.Count == 1 && other.Contains(one[0])
            || other.Count == 1 && one.Contains(other[0])
            || (one.Count > 1 && other.Count > 1 && EndsAgree(one, other))
            || Slips.Explain(key, heldKey)
            ? Mark.Similar
            : Mark.Different;
    }

    /// <summary>A given or a family name.</summary>
    public static Mark Part(string stated, string held)
    {
        var (key, heldKey) = (NormalizedText.Key(stated), NormalizedText.Key(held));
        if (key.Length == 0 || heldKey.Length == 0)
        {
            return Mark.Unclear;
        }

        return key == heldKey ? Mark.Same
            : Slips.Explain(key, heldKey)
            || NormalizedText.Words(stated).Intersect(NormalizedText.Words(held)).Any(word => word.Length > 1)
                ? Mark.Similar
            : Mark.Different;
    }

    // First and last name agree, whatever stands between them; an initial will do for the first.
    private static bool EndsAgree(List<string> one, List<string> other) =>
        one[^1] == other[^1]
            && (one[0] == other[0] || (Math.Min(one[0].Length, other[0].Length) == 1 && one[0][0] == other[0][0]))
        || (one[0] == other[^1] && one[^1] == other[0]);

    private static List<string> WithoutTitles(string name)
    {
        var words = NormalizedText.Words(name);
        var plain = words.Where(word => !Titles.Contains(word)).ToList();
        return plain.Count > 0 ? plain : [.. words];
    }

    private static string Sorted(IEnumerable<string> words) => string.Join(' ', words.Order(StringComparer.Ordinal));
}
