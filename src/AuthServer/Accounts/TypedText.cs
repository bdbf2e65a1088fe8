using Recovery.Ports;

namespace AuthServer.Accounts;

/// <summary>The host's side of recovery's port for what people type.</summary>
internal sealed class TypedText : ITypedText
{
    public string Plain(string typed) => Substitutions.InIdentifier(typed);

    public string Normalize(string identifier) => Identifier.Normalize(identifier);

    public IdentifierLikeness Compare(string stated, string held)
    {
        var (one, other) = (IdentifierKeys.Of(stated), IdentifierKeys.Of(held));
        return one.Exact.Length == 0 || other.Exact.Length == 0 ? IdentifierLikeness.Different
            : one.Exact == other.Exact || one.Stripped == other.Exact || one.Exact == other.Stripped
                ? IdentifierLikeness.Same
            : one.Letters.Length > 0 && one.Letters == other.Letters ? IdentifierLikeness.SameLetters
            : IdentifierLikeness.Different;
    }
}
