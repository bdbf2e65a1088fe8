namespace AuthServer.Clients;

internal static class ClientScopes
{
    public static IReadOnlyList<string> AllowedFor(ClientMetadata metadata) => metadata.Scope is { } s ? s.Split(' ') : ["openid", "profile", "email", "phone", "address", "offline_access"];

    public static bool Allows(ClientMetadata metadata, string scope) => AllowedFor(metadata).Contains(scope);
}
