using System.Text.RegularExpressions;
using TestSupport;

namespace UnitTests.AuthServer.Protocol;

/// <summary>
/// The behaviours that the OpenID Foundation's conformance plans look at, for what is offered here: each has a test
/// that carries its number. A feature that is added brings its items into this list.
/// </summary>
public sealed partial class ChecklistTests
{
    /// <summary>
    /// Basic, config, form post, RP-initiated and back-channel log-out, for registered clients. Left out: X8 and the
    /// rest that only FAPI 2 or dynamic registration needs.
    /// </summary>
    private static readonly string[] Items =
    [
        .. Numbered("X", 1, 7),
        .. Numbered("D", 1, 18),
        .. Numbered("J", 1, 5),
        .. Numbered("A", 1, 13),
        "A15",
        "A18",
        "A21",
        "A22",
        "T1",
        .. Numbered("T", 3, 9),
        "T13",
        .. Numbered("U", 1, 7),
        .. Numbered("L", 1, 6),
        "L8",
        "L9",
        "V1",
    ];

    [Fact]
    public void Every_item_has_a_test_that_carries_its_number()
    {
        var carried = Directory
            .EnumerateFiles(Repository.PathOf("tests"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal))
            .SelectMany(file => Carried().Matches(File.ReadAllText(file)))
            .Select(match => match.Groups[1].Value);

        Assert.Empty(Items.Except(carried));
    }

    private static IEnumerable<string> Numbered(string letter, int from, int to) =>
        Enumerable.Range(from, to - from + 1).Select(number => $"{letter}{number}");

    [GeneratedRegex("Trait\\(\"oidc\", \"([A-Z]+[0-9]+)\"\\)")]
    private static partial Regex Carried();
}
