using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace AuthServer.Mail.Mime;

/// <summary>
/// Reads what <see cref="MimeWriter"/> wrote, for the mailbox page and for tests. Not a reader of anybody else's mail.
/// </summary>
internal static partial class MimeReader
{
    /// <exception cref="FormatException">It is not one of ours.</exception>
    public static ReadMail Read(string message)
    {
        var (headers, body) = Split(message);
        var boundary = Boundary().Match(headers["Content-Type"]).Groups[1].Value;
        var parts = body.Split($"--{boundary}", StringSplitOptions.None)
            .Select(part => part.TrimStart('\r', '\n'))
            .Where(part => part.Length > 0 && part[0] != '-')
            .Select(Split)
            .ToList();
        return new ReadMail(
            Decode(headers["From"]),
            Decode(headers["To"]),
            Decode(headers["Subject"]),
            DateTimeOffset.Parse(headers["Date"], CultureInfo.InvariantCulture),
            headers["Message-ID"],
            ContentOf(parts, "text/plain"),
            ContentOf(parts, "text/html"),
            headers
        );
    }

    private static string ContentOf(List<(Dictionary<string, string> Headers, string Body)> parts, string type) =>
        parts.Find(part => part.Headers["Content-Type"].StartsWith(type, StringComparison.Ordinal))
            is { Body: { } body }
            ? QuotedPrintable.Decode(body)
            : throw new FormatException($"The message has no {type}.");

    private static (Dictionary<string, string> Headers, string Body) Split(string message)
    {
        var end = message.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
        {
            throw new FormatException("The message has no end of its headers.");
        }

        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in message[..end].Replace("\r\n ", " ", StringComparison.Ordinal).Split("\r\n"))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            headers[line[..colon]] = line[(colon + 1)..].Trim();
        }

        return (headers, message[(end + 4)..]);
    }

    private static string Decode(string header)
    {
        // White space between two encoded words belongs to neither (RFC 2047 §6.2).
        var joined = BetweenWords().Replace(header, "?=$1");
        var decoded = EncodedWord()
            .Replace(joined, word => Encoding.UTF8.GetString(Convert.FromBase64String(word.Groups[1].Value)));
        return decoded.StartsWith('"')
            ? Escaped().Replace(decoded, "$1").Replace("\" <", " <", StringComparison.Ordinal)[1..]
            : decoded;
    }

    [GeneratedRegex("boundary=\"([^\"]+)\"")]
    private static partial Regex Boundary();

    [GeneratedRegex(@"\?=\s+(=\?)")]
    private static partial Regex BetweenWords();

    [GeneratedRegex(@"=\?utf-8\?B\?([^?]*)\?=")]
    private static partial Regex EncodedWord();

    [GeneratedRegex(@"\\(.)")]
    private static partial Regex Escaped();
}

/// <param name="From">Name and address, decoded.</param>
/// <param name="To">Name and address, decoded.</param>
/// <param name="Headers">As they stand, unfolded.</param>
internal sealed record ReadMail(
    string From,
    string To,
    string Subject,
    DateTimeOffset Date,
    string MessageId,
    string Text,
    string Html,
    IReadOnlyDictionary<string, string> Headers
);
