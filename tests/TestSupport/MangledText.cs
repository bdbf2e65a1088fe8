using System.Globalization;
using System.Text;

namespace TestSupport;

/// <summary>
/// What mail gateways, word processors, people and attackers make of a text on its way to the server, written as it
/// goes into a query, a form or a path: %-encoded unless the fault is in the encoding itself.
/// </summary>
internal static class MangledText
{
    private const string Base64UrlAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    /// <summary>Values that mean nothing, whatever is expected.</summary>
    public static readonly IReadOnlyList<string> Odd =
    [
        "",
        "%00",
        "a%00b",
        "%",
        "%zz",
        "%u0041",
        "%c3%28",
        "%ed%a0%bd",
        "a%ed%b8%80",
        "%ff%fe",
        "%ef%bf%be",
        "%F0%9F%98%80",
        "%0d%0aSet-Cookie:%20a=b",
        "%09",
        "%7f",
        "%E2%80%AE%E2%80%8B",
        "%cc%81",
        "'--",
        "%22%5C%3Cscript%3E",
        "-9223372036854775809",
        "1e999",
        "/%C3%BC",
        "/%E2%80%99?a=%C3%BC",
        "/%0d%0a",
        "//example.test",
        "/%5Cexample.test",
        "~/",
        "/%00",
        "....",
        "%40",
        "a%40",
        "%40b.test",
        "a%40.",
        "a%40xn--",
        "a%40xn--%C3%BC.test",
        "a%40..test",
        "a%40" + new string('b', 64) + ".test",
        "%7B%7D",
        "%5B%5B",
        "00000000-0000-0000-0000-000000000000",
        "%D9%A1%D9%A2",
        "%EF%BC%A0",
        "%C4%B0%C5%BF%E1%BA%9E",
        new string('a', 4_000),
        string.Concat(Enumerable.Repeat("%E2%80%99", 400)),
        string.Concat(Enumerable.Repeat("%00", 400)),
    ];

    /// <summary>
    /// The text with one fault in it: each character changed, dropped or doubled, and the rest of what happens.
    /// </summary>
    /// <param name="every">Take every n-th character only: long texts have thousands of faults that are alike.</param>
    public static IEnumerable<string> Of(string text, int every = 1)
    {
        for (var i = 0; i < text.Length; i += every)
        {
            var (before, after) = (text[..i], text[(i + 1)..]);
            yield return Encode(before + (text[i] == 'A' ? 'B' : 'A') + after);
            yield return Encode(before + after);
            yield return Encode(before + text[i] + text[i] + after);
            yield return Encode(before) + $"%{(int)text[i] & 0xFF:x2}" + Encode(after);
        }

        foreach (var at in new[] { 0, text.Length / 2, text.Length - 1 }.Where(at => at >= 0))
        {
            var (before, after) = (Encode(text[..at]), Encode(text[Math.Min(text.Length, at + 1)..]));
            foreach (
                var odd in new[]
                {
                    "%00",
                    "%ed%a0%bd",
                    "%ed%b8%80",
                    "%ff",
                    "%",
                    "%2",
                    "%2525",
                    "%20",
                    "+",
                    "=",
                    "%0d%0a",
                    "%E2%80%8B",
                    "%EF%BC%A1",
                    "%F0%9F%98%80",
                }
            )
            {
                yield return before + odd + after;
            }
        }

        foreach (var last in Base64UrlAlphabet)
        {
            yield return Encode(text[..^1] + last);
        }

        yield return Encode(text.ToLowerInvariant());
        yield return Encode(text.ToUpperInvariant());
        yield return Encode(
            string.Concat(text.Select(c => char.IsUpper(c) ? char.ToLowerInvariant(c) : char.ToUpperInvariant(c)))
        );
        yield return string.Concat(
            Encoding.UTF8.GetBytes(text).Select(b => "%" + b.ToString("X2", CultureInfo.InvariantCulture))
        );
        yield return Encode(Encode(Encode(text)));
        yield return Encode(text + text);
        yield return Encode(text[..(text.Length / 2)]);
        yield return Encode($"<{text}>.");
        yield return Encode(string.Concat(Enumerable.Repeat(text, (8_000 / text.Length) + 1)));
    }

    private static string Encode(string text) => Uri.EscapeDataString(text);
}
