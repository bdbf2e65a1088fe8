namespace Recovery.Ports;

/// <summary>
/// How the host reads what people type. Support cases are compared by the same rules that log people in.
/// </summary>
public interface ITypedText
{
    /// <summary>
    /// The text with what keyboards put in place of apostrophes, quotes, hyphens and spaces replaced, and nothing
    /// invisible in it.
    /// </summary>
    string Plain(string typed);

    /// <summary>The form in which two spellings of a username or an address are the same.</summary>
    string Normalize(string identifier);

    /// <summary>Compares a username or an address as it is stated with the one that is held.</summary>
    IdentifierLikeness Compare(string stated, string held);
}

/// <summary>How alike two usernames or addresses are.</summary>
public enum IdentifierLikeness
{
    Different = 0,

    /// <summary>
    /// Their letters and digits are the same, without accents: a log-in finds the account when no other has them.
    /// </summary>
    SameLetters = 1,

    /// <summary>The same but for what stands around them.</summary>
    Same = 2,
}
