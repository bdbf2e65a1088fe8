namespace AuthServer.Accounts;

/// <summary>
/// One thing that can be typed to log in: every username, and every verified e-mail address that belongs to just one
/// account. All of them share one namespace, so nobody's username can be somebody else's address.
/// </summary>
public sealed class AccountIdentifier
{
    /// <summary>The normalized form: the table's key, so two accounts can never answer to the same text.</summary>
    public required string Normalized { get; init; }

    /// <summary>Its letters and digits alone, indexed and not unique: <see cref="SearchKey.Letters"/>.</summary>
    public string Letters
    {
        get => SearchKey.Letters(Normalized);
        private set => _ = value;
    }

    public required Guid AccountId { get; init; }

    public required IdentifierKind Kind { get; init; }
}

public enum IdentifierKind
{
    Username = 0,
    Email = 1,
}

/// <summary>An address an account had before: support cases are compared with it.</summary>
public sealed class PreviousEmail
{
    public required Guid AccountId { get; init; }

    /// <summary>The normalized address; with the account, the key.</summary>
    public required string Normalized { get; init; }

    /// <summary>As it was typed.</summary>
    public required string Email { get; init; }

    public required DateTimeOffset RecordedAt { get; init; }
}
