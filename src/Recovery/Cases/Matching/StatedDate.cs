using System.Globalization;

namespace Recovery.Cases.Matching;

/// <summary>A date as somebody remembers it: a year, a month and a year, or a day. UK order, and ISO 8601.</summary>
internal sealed record StatedDate(int Year, int? Month)
{
    /// <summary>Jobs begin and end at the turn of a month: two months apart is a slip of memory.</summary>
    private const int MonthsOfASlip = 2;

    private static readonly string[] Months =
    [
        "jan",
        "feb",
        "mar",
        "apr",
        "may",
        "jun",
        "jul",
        "aug",
        "sep",
        "oct",
        "nov",
        "dec",
    ];

    private static readonly HashSet<string> Still = new(StringComparer.Ordinal)
    {
        "present",
        "now",
        "current",
        "currently",
        "today",
        "ongoing",
        "still",
    };

    /// <returns>Null when it cannot be read.</returns>
    public static StatedDate? Read(string text)
    {
        var words = NormalizedText.Words(text);
        var named = words.Select(MonthOf).FirstOrDefault(month => month is not null);
        var numbers = words.Select(Number).OfType<(int Value, bool IsYear)>().ToList();
        var year = numbers.Where(number => number.IsYear).Select(number => (int?)number.Value).FirstOrDefault();
        var small = numbers.Where(number => !number.IsYear).Select(number => number.Value).ToList();
        var yearFirst = numbers is [{ IsYear: true }, ..];
        if (
            year is null
            && small.Count > 0
            && small[^1] is var two and < 100
            && small.Count + (named is null ? 0 : 1) >= 2
        )
        {
            (year, small) = (2000 + two, small[..^1]);
        }

        var month =
            named
            ?? small switch
            {
                [var only] => only,
                [var first, var second] => yearFirst ? first : second,
                _ => null,
            };
        return year is not { } known || numbers.Count > 3 || month is < 1 or > 12 ? null : new StatedDate(known, month);
    }

    /// <summary>Compares what was typed with the day that is held.</summary>
    public static Mark Compare(string stated, DateOnly held)
    {
        if (Read(stated) is not { } date)
        {
            return Mark.Unclear;
        }

        if (date.Month is not { } month)
        {
            return date.Year == held.Year ? Mark.Similar : Mark.Different;
        }

        return Math.Abs(((date.Year - held.Year) * 12) + month - held.Month) switch
        {
            0 => Mark.Same,
            <= MonthsOfASlip => Mark.Similar,
            _ => Mark.Different,
        };
    }

    /// <summary>True for "present" and the like: still in post.</summary>
    public static bool IsStill(string stated) => NormalizedText.Words(stated).Any(Still.Contains);

    private static int? MonthOf(string word)
    {
        var index =
            word.Length < 3 || !char.IsAsciiLetter(word[0])
                ? -1
                : Array.FindIndex(Months, month => word.StartsWith(month, StringComparison.Ordinal));
        return index < 0 ? null : index + 1;
    }

    // "1st", "2nd" and so on are days.
    private static (int Value, bool IsYear)? Number(string word)
    {
        var digits = word.TrimEnd('s', 't', 'n', 'd', 'r', 'h');
        return
            int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            && value is > 0 and < 2200
            ? (value, value >= 1900)
            : null;
    }
}
