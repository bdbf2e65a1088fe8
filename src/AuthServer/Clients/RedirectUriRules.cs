namespace AuthServer.Clients;

/// <summary>Which redirect URIs are a client's own (RFC 9700 §2.1, OIDC Core §3.1.2.1).</summary>
internal static class RedirectUriRules
{
    private static readonly string[] LoopbackOrigins = ["http://127.0.0.1", "http://[::1]"];

    /// <summary>
    /// True when <paramref name="uri"/> is registered, character by character. Only the port of a loopback address may
    /// differ, because a native app takes whichever is free (RFC 8252 §7.3); <c>localhost</c> is a name and gets no
    /// such grace (§8.3).
    /// </summary>
    public static bool IsRegistered(RegisteredClient client, string uri) => IsAmong(client.Metadata.RedirectUris, uri);

    /// <summary>The same rule for where a person may be sent after logging out (OIDC RP-Initiated Logout §3).</summary>
    public static bool IsRegisteredForLogOut(RegisteredClient client, string uri) =>
        IsAmong(client.Metadata.PostLogoutRedirectUris, uri);

    /// <summary>True when the address is one of these, but for the port of a loopback address.</summary>
    public static bool IsAmong(IReadOnlyList<string> registered, string uri)
    {
        foreach (var candidate in registered)
        {
            if (string.Equals(candidate, uri, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return LoopbackWithoutPort(uri) is { } wanted
            && registered.Any(candidate => LoopbackWithoutPort(candidate) == wanted);
    }

    /// <summary>
    /// Read as text, not by a URI parser: what is compared must be what the browser gets, and
    /// <c>http://127.0.0.1:1@elsewhere</c> must not pass for an address with a port.
    /// </summary>
    private static (string Origin, string PathAndQuery)? LoopbackWithoutPort(string uri)
    {
        foreach (var origin in LoopbackOrigins)
        {
            if (!uri.StartsWith(origin, StringComparison.Ordinal))
            {
                continue;
            }

            var rest = uri.AsSpan(origin.Length);
            if (rest is [':', ..])
            {
                var digits = rest[1..].IndexOfAnyExceptInRange('0', '9');
                var port = digits < 0 ? rest[1..] : rest[1..(digits + 1)];
                if (!ushort.TryParse(port, System.Globalization.NumberStyles.None, null, out var number) || number == 0)
                {
                    return null;
                }

                rest = rest[(port.Length + 1)..];
            }

            return rest is [] or ['/', ..] or ['?', ..] ? (origin, rest.ToString()) : null;
        }

        return null;
    }
}
