using System.Globalization;
using System.Text;
using AuthServer.Accounts;
using AuthServer.Pages.LogIn;

namespace TestSupport.TypedText;

/// <summary>
/// Writes <c>docs/typed-text.md</c>: the table of substitutions, the slips and what came of them, and what guessing
/// gains.
/// </summary>
internal static class TypedTextReport
{
    public const string Path = "docs/typed-text.md";

    /// <param name="results">Each slip with what came of it: "in", hints joined by +, or "general".</param>
    public static string Write(IReadOnlyList<(Slip Slip, string Outcome)> results)
    {
        var text = new StringBuilder();
        text.AppendLine(
            """
            # Text as people type it

            Written by a test; do not edit. After a change to `Substitutions.cs`, `LogInHints.cs` or `slips.tsv`:

            ```
            UPDATE_DOCS=1 dotnet test tests/ProtocolTests --filter TypedText
            ```

            ## What is read as what

            Usernames, email addresses, passwords and hints are read by one table (`src/AuthServer/Accounts/Substitutions.cs`), after canonical
            composition (NFC). Runs of hyphens are one hyphen, but not in an address. Identifiers are read in lower case, and the domain of an address
            in its IDNA form (UTS 46).

            | what | read as | in passwords | code points |
            |---|---|---|---|
            """
        );
        foreach (var group in Substitutions.All.Where(group => group.Plain is not [>= '1' and <= '9']))
        {
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {group.Name}{(group.Plain == "0" ? ", and so on to 9" : "")} | {Plain(group.Plain)} | {(group.IdentifiersOnly ? "no" : "yes")} | {Ranges(group)} |"
            ); // of the ten digits, the first
        }

        text.AppendLine(
            """

            An account is found by the normalized text; when none has it, by the text without a label, brackets, spaces and punctuation around it; when
            none has that, by its letters and digits alone, without accents, when exactly one account has them. A password is tried as it is read; for
            people who are not staff also without spaces around it, with the other case of its first letter, and with both.

            ## Guessing

            """
        );
        var gain = GuessingGain.OfPackagedList();
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"""
            Ten guesses open {100
                * gain.AsReceived:F3} % of accounts when passwords are compared exactly as received, and {100
                * gain.Forgiving:F3} % here:
            {gain.PercentagePoints:F3} percentage points more; the limit is 0.05. Measured (`tests/TestSupport/TypedText/GuessingGain.cs`) on the 30,000
            commonest passwords of the zxcvbn-core package, in its order, with shares by Zipf's law as fitted to RockYou (Wang and others, IEEE TIFS
            12(11), 2017), and a capital first letter in one of fifty. None of these passwords can be chosen here, so this is the worst case: accounts
            imported with such a password.

            ## Slips

            """
        );
        text.AppendLine(Summary(results));
        text.AppendLine("| field | what was typed | what happened | outcome | what helps |");
        text.AppendLine("|---|---|---|---|---|");
        foreach (var (slip, outcome) in results.OrderByDescending(result => result.Slip.Harmless))
        {
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {slip.Field} | {Code(slip.Written)} | {slip.Why}{(slip.Harmless ? "" : " (wrong)")} | {outcome} | {slip.Helps} |"
            );
        }

        text.AppendLine();
        text.AppendLine("## Hints");
        text.AppendLine();
        foreach (var hint in Enum.GetValues<LogInHint>())
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"- `{hint}`: {HintWords.Of(hint)}");
        }

        text.AppendLine(
            """
            - `general`: Check your username and password. Passwords are case sensitive. Select Show to see your password as you type it. If you are not
              sure of them, we can email you your username and a link to choose a new password.

            In the last column of the table `case` and `show` are the sentences of the general advice that name the slip. `details` is its offer to be
            sent the details: what was typed is as right details may be, so nothing else can be said that is sure to be true.
            """
        );
        return text.ToString().ReplaceLineEndings("\n");
    }

    private static string Summary(IReadOnlyList<(Slip Slip, string Outcome)> results)
    {
        var harmless = results.Where(result => result.Slip.Harmless).ToList();
        var wrong = results.Where(result => !result.Slip.Harmless).ToList();
        var let = harmless.Count(result => result.Outcome == "in");
        var refused = results.Where(result => result.Outcome != "in").ToList();
        var untold = refused.Count(result => result.Slip.Helps == Slip.Details);
        var hinted = refused.Count(result => !Slip.GeneralAdvice.Contains(result.Slip.Helps));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            {results.Count} slips (`{SlipFile.Path}`), each with the other field right, on SQLite and on PostgreSQL. Of the {harmless.Count} harmless ones, where the
            person knows their details, {let} get in at once ({100.0
                * let
                / harmless.Count:F1} %). Of the {wrong.Count} wrong ones
            {wrong.Count(result =>
                result.Outcome == "in"
            )} get in. Of the {refused.Count} that are refused, {hinted} get a hint about the slip, and {refused.Count
                - hinted
                - untold} the sentence of
            the general advice that names it. For the other {untold} nothing can be told from what was typed, which might be right: they get the general
            advice with the way to be sent the details. False hints: 0 (the hints of each slip are written down in the file and compared).

            """
        );
    }

    private static string Ranges(Substitution group) =>
        string.Join(
            ", ",
            group.Ranges.Select(range =>
                range.First == range.Last ? $"U+{range.First:X4}" : $"U+{range.First:X4}–{range.Last:X4}"
            )
        );

    private static string Plain(string plain) =>
        plain switch
        {
            "" => "nothing",
            " " => "a space",
            _ => $"`{plain}`",
        };

    private static string Code(string written) => "`` " + written.Replace("|", "\\|", StringComparison.Ordinal) + " ``";
}
