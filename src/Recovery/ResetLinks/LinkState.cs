using Recovery.Ports;

namespace Recovery.ResetLinks;

/// <summary>What a link is worth.</summary>
internal abstract record LinkState
{
    private LinkState() { }

    /// <summary>It may be spent.</summary>
    public sealed record Live(ResetLink Link, AccountReference Account) : LinkState;

    /// <summary>It may not.</summary>
    /// <param name="Why">How it died.</param>
    /// <param name="At">When, where that is known.</param>
    /// <param name="Link">Null when we have no such link.</param>
    public sealed record Dead(LinkDeath Why, DateTimeOffset? At, ResetLink? Link) : LinkState;

    /// <summary>Judges a link. The guards of <see cref="LinkRedeemer"/> ask for the same in SQL.</summary>
    /// <param name="link">As it is kept.</param>
    /// <param name="account">Whose it is; null when there is no such account any more.</param>
    /// <param name="newerFrom">When the link that came after it was made, or null: it is the newest of its
    /// account.</param>
    public static LinkState Of(ResetLink link, AccountReference? account, DateTimeOffset? newerFrom, DateTimeOffset now)
    {
        var (why, at) = link switch
        {
            { UsedAt: { } used } => (LinkDeath.Used, used),
            { VoidedAt: { } voided } => (DeathBy(link.VoidedBecause), voided),
            _ when newerFrom is { } newer => (LinkDeath.Replaced, newer),
            _ when link.ExpiresAt <= now => (LinkDeath.Expired, link.ExpiresAt),
            _ => account switch
            {
                null => (LinkDeath.Unknown, (DateTimeOffset?)null),
                { Disabled: true } => (LinkDeath.AccountDisabled, null),
                _ when account.EmailNormalized != link.SentTo => (LinkDeath.AddressChanged, null),
                _ when account.SecurityStamp != link.SecurityStamp => (LinkDeath.AccountSecured, null),
                _ => (LinkDeath.None, (DateTimeOffset?)null),
            },
        };
        return why == LinkDeath.None && account is not null ? new Live(link, account) : new Dead(why, at, link);
    }

    private static LinkDeath DeathBy(VoidReason? reason) =>
        reason switch
        {
            VoidReason.AddressChanged => LinkDeath.AddressChanged,
            VoidReason.PasswordChanged => LinkDeath.PasswordChanged,
            VoidReason.Stopped => LinkDeath.Stopped,
            _ => LinkDeath.Replaced,
        };
}

/// <summary>How a link died; the page says which, and what to do next.</summary>
internal enum LinkDeath
{
    None,

    /// <summary>Cut short on its way, made up, or so old that it has been forgotten.</summary>
    Unknown,

    Expired,

    Used,

    Replaced,

    AddressChanged,

    PasswordChanged,

    /// <summary>
    /// Everything of the account was ended since it was made: another password, a lock, sign-out everywhere.
    /// </summary>
    AccountSecured,

    /// <summary>Somebody with access to a held address stopped the support case.</summary>
    Stopped,

    AccountDisabled,
}
