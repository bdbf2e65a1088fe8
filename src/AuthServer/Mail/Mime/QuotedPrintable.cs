using System.Globalization;
using System.Text;

namespace AuthServer.Mail.Mime;

/// <summary>
/// Text that survives every mail server (RFC 2045 §6.7): ASCII as it is, the rest as <c>=XX</c>, lines of 76 at most.
/// </summary>
internal static class QuotedPrintable
{
    private const int LineLength = 76;

    /// <param name="text">Lines end in <c>\n</c> or <c>\r\n</c>.</param>
    /// <returns>Lines end in <c>\r\n</c>.</returns>
    public static string Encode(string text)
    {
        var encoded = new StringBuilder(text.Length * 5 / 4);
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            EncodeLine(lines[i], encoded);
            encoded.Append(i < lines.Length - 1 ? "\r\n" : "");
        }

        return encoded.ToString();
    }

    public static string Decode(string encoded)
    {
        var bytes = new List<byte>(encoded.Length);
        for (var i = 0; i < encoded.Length; i++)
        {
            if (encoded[i] != '=')
            {
                bytes.Add((byte)encoded[i]);
            }
            else if (encoded.AsSpan(i + 1).StartsWith("\r\n"))
            {
                i += 2; // a soft line break
            }
            else
            {
                bytes.Add(byte.Parse(encoded.AsSpan(i + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                i += 2;
            }
        }

        return Encoding.UTF8.GetString([.. bytes]).ReplaceLineEndings("\n");
    }

    private static void EncodeLine(string line, StringBuilder encoded)
    {
        var bytes = Encoding.UTF8.GetBytes(line);
        var column = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            var last = i == bytes.Length - 1;
            var plain = bytes[i] is >= (byte)'!' and <= (byte)'~' and not (byte)'=' || (bytes[i] == ' ' && !last);
            var width = plain ? 1 : 3;
            if (column + width > LineLength - (last ? 0 : 1))
            {
                encoded.Append("=\r\n");
                column = 0;
            }

            if (plain)
            {
                encoded.Append((char)bytes[i]);
            }
            else
            {
                encoded.Append('=').Append(bytes[i].ToString("X2", CultureInfo.InvariantCulture));
            }

            column += width;
        }
    }
}
