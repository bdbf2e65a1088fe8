namespace Recovery.Cases.Matching;

/// <summary>
/// How many slips of the finger lie between two texts: a wrong, missing or extra character, or two that changed places.
/// </summary>
internal static class Slips
{
    /// <summary>Longer than any name or number: what is longer is not compared character by character.</summary>
    private const int Longest = 100;

    /// <summary>
    /// True when one slip explains the difference, or two in a text of ten characters or more. Short texts have to be
    /// right.
    /// </summary>
    public static bool Explain(string one, string other)
    {
        var length = Math.Min(one.Length, other.Length);
        var allowed =
            length >= 10 ? 2
            : length >= 5 ? 1
            : 0;
        return Math.Abs(one.Length - other.Length) <= allowed
            && Math.Max(one.Length, other.Length) <= Longest
            && Count(one, other) <= allowed;
    }

    /// <summary>Optimal string alignment distance.</summary>
    private static int Count(string one, string other)
    {
        var beforeLast = new int[other.Length + 1];
        var last = new int[other.Length + 1];
        var row = new int[other.Length + 1];
        for (var j = 0; j <= other.Length; j++)
        {
            last[j] = j;
        }

        for (var i = 1; i <= one.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var replaced = last[j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1);
                row[j] = Math.Min(replaced, 1 + Math.Min(last[j], row[j - 1]));
                if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
                {
                    row[j] = Math.Min(row[j], beforeLast[j - 2] + 1);
                }
            }

            (beforeLast, last, row) = (last, row, beforeLast);
        }

        return last[other.Length];
    }
}
