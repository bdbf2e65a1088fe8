namespace AuthServer.Protocol;

/// <summary>The addresses of the protocol's endpoints, which apps rely on.</summary>
internal static class ProtocolPaths
{
    /// <summary>
    /// Characters of an address of ours with a ticket in it: all that a server takes by default is a little more.
    /// </summary>
    public const int LongestAddress = 14_000;

    public const string Authorize = "/connect/authorize";
    public const string PushedAuthorization = "/connect/par";
    public const string DeviceAuthorization = "/connect/device";
    public const string Token = "/connect/token";
    public const string UserInfo = "/connect/userinfo";
    public const string Introspect = "/connect/introspect";
    public const string Revoke = "/connect/revoke";
    public const string EndSession = "/connect/endsession";
    public const string Jwks = "/.well-known/jwks.json";
    public const string Discovery = "/.well-known/openid-configuration";
    public const string OAuthDiscovery = "/.well-known/oauth-authorization-server";
}
