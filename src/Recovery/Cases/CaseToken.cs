using System.Security.Cryptography;

namespace Recovery.Cases;

/// <summary>
/// What a link of a case carries: 32 random bytes, so that it cannot be guessed. The case keeps only their SHA-256, so
/// that nobody who reads the database can open one.
/// </summary>
/// <remarks>
/// It stands in the path, because a fragment reaches no page without JavaScript. Our answers tell browsers to send no
/// address to other sites, and our logs hold routes instead of addresses.
/// </remarks>
internal sealed record CaseToken(string Text, byte[] Hash)
{
    // Crockford's base 32: no letter that could be read as a digit or as another letter over the telephone.
    private const string ReferenceAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    public static CaseToken New()
    {
        var (text, hash) = LinkSecret.New();
        return new CaseToken(text, hash);
    }

    /// <returns>The hash to look for in the database, or null when the text cannot be a token.</returns>
    public static byte[]? HashOf(string? text) => LinkSecret.HashOf(text);

    /// <summary>Eight characters that people can say on the telephone. It names a case, and opens nothing.</summary>
    public static string NewReference() => RandomNumberGenerator.GetString(ReferenceAlphabet, 8);
}
