using System.Text;
using Recovery.Cases.Matching;

namespace AuthServer.Accounts;

/// <summary>
/// What accounts are found by besides their identifiers: names, numbers and identifiers without their spelling, in the
/// form in which cases are compared. An account is only ever found by one, never opened.
/// </summary>
internal static class SearchKey
{
    /// <summary>
    /// Code points; more than any username or address has, unless it is made of letters that stand for many.
    /// </summary>
    private const int MostLetters = 400;

    /// <summary>
    /// A family or given name: letters alone, lower case, without accents. O’Brien and OBRIEN are <c>obrien</c>.
    /// </summary>
    /// <returns>Null when there is no letter in it.</returns>
    public static string? Name(string? name) =>
        string.Concat(Key(name).EnumerateRunes().Where(Rune.IsLetter)) is { Length: > 0 } key ? key : null;

    /// <summary>
    /// A registration number: letters and digits alone, upper case, without the register's name before them.
    /// </summary>
    /// <returns>Null when there is neither in it.</returns>
    public static string? Number(string? number) => NormalizedText.Number(number) is { Length: > 0 } key ? key : null;

    /// <summary>A username or an address: letters and digits alone, lower case, without accents.</summary>
    /// <param name="normalized">What <see cref="Identifier.Normalize"/> made of it.</param>
    /// <returns>Empty when there is neither in it; its beginning when it is longer than an index takes.</returns>
    public static string Letters(string normalized) =>
        string.Concat(Key(normalized).EnumerateRunes().Take(MostLetters));

    private static string Key(string? text) => NormalizedText.Key(Substitutions.InIdentifier(text ?? ""));
}
