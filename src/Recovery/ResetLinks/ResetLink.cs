namespace Recovery.ResetLinks;

/// <summary>
/// A single-use right to choose a password: a reset, or a first password. Only the token's SHA-256 is kept.
/// </summary>
public sealed class ResetLink
{
    public required Guid Id { get; init; }

    public required Guid AccountId { get; init; }

    public required LinkPurpose Purpose { get; init; }

    /// <summary>SHA-256 of the 32 random bytes in the link.</summary>
    public required byte[] TokenHash { get; init; }

    /// <summary>The normalized address that it was sent to: a link dies when the account's address changes.</summary>
    public required string SentTo { get; init; }

    /// <summary>
    /// Counts the links of the account: the one with the highest number works, whatever any clock said.
    /// </summary>
    public required int Generation { get; init; }

    /// <summary>
    /// The account's security stamp when the link was made: the link works while the account still has it.
    /// </summary>
    public required Guid SecurityStamp { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; set; }

    /// <summary>The app to lead back to, or null.</summary>
    public string? ClientId { get; init; }

    /// <summary>
    /// That app's request, sealed by the host, for an app that cannot begin a log-in by itself. Null when there is
    /// none.
    /// </summary>
    public string? Ticket { get; init; }

    /// <summary>The request or the support case that it answers.</summary>
    public Guid? RequestId { get; init; }

    /// <summary>When it was spent.</summary>
    public DateTimeOffset? UsedAt { get; set; }

    /// <summary>When it was voided, and why.</summary>
    public DateTimeOffset? VoidedAt { get; set; }

    public VoidReason? VoidedBecause { get; set; }

    /// <summary>
    /// When it stopped working, or will: used, voided or expired. Computed by the database; clean-up goes by it.
    /// </summary>
    public DateTimeOffset EndsAt { get; private set; }
}

public enum LinkPurpose
{
    Reset = 0,

    /// <summary>The first password of an invited person.</summary>
    Activation = 1,

    /// <summary>A reset that a support case ended in.</summary>
    Case = 2,
}

public enum VoidReason
{
    /// <summary>The newest link wins.</summary>
    Replaced = 0,

    /// <summary>The account's address changed since.</summary>
    AddressChanged = 1,

    /// <summary>The password was changed in another way.</summary>
    PasswordChanged = 2,

    /// <summary>Somebody with access to a held address stopped the case.</summary>
    Stopped = 3,
}
