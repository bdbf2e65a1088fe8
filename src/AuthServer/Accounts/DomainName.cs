using System.Globalization;

namespace AuthServer.Accounts;

/// <summary>The name of an internet domain, which a browser may send in ASCII for what was typed in Unicode.</summary>
internal static class DomainName
{
    private const string AsciiPrefix = "xn--";

    private static readonly IdnMapping Idna = new();

    /// <summary>
    /// The form in which two spellings of a domain are the same (UTS 46, non-transitional), in Unicode.
    /// </summary>
    /// <param name="plain">In lower case.</param>
    /// <returns><paramref name="plain"/> itself when it is no domain name.</returns>
    public static string Normalize(string plain)
    {
        if (System.Text.Ascii.IsValid(plain) && !plain.Contains(AsciiPrefix, StringComparison.Ordinal))
        {
            return plain;
        }

        try
        {
            return Idna.GetUnicode(Idna.GetAscii(plain));
        }
        catch (ArgumentException)
        {
            return plain; // not a domain name, so it is compared as it was typed
        }
    }
}
