using System.Text;

namespace AuthServer.Mail.Mime;

/// <summary>Words in a header: as they are when they are ASCII, else as encoded words (RFC 2047), folded.</summary>
internal static class HeaderText
{
    /// <summary>
    /// Bytes in one encoded word: 52 characters of base64, which with frame and "Subject: " are fewer than the 76 of a
    /// line.
    /// </summary>
    private const int BytesInWord = 39;

    /// <summary>Characters in a line, without its end, that are better not passed (RFC 5322 §2.1.1).</summary>
    private const int LineLength = 76;

    /// <summary>A subject (RFC 5322 §3.6.5).</summary>
    /// <param name="indent">How much of the line the header's name takes.</param>
    public static string Unstructured(string text, int indent) =>
        IsPlain(text) ? Folded(text, indent) : EncodedWords(text);

    /// <summary>A display name (RFC 5322 §3.4): quoted, or as encoded words.</summary>
    public static string Phrase(string text) =>
        IsPlain(text)
            ? $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\""
            : EncodedWords(text);

    private static bool IsPlain(string text) =>
        text.All(c => c is >= ' ' and <= '~') && !text.Contains("=?", StringComparison.Ordinal);

    private static string Folded(string text, int indent)
    {
        var folded = new StringBuilder();
        var length = indent;
        foreach (var word in text.Split(' '))
        {
            if (folded.Length > 0)
            {
                var fits = length + 1 + word.Length <= LineLength;
                folded.Append(fits ? " " : "\r\n ");
                length = fits ? length + 1 : 1;
            }

            folded.Append(word);
            length += word.Length;
        }

        return folded.ToString();
    }

    // A character is never cut in two (RFC 2047 §5).
    private static string EncodedWords(string text)
    {
        var words = new List<string>();
        var bytes = new List<byte>();
        Span<byte> one = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            var visible = Rune.IsControl(rune) ? new Rune(' ') : rune; // a line break would end the header
            var length = visible.EncodeToUtf8(one);
            if (bytes.Count + length > BytesInWord)
            {
                words.Add(Word(bytes));
                bytes.Clear();
            }

            bytes.AddRange(one[..length]);
        }

        words.Add(Word(bytes));
        return string.Join("\r\n ", words);
    }

    private static string Word(List<byte> bytes) => $"=?utf-8?B?{Convert.ToBase64String([.. bytes])}?=";
}
