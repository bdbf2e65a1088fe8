namespace AuthServer.Accounts;

/// <summary>What an account answers to, normalized.</summary>
/// <param name="AccountId">Whose.</param>
/// <param name="Username">Never empty.</param>
/// <param name="Email">Null: none.</param>
/// <param name="EmailVerified">Only a verified address can log in.</param>
/// <param name="EmailAsTyped">Kept as an earlier address when another takes its place.</param>
internal sealed record ClaimedIdentifiers(
    Guid AccountId,
    string Username,
    string? Email,
    bool EmailVerified,
    string? EmailAsTyped = null
)
{
    public static ClaimedIdentifiers Of(Account account) =>
        new(
            account.Id,
            Identifier.Normalize(account.Username),
            account.EmailNormalized,
            account.EmailVerified,
            account.Email
        );
}

/// <summary>
/// The part of the log-in identifiers that one change, or one batch of an import, is about: who has which of them now,
/// and who will have when it is done. Opened, and written back, by <see cref="LogInIdentifiers"/>.
/// </summary>
internal sealed class IdentifierLedger
{
    private readonly Dictionary<string, Guid> _usernames;
    private readonly Dictionary<string, Dictionary<Guid, bool>> _emails;

    /// <param name="rows">The rows of the table with one of the keys.</param>
    /// <param name="emails">Every account whose e-mail address is one of the keys, verified or not.</param>
    public IdentifierLedger(IReadOnlyList<AccountIdentifier> rows, IEnumerable<ClaimedIdentifiers> emails)
    {
        Rows = rows;
        _usernames = rows.Where(row => row.Kind == IdentifierKind.Username)
            .ToDictionary(row => row.Normalized, row => row.AccountId);
        _emails = emails
            .GroupBy(holder => holder.Email ?? "")
            .ToDictionary(
                same => same.Key,
                same => same.ToDictionary(holder => holder.AccountId, holder => holder.EmailVerified)
            );
    }

    /// <summary>As they stand in the table.</summary>
    public IReadOnlyList<AccountIdentifier> Rows { get; }

    /// <summary>The keys that a change has touched.</summary>
    public HashSet<string> Touched { get; } = [];

    /// <summary>Addresses that accounts gave up, as typed.</summary>
    public List<(Guid AccountId, string Email)> GivenUp { get; } = [];

    /// <returns>Why the account cannot answer to these, as a sentence; or null when it can.</returns>
    public string? Problem(ClaimedIdentifiers claimed)
    {
        if (_usernames.TryGetValue(claimed.Username, out var owner) && owner != claimed.AccountId)
        {
            return "Another account has this username.";
        }

        if (Identifier.LooksLikeEmail(claimed.Username) && claimed.Username != claimed.Email)
        {
            return "A username may look like an email address only if it is the account's own address.";
        }

        if (_emails.TryGetValue(claimed.Username, out var holders) && holders.Keys.Any(id => id != claimed.AccountId))
        {
            return "This username is another account's email address.";
        }

        return ProblemWithEmail(claimed);
    }

    /// <summary>
    /// For an account whose address changes and whose username stays: it may well be the address of before.
    /// </summary>
    /// <returns>Why the account cannot have the address, as a sentence; or null when it can.</returns>
    public string? ProblemWithEmail(ClaimedIdentifiers claimed) =>
        claimed.Email is not null && _usernames.TryGetValue(claimed.Email, out var owner) && owner != claimed.AccountId
            ? "This email address is another account's username."
            : null;

    /// <summary>The account answers to <paramref name="after"/> from now on.</summary>
    /// <param name="before">What it answered to, or null for a new account.</param>
    public void Apply(ClaimedIdentifiers? before, ClaimedIdentifiers after)
    {
        if (before is not null && before.Username != after.Username)
        {
            _usernames.Remove(before.Username);
            Touched.Add(before.Username);
        }

        if (before?.Email is { } lost && _emails.TryGetValue(lost, out var holders))
        {
            holders.Remove(before.AccountId);
            Touched.Add(lost);
        }

        if (before is { Email: { } old } && old != after.Email)
        {
            GivenUp.Add((before.AccountId, before.EmailAsTyped ?? old));
        }

        _usernames[after.Username] = after.AccountId;
        Touched.Add(after.Username);
        if (after.Email is { } gained)
        {
            if (!_emails.TryGetValue(gained, out holders))
            {
                _emails[gained] = holders = [];
            }

            holders[after.AccountId] = after.EmailVerified;
            Touched.Add(gained);
        }
    }

    /// <summary>The account answers to nothing any more.</summary>
    public void Remove(ClaimedIdentifiers account)
    {
        _usernames.Remove(account.Username);
        Touched.Add(account.Username);
        if (account.Email is { } email)
        {
            _emails.GetValueOrDefault(email)?.Remove(account.AccountId);
            Touched.Add(email);
        }
    }

    /// <returns>The row that a key should have, or null when nobody logs in with it.</returns>
    public AccountIdentifier? Wanted(string normalized)
    {
        if (_usernames.TryGetValue(normalized, out var owner))
        {
            return new AccountIdentifier
            {
                Normalized = normalized,
                AccountId = owner,
                Kind = IdentifierKind.Username,
            };
        }

        // An address that several accounts have proved to be theirs belongs to none of them alone.
        return
            _emails.TryGetValue(normalized, out var holders)
            && holders.Where(holder => holder.Value).Select(holder => holder.Key).ToList() is [var only]
            ? new AccountIdentifier
            {
                Normalized = normalized,
                AccountId = only,
                Kind = IdentifierKind.Email,
            }
            : null;
    }
}
