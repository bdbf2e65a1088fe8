namespace AuthServer.Clients;

/// <summary>Which scopes a client may ask for. Pure.</summary>
internal static class ClientScopes
{
    /// <summary>
    /// What a client may ask for that registered no <c>scope</c>: everything of OIDC Core §5.4 and §11. The
    /// registration numbers of <c>professional</c> have to be asked for by name.
    /// </summary>
    public static IReadOnlyList<string> Default { get; } =
    ["openid", "profile", "email", "phone", "address", "offline_access"];

    /// <summary>
    /// The registered scopes, narrowed by <see cref="ClientMetadata.AllowedScopes"/>, in the order registered.
    /// </summary>
    public static IReadOnlyList<string> AllowedFor(ClientMetadata metadata)
    {
        var registered = metadata.Scope is { } scope ? Split(scope).Distinct(StringComparer.Ordinal) : Default;
        return metadata.AllowedScopes is { } allowed
            ? [.. registered.Where(s => allowed.Contains(s, StringComparer.Ordinal))]
            : [.. registered];
    }

    public static string[] Split(string scope) => scope.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>RFC 6749 §3.3: printable ASCII without the space, <c>"</c> and <c>\</c>.</summary>
    public static bool IsLegal(string scope) =>
        scope.Length > 0 && scope.All(c => c is >= '!' and <= '~' and not '"' and not '\\');
}
