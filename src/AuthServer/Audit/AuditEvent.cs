namespace AuthServer.Audit;

/// <summary>
/// Something that happened to an account, a client or a key, written in the same transaction as the change.
/// </summary>
public sealed class AuditEvent
{
    public required Guid Id { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>What happened: a dotted, lower-case name from <see cref="AuditKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>Whom it happened to.</summary>
    public Guid? AccountId { get; init; }

    /// <summary>
    /// Who did it: an account's id, or <c>command-line</c>, or null for the person themselves or the system.
    /// </summary>
    public string? Actor { get; init; }

    public string? ClientId { get; init; }

    /// <summary>Further facts as <c>key=value</c> pairs. Never a secret, a password or a token.</summary>
    public string? Detail { get; init; }
}

/// <summary>Every kind of audit event, in one list.</summary>
public static class AuditKinds
{
    public const string AccountAdded = "account.added";
    public const string AccountImported = "account.imported";
    public const string AccountRemoved = "account.removed";
    public const string AccountDisabled = "account.disabled";
    public const string AccountEnabled = "account.enabled";
    public const string LoggedIn = "account.logged-in";
    public const string LogInFailed = "account.log-in-failed";
    public const string LoggedOut = "account.logged-out";
    public const string SessionsEnded = "account.sessions-ended";
    public const string EmailChanged = "account.email-changed";
    public const string PasswordChanged = "account.password-changed";
    public const string ThrottleLifted = "account.throttle-lifted";
    public const string ConsentGiven = "consent.given";
    public const string DeviceAllowed = "device.allowed";
    public const string DeviceDenied = "device.denied";
    public const string GrantReplayed = "grant.replayed";
    public const string ClientRegistered = "client.registered";
    public const string ClientUpdated = "client.updated";
    public const string ClientSecretRotated = "client.secret-rotated";
    public const string ClientRemoved = "client.removed";
    public const string ScopeRegistered = "scope.registered";
    public const string ScopeRemoved = "scope.removed";
    public const string KeysRotated = "keys.rotated";
    public const string DataProtectionKeysRemoved = "keys.data-protection-removed";
}
