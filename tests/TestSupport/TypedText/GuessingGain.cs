using System.Reflection;
using AuthServer.Accounts;

namespace TestSupport.TypedText;

/// <summary>
/// How much easier guessing gets because a typed password lets in more than one stored one. Percentage points of
/// accounts.
/// </summary>
/// <param name="AsReceived">Accounts that fall to the best ten guesses when passwords are compared exactly as
/// received.</param>
/// <param name="Forgiving">Accounts that fall to the best ten guesses at this server.</param>
/// <remarks>
/// People: the 30,000 commonest passwords of the zxcvbn-core package, in its order, with the shares that Zipf's law
/// gives them (Wang, Cheng, Wang, Huang, Jian: Zipf's Law in Passwords, IEEE TIFS 12(11), 2017; the figures of
/// RockYou). The package keeps no case, so each password that begins with a letter is split: one in fifty has a capital
/// there, as in the list of John the Ripper, which keeps case. None of these passwords can be chosen here; imported
/// accounts may have them.
/// </remarks>
internal sealed record GuessingGain(double AsReceived, double Forgiving)
{
    public const int Guesses = 10;

    private const double Constant = 0.0374;
    private const double Exponent = 0.1872;
    private const double Capitals = 0.02;

    public double PercentagePoints => 100 * (Forgiving - AsReceived);

    public static GuessingGain OfPackagedList()
    {
        var shares = Shares();
        var asReceived = shares.Values.OrderDescending().Take(Guesses).Sum();

        // What is stored is normalized. A guess lets in every account whose stored form is among the forms of the
        // guess.
        var stored = shares
            .GroupBy(share => TypedPassword.Normalize(share.Key))
            .ToDictionary(same => same.Key, same => same.Sum(share => share.Value));
        var opened = stored.Keys.ToDictionary(
            guess => guess,
            guess =>
                TypedPassword
                    .From(guess)
                    .Forms(TypedPassword.Scheme, forgiving: true)
                    .Select(form => form.Text)
                    .Where(stored.ContainsKey)
                    .ToList()
        );
        var taken = new HashSet<string>();
        var forgiving = 0.0;
        for (var guess = 0; guess < Guesses; guess++)
        {
            var best = opened.Values.MaxBy(forms =>
                forms.Where(form => !taken.Contains(form)).Sum(form => stored[form])
            )!;
            forgiving += best.Where(form => !taken.Contains(form)).Sum(form => stored[form]);
            taken.UnionWith(best);
        }

        return new GuessingGain(asReceived, forgiving);
    }

    private static Dictionary<string, double> Shares()
    {
        using var list = Assembly
            .Load("zxcvbn-core")
            .GetManifestResourceStream("zxcvbn-core.Dictionaries.passwords.lst")!;
        using var reader = new StreamReader(list);
        var shares = new Dictionary<string, double>(StringComparer.Ordinal);
        for (var rank = 1; reader.ReadLine() is { } password; rank++)
        {
            var share = Constant * (Math.Pow(rank, Exponent) - Math.Pow(rank - 1, Exponent));
            var isLetter = password.Length > 0 && char.IsAsciiLetterLower(password[0]);
            shares[password] = isLetter ? share * (1 - Capitals) : share;
            if (isLetter)
            {
                shares[char.ToUpperInvariant(password[0]) + password[1..]] = share * Capitals;
            }
        }

        return shares;
    }
}
