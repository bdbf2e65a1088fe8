using System.Text;
using Recovery.Cases.Matching;

namespace AuthServer.Accounts;

/// <summary>
/// What support staff find accounts by: names and numbers without their spelling, in the form in which cases are compared. Nobody
/// logs in with one, so accents and punctuation can go, which an <see cref="Identifier"/> keeps.
/// </summary>
internal static class SearchKey
{
    /// <summary>A family or given name: letters alone, lower case, without accents. O’Brien and OBRIEN are <c>obrien</c>.</summary>
    /// <returns>Null when there is no letter in it.</returns>
    public static string? Name(string? name) =>
        string.Concat(NormalizedText.Key(name).EnumerateRunes().Where(Rune.IsLetter)) is { Length: > 0 } key ? key : null;

    /// <summary>A registration number: letters and digits alone, upper case, without the register's name before them.</summary>
    /// <returns>Null when there is neither in it.</returns>
    public static string? Number(string? number) => NormalizedText.Number(number) is { Length: > 0 } key ? key : null;
}
