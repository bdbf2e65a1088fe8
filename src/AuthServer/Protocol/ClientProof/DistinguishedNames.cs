using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace AuthServer.Protocol.ClientProof;

/// <summary>
/// Compares distinguished names as RFC 4517 §4.2.15 does: by type and value, without regard to case and repeated
/// spaces.
/// </summary>
internal static class DistinguishedNames
{
    /// <summary>RFC 4514 §3, and two names that OpenSSL writes.</summary>
    private static readonly Dictionary<string, string> Types = new(StringComparer.OrdinalIgnoreCase)
    {
        ["CN"] = "2.5.4.3",
        ["L"] = "2.5.4.7",
        ["ST"] = "2.5.4.8",
        ["S"] = "2.5.4.8",
        ["O"] = "2.5.4.10",
        ["OU"] = "2.5.4.11",
        ["C"] = "2.5.4.6",
        ["STREET"] = "2.5.4.9",
        ["SERIALNUMBER"] = "2.5.4.5",
        ["DC"] = "0.9.2342.19200300.100.1.25",
        ["UID"] = "0.9.2342.19200300.100.1.1",
        ["E"] = "1.2.840.113549.1.9.1",
        ["EMAILADDRESS"] = "1.2.840.113549.1.9.1",
    };

    /// <param name="registered">As RFC 4514 writes it.</param>
    /// <param name="presented">Of a certificate.</param>
    /// <returns>
    /// False also when <paramref name="registered"/> is no such name, or one part has several values (RFC 4514
    /// <c>+</c>).
    /// </returns>
    public static bool AreSame(string registered, X500DistinguishedName presented)
    {
        if (Parse(registered) is not { } wanted)
        {
            return false;
        }

        var parts = presented.EnumerateRelativeDistinguishedNames().ToList();
        return parts.Count == wanted.Count
            && parts
                .Zip(wanted)
                .All(pair =>
                    !pair.First.HasMultipleElements
                    && pair.First.GetSingleElementType().Value == pair.Second.Type
                    && Plain(pair.First.GetSingleElementValue() ?? "")
                        .Equals(Plain(pair.Second.Value), StringComparison.OrdinalIgnoreCase)
                );
    }

    /// <returns>
    /// The parts, the most specific first, or null when the text is no distinguished name of single values.
    /// </returns>
    internal static IReadOnlyList<(string Type, string Value)>? Parse(string text)
    {
        var parts = new List<(string Type, string Value)>();
        for (var i = 0; i <= text.Length; i++)
        {
            var equals = text.IndexOf('=', Math.Min(i, text.Length));
            if (
                equals < 0
                || TypeOf(text[i..equals].Trim()) is not { } type
                || Value(text, equals + 1) is not var (value, end)
            )
            {
                return null;
            }

            parts.Add((type, value));
            i = end;
        }

        return parts;
    }

    private static string? TypeOf(string name) =>
        Types.TryGetValue(name, out var oid) ? oid
        : name.Length > 0 && name.All(c => char.IsAsciiDigit(c) || c == '.') ? name
        : null;

    /// <returns>The unescaped value, and where the comma after it is; null when an escape is wrong.</returns>
    private static (string Value, int End)? Value(string text, int start)
    {
        var bytes = new List<byte>();
        var i = start;
        for (; i < text.Length && text[i] is not (',' or ';'); i++)
        {
            if (text[i] == '+')
            {
                return null;
            }

            if (text[i] != '\\')
            {
                var length = char.IsHighSurrogate(text[i]) && i + 1 < text.Length ? 2 : 1;
                bytes.AddRange(Encoding.UTF8.GetBytes(text, i, length));
                i += length - 1;
            }
            else if (i + 2 < text.Length && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2]))
            {
                bytes.Add(Convert.ToByte(text.Substring(i + 1, 2), 16));
                i += 2;
            }
            else if (i + 1 < text.Length)
            {
                bytes.Add((byte)text[++i]);
            }
            else
            {
                return null;
            }
        }

        return (Encoding.UTF8.GetString([.. bytes]), i);
    }

    private static string Plain(string value) =>
        string.Join(' ', value.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
