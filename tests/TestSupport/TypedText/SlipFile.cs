using System.Globalization;
using System.Text.RegularExpressions;

namespace TestSupport.TypedText;

/// <summary>A person whose details are typed.</summary>
internal sealed record SlipPerson(string Name, string Username, string Email, string Password);

/// <summary>One slip.</summary>
/// <param name="Field">What is typed wrongly: username or password. The other field is right.</param>
/// <param name="Harmless">True: the person knows their details; the keyboard, the phone or a paste changed
/// them.</param>
/// <param name="Typed">What is submitted.</param>
/// <param name="Written">The same as the file has it, with escapes.</param>
/// <param name="Outcome">"in", or the hints joined by +, "general" for the advice that is given when no hint names the
/// slip.</param>
/// <param name="Why">What happened.</param>
/// <param name="Helps">For a slip that is refused: the hint about it, or what of the general advice helps
/// (<see cref="GeneralAdvice"/>). Null when it gets in.</param>
internal sealed record Slip(
    SlipPerson Person,
    string Field,
    bool Harmless,
    string Typed,
    string Written,
    string Outcome,
    string Why,
    string? Helps
)
{
    /// <summary>What helps where no hint can be true: "case" and "show" name the slip, "details" does not.</summary>
    public static readonly string[] GeneralAdvice = ["case", "show", Details];

    /// <summary>
    /// Nothing can be told from what was typed, because it is as right details may be: the way to be sent them helps.
    /// </summary>
    public const string Details = "details";
}

/// <summary>Reads <c>slips.tsv</c>, which says its own format.</summary>
internal static partial class SlipFile
{
    public const string Path = "tests/TestSupport/TypedText/slips.tsv";

    public static (IReadOnlyList<SlipPerson> People, IReadOnlyList<Slip> Slips) Read()
    {
        var lines = File.ReadLines(Repository.PathOf(Path))
            .Where(line => !line.StartsWith('#'))
            .Select(line => line.Split('\t'))
            .ToList();
        var people = lines
            .Where(cells => cells[0] == "person")
            .Select(cells => new SlipPerson(cells[1], Unescape(cells[2]), Unescape(cells[3]), Unescape(cells[4])))
            .ToDictionary(person => person.Name);
        return (
            [.. people.Values],
            [
                .. lines
                    .Where(cells => cells[0] == "slip")
                    .Select(cells => new Slip(
                        people[cells[1]],
                        cells[2],
                        cells[3] == "harmless",
                        Unescape(cells[4]),
                        cells[4],
                        cells[5],
                        cells[6],
                        cells.ElementAtOrDefault(7)
                    )),
            ]
        );
    }

    private static string Unescape(string text) =>
        Escape()
            .Replace(
                text,
                escape =>
                    escape.Value[1] == '\\'
                        ? "\\"
                        : char.ConvertFromUtf32(
                            int.Parse(escape.Value.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture)
                        )
            );

    [GeneratedRegex(@"\\\\|\\u[0-9A-F]{4}|\\U[0-9A-F]{8}")]
    private static partial Regex Escape();
}
