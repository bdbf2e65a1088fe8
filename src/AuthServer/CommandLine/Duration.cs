using System.CommandLine.Parsing;
using System.Globalization;

namespace AuthServer.CommandLine;

/// <summary>
/// Durations as they are typed: a whole number and <c>s</c>, <c>m</c>, <c>h</c> or <c>d</c>; <c>0</c> alone is none.
/// </summary>
internal static class Duration
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    /// <returns>The duration; a sentence is added to <paramref name="argument"/> when it cannot be read.</returns>
    public static TimeSpan Parse(ArgumentResult argument)
    {
        if (argument.Tokens is [var token] && Read(token.Value) is { } duration)
        {
            return duration;
        }

        argument.AddError(
            "A duration is a number of seconds, minutes, hours or days up to 366 days, such as 30m, 12h or 7d."
        );
        return TimeSpan.Zero;
    }

    /// <returns>Null when it cannot be read, or is longer than 366 days.</returns>
    public static TimeSpan? Read(string text)
    {
        if (text == "0")
        {
            return TimeSpan.Zero;
        }

        var unit = text is [.., var last] ? last : ' ';
        if (
            unit is not ('s' or 'm' or 'h' or 'd')
            || !int.TryParse(text.AsSpan(..^1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        )
        {
            return null;
        }

        var seconds =
            number
            * (
                unit switch
                {
                    's' => 1d,
                    'm' => 60d,
                    'h' => 3_600d,
                    _ => 86_400d,
                }
            );
        return seconds <= Longest.TotalSeconds ? TimeSpan.FromSeconds(seconds) : null;
    }
}
