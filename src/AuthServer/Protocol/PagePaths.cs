namespace AuthServer.Protocol;

/// <summary>
/// The pages that protocol endpoints send people to. Each takes a sealed <c>ticket</c> and comes back with it.
/// </summary>
internal static class PagePaths
{
    public const string LogIn = "/log-in";
    public const string Consent = "/consent";
    public const string Device = "/device";
    public const string LogOut = "/log-out";
    public const string LoggedOut = "/log-out/done";
}
