using System.Text;

namespace AuthServer.Accounts;

/// <summary>The two steps that normalizing an identifier and normalizing a password share.</summary>
internal static class Unicode
{
    /// <summary>
    /// Canonical composition (NFC). Half a surrogate pair and the noncharacter U+FFFE, which .NET refuses to normalise,
    /// become U+FFFD.
    /// </summary>
    public static string Compose(string text)
    {
        // This is the one place that normalises; Identifier and TypedPassword normalize through it.
#pragma warning disable RS0030
        return WellFormed(text).Normalize(NormalizationForm.FormC);
#pragma warning restore RS0030
    }

    /// <summary>
    /// Compatibility decomposition (NFKD): letters apart from their accents. For search keys alone, which let nobody
    /// in.
    /// </summary>
    public static string Decompose(string text)
    {
#pragma warning disable RS0030 // as above
        return WellFormed(text).Normalize(NormalizationForm.FormKD);
#pragma warning restore RS0030
    }

    /// <summary>Length as people count it: an emoji or a letter outside the first plane is one, not two.</summary>
    public static int CodePoints(string text) => text.EnumerateRunes().Count();

    private static string WellFormed(string text) => string.Concat(text.EnumerateRunes()).Replace('\uFFFE', '\uFFFD');
}
