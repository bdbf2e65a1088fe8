namespace AuthServer.Accounts;

/// <summary>
/// How hard a password is to guess, as the zxcvbn-core package estimates it: words, names, keyboard rows, dates,
/// repeats.
/// </summary>
internal static class PasswordStrength
{
    /// <summary>What is looked at: time grows with the square of the length, and nobody needs more.</summary>
    private const int LookedAt = 100;

    private static readonly Lock OneAtATime = new();

    // Its dictionaries take a moment to read: when the first password is set, not at start.
    private static readonly Lazy<Zxcvbn.Zxcvbn> Estimator = new(() => new Zxcvbn.Zxcvbn());

    /// <param name="normalized">The password.</param>
    /// <param name="known">Words that an attacker would try first.</param>
    /// <returns>Bits: 30 is about a thousand million guesses.</returns>
    public static double Bits(string normalized, IEnumerable<string> known)
    {
        var unit = Unit(normalized);
        var looked = unit.Length <= LookedAt ? unit : unit[..LookedAt];
        lock (OneAtATime)
        {
            return Estimator.Value.EvaluatePassword(looked, known).Entropy;
        }
    }

    /// <summary>For a meter: 0 (guessed at once) to 4 (very hard to guess).</summary>
    public static int Score(string normalized, IEnumerable<string> known) =>
        Bits(normalized, known) switch
        {
            < 20 => 0,
            < 30 => 1,
            < 45 => 2,
            < 60 => 3,
            _ => 4,
        };

    // "abcabcabc" is as hard to guess as "abc": said once is enough.
    private static string Unit(string text)
    {
        for (var length = 1; length <= text.Length / 2; length++)
        {
            if (text.Length % length == 0 && text.AsSpan(length).SequenceEqual(text.AsSpan(0, text.Length - length)))
            {
                return text[..length];
            }
        }

        return text;
    }
}
