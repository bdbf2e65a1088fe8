namespace AuthServer.Protocol.Claims;

/// <summary>
/// The scopes that this server knows of itself. Others may be registered with a client, for an API of its own.
/// </summary>
internal static class Scopes
{
    public const string OpenId = "openid";
    public const string Profile = "profile";
    public const string Email = "email";
    public const string Phone = "phone";
    public const string Address = "address";

    /// <summary>
    /// Ours: registration numbers and portfolio roles, so that an app can match its record to the person.
    /// </summary>
    public const string Professional = "professional";

    /// <summary>OIDC Core §11.</summary>
    public const string OfflineAccess = "offline_access";

    public static IReadOnlyList<string> Supported { get; } =
    [OpenId, Profile, Email, Phone, Address, Professional, OfflineAccess];

    /// <summary>Splits a <c>scope</c> parameter (RFC 6749 §3.3): order kept, repeats dropped.</summary>
    public static IReadOnlyList<string> Split(string? scope) =>
        scope is null
            ? []
            : [.. scope.Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)];

    public static string Join(IEnumerable<string> scopes) => string.Join(' ', scopes);
}
