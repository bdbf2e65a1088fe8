using System.Text.RegularExpressions;

namespace AuthServer.Accounts.Importing;

/// <summary>What spreadsheets put into a CSV file in the place of what was meant.</summary>
internal static partial class SpreadsheetSlips
{
    /// <returns>What is wrong, to stand behind the column's name, or null when nothing is.</returns>
    public static string? Problem(string value) =>
        Shortened().IsMatch(value)
            ? $"is {value}: a spreadsheet has shortened a number; format the column as text, put the number in again and save"
        : Error().IsMatch(value) ? $"is {value}: a spreadsheet could not compute it"
        : value.TrimStart().StartsWith('=')
            ? "begins with =: a spreadsheet's formula; put the value itself in its place"
        : null;

    // 7.12E+06; some languages write a comma.
    [GeneratedRegex(@"^\s*-?[0-9]([.,][0-9]+)?E\+[0-9]+\s*$")]
    private static partial Regex Shortened();

    [GeneratedRegex(@"^\s*#(N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|#+)\s*$")]
    private static partial Regex Error();
}
