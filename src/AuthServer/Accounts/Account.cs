namespace AuthServer.Accounts;

/// <summary>
/// A person who can log in. The claims that apps are given are read from here by <c>Protocol/Claims/ClaimCatalogue</c>;
/// what a person logs in with is in <see cref="AccountIdentifier"/>.
/// </summary>
public sealed class Account
{
    /// <summary>The <c>sub</c> of every token (OIDC Core §2). Never an e-mail address or username.</summary>
    public required Guid Id { get; init; }

    /// <summary>
    /// As it was typed when it was set; shown back like that. Its normalized form is an
    /// <see cref="AccountIdentifier"/>.
    /// </summary>
    public required string Username { get; set; }

    /// <summary>As typed. Several accounts may have the same one; then it does not log in by itself.</summary>
    public string? Email { get; set; }

    /// <summary>The normalized <see cref="Email"/>, indexed and not unique: who has this address?</summary>
    public string? EmailNormalized { get; set; }

    public bool EmailVerified { get; set; }

    /// <summary>OIDC Core §5.1 <c>name</c>. Null: given and family name are put together.</summary>
    public string? Name { get; set; }

    public string? GivenName { get; set; }

    public string? FamilyName { get; set; }

    public string? MiddleName { get; set; }

    public string? Nickname { get; set; }

    /// <summary>URL of a profile page, OIDC Core §5.1.</summary>
    public string? Profile { get; set; }

    /// <summary>URL of a picture, OIDC Core §5.1.</summary>
    public string? Picture { get; set; }

    /// <summary>URL, OIDC Core §5.1.</summary>
    public string? Website { get; set; }

    public string? Gender { get; set; }

    /// <summary>YYYY-MM-DD, 0000-MM-DD or YYYY (OIDC Core §5.1).</summary>
    public string? Birthdate { get; set; }

    /// <summary>IANA time zone, such as Europe/London.</summary>
    public string? Zoneinfo { get; set; }

    /// <summary>BCP 47 tag, such as en-GB.</summary>
    public string? Locale { get; set; }

    public string? PhoneNumber { get; set; }

    public bool PhoneNumberVerified { get; set; }

    /// <summary>Null when nothing of it is known.</summary>
    public PostalAddress? Address { get; set; }

    /// <summary>General Medical Council reference, as typed.</summary>
    public string? GmcNumber { get; set; }

    /// <summary>Nursing and Midwifery Council PIN, as typed.</summary>
    public string? NmcNumber { get; set; }

    /// <summary>National Training Number, as typed.</summary>
    public string? Ntn { get; set; }

    public string? CollegeNumber { get; set; }

    /// <summary>What the person is in the portfolios: trainee, supervisor, … Empty when unknown.</summary>
    public List<string> PortfolioRoles { get; set; } = [];

    public StaffRole StaffRole { get; set; }

    /// <summary>A disabled account cannot log in, and costs a guesser the same time as any other.</summary>
    public bool Disabled { get; set; }

    /// <summary>
    /// When the account was removed. Nothing is left then but this row, which keeps its id from being given out again
    /// and the audit trail readable.
    /// </summary>
    public DateTimeOffset? RemovedAt { get; set; }

    /// <summary>
    /// A PHC string of Argon2id, or ASP.NET Core Identity's format (PBKDF2, imported hashes). Null until a password is
    /// chosen (an invited person).
    /// </summary>
    public string? PasswordHash { get; set; }

    /// <summary>How the typed password was normalized before it was hashed: <see cref="PasswordScheme"/>.</summary>
    public PasswordScheme PasswordScheme { get; set; } = TypedPassword.Scheme;

    public DateTimeOffset? PasswordChangedAt { get; set; }

    /// <summary>
    /// How often a password was set: equal means that none was set in between, whatever the clocks said.
    /// </summary>
    public int PasswordGeneration { get; set; }

    /// <summary>
    /// Replaced whenever everything of the account ends at once: a new password, a lock, sign-out everywhere. Sessions,
    /// authorizations and reset links copy it and live while the copy is equal, so no clock decides what came first.
    /// </summary>
    public Guid SecurityStamp { get; set; } = Guid.NewGuid();

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When a claim last changed: <c>updated_at</c> of OIDC Core §5.1.</summary>
    public required DateTimeOffset UpdatedAt { get; set; }

    public DateTimeOffset? LastLogInAt { get; set; }

    /// <summary>
    /// What support finds the account by whatever the spelling. Computed when the account is written, and indexed:
    /// there is nothing to set.
    /// </summary>
    public string? FamilyNameKey
    {
        get => SearchKey.Name(FamilyName ?? Name?.TrimEnd().Split(' ')[^1]);
        private set => _ = value;
    }

    public string? GivenNameKey
    {
        get => SearchKey.Name(GivenName ?? Name?.TrimStart().Split(' ')[0]);
        private set => _ = value;
    }

    public string? GmcKey
    {
        get => SearchKey.Number(GmcNumber);
        private set => _ = value;
    }

    public string? NmcKey
    {
        get => SearchKey.Number(NmcNumber);
        private set => _ = value;
    }

    public string? NtnKey
    {
        get => SearchKey.Number(Ntn);
        private set => _ = value;
    }

    public string? CollegeKey
    {
        get => SearchKey.Number(CollegeNumber);
        private set => _ = value;
    }

    /// <summary>What to call the person: the name, or the username when no name is known.</summary>
    public string DisplayName =>
        Name
        ?? (
            string.Join(' ', new[] { GivenName, FamilyName }.Where(part => !string.IsNullOrWhiteSpace(part)))
                is { Length: > 0 } name
                ? name
                : Username
        );
}

/// <summary>The parts of the <c>address</c> claim (OIDC Core §5.1.1). Kept as one JSON column.</summary>
public sealed record PostalAddress
{
    public string? Formatted { get; init; }

    public string? StreetAddress { get; init; }

    public string? Locality { get; init; }

    public string? Region { get; init; }

    public string? PostalCode { get; init; }

    public string? Country { get; init; }
}

/// <summary>What an account may do here, beyond logging in.</summary>
public enum StaffRole
{
    None = 0,

    /// <summary>Decides support cases.</summary>
    Support = 1,

    /// <summary>Registers clients and looks after accounts.</summary>
    Administrator = 2,
}

/// <summary>How the bytes under a password hash were made from what was typed.</summary>
public enum PasswordScheme
{
    /// <summary>Exactly as typed: a hash imported from another system. Checked raw first, then normalized.</summary>
    Raw = 0,

    /// <summary>Normalized by <c>TypedPassword</c>, first version.</summary>
    Normalized1 = 1,

    /// <summary>By the table of <c>Substitutions</c>: every hash that is made now.</summary>
    Normalized2 = 2,
}
