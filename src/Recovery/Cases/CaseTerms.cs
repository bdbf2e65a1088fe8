using Recovery.Cases.Matching;
using Recovery.Ports;

namespace Recovery.Cases;

/// <summary>
/// The words by which the desk's search finds a case: the names, username and addresses that the person gave, without
/// their spelling. <c>O’Brien</c>, <c>o'brien</c> and <c>OBRIEN</c> are one word.
/// </summary>
public sealed class CaseTerms(ITypedText text, IAccountAddresses addresses)
{
    /// <summary>Letters and digits of a word; more than any name or address has.</summary>
    private const int Longest = 200;

    /// <summary>Words of one case, or of one search.</summary>
    private const int Most = 40;

    /// <summary>The words of an opened case.</summary>
    public IEnumerable<CaseTerm> Of(SupportCase support)
    {
        var (given, family) = (support.Evidence?.GivenName, support.Evidence?.FamilyName);
        IEnumerable<string?> stated =
        [
            support.NewEmail,
            support.Evidence?.Username,
            .. support.Evidence?.EarlierEmails ?? [],
        ];
        return Words($"{given} {family}")
            .Concat([Key(given), Key(family), Key(given + family), Key(family + given)])
            .Concat(stated.OfType<string>().SelectMany(Whole))
            .Where(term => term.Length > 0)
            .Distinct()
            .Take(Most)
            .Select(term => new CaseTerm { CaseId = support.Id, Term = term });
    }

    /// <summary>A name, a username or an address as one word, in each way that it can be read.</summary>
    public IReadOnlyList<string> Whole(string typed) =>
        [
            .. new[] { Key(typed), Key(text.Normalize(typed)), Key(addresses.Clean(typed)) }
                .Where(key => key.Length > 0)
                .Distinct(),
        ];

    /// <summary>The words of a name.</summary>
    public IReadOnlyList<string> Words(string typed) =>
        [.. NormalizedText.Words(text.Plain(typed)).Select(Shortened).Distinct().Take(Most)];

    private string Key(string? typed) => Shortened(NormalizedText.Key(text.Plain(typed ?? "")));

    // Whole characters: half a surrogate pair cannot be stored.
    private static string Shortened(string word) =>
        word.Length <= Longest ? word : string.Concat(word.EnumerateRunes().Take(Longest));
}
