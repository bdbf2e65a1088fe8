using FsCheck;
using FsCheck.Fluent;

namespace UnitTests.AuthServer.Accounts;

/// <summary>
/// What keyboards may send: plain letters, the characters they substitute, marks, invisible ones, and anything else.
/// </summary>
internal static class TypedText
{
    private static readonly string[] Tricky =
    [
        "'",
        "\"",
        "-",
        "--",
        "...",
        " ",
        "\u2018",
        "\u2019",
        "\u02BC",
        "\u201C",
        "\u201D",
        "\u2013",
        "\u2014",
        "\u2026",
        "\u00A0",
        "\u2010",
        "\u2032",
        "\u00B4",
        "\u1FFD",
        "\u200B",
        "\u200D",
        "\uFEFF",
        "\u00AD",
        "\u200E",
        "\uFE0F",
        "\u0301",
        "\u0307",
        "\u0338",
        "e",
        "E",
        "é",
        "İ",
        "ı",
        "ß",
        "ẞ",
        "Σ",
        "ς",
        "K",
        "Å",
        "ﬁ",
        "Ａ",
        "\t",
        "\n",
        "\0",
        "\uD83D",
        "\uDE00",
        "\uFFFE",
        "\uFFFF",
        "😀",
        "\u1100\u1161",
    ];

    private static readonly Gen<string> Piece = Gen.Frequency(
        (4, Gen.Elements(Tricky)),
        (4, Gen.Choose('!', '~').Select(c => ((char)c).ToString())),
        (1, Gen.Choose(0, 0xFFFF).Select(c => ((char)c).ToString())),
        (1, Gen.Choose(0x10000, 0x10FFFF).Select(char.ConvertFromUtf32))
    );

    public static Arbitrary<string> Any { get; } = Gen.ListOf(Piece).Select(string.Concat).ToArbitrary();

    /// <summary>Holds it for many texts; the first that fails is shown as code points.</summary>
    public static void Holds(Func<string, bool> property, int times = 2_000) =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(times),
            Prop.ForAll(Any, text => property(text).Label(string.Join(' ', text.Select(c => $"U+{(int)c:X4}"))))
        );
}
