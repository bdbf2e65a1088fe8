namespace AuthServer.Protocol.Claims;

/// <summary>The <c>acr</c> of a log-in (OIDC Core §2).</summary>
internal static class AuthenticationContext
{
    /// <summary>
    /// The REFEDS single-factor authentication profile: a password of twelve or more characters, throttled.
    /// </summary>
    public const string SingleFactor = "https://refeds.org/profile/sfa";

    public static IReadOnlyList<string> Supported { get; } = [SingleFactor];
}
