using System.Buffers;

namespace AuthServer.Clients;

/// <summary>
/// What an address in a client's metadata must look like. Each rule answers with the end of a sentence, or null.
/// </summary>
internal static class ClientUriRules
{
    private const int MaximumLength = 2000;

    private static readonly SearchValues<char> SchemeCharacters = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyz0123456789+-."
    );

    /// <summary>
    /// An address that people or their browsers are sent to with something that is meant for the app alone.
    /// </summary>
    /// <param name="uri">The address.</param>
    /// <param name="isPublicNative">Only such apps may have a scheme of their own (RFC 8252 §7.1).</param>
    public static string? WrongAsRedirect(string uri, bool isPublicNative)
    {
        if (WrongAnywhere(uri) is { } wrong)
        {
            return wrong;
        }

        var scheme = uri[..uri.IndexOf(':', StringComparison.Ordinal)];
        if (scheme is "https" or "http")
        {
            return WrongAsWeb(uri);
        }

        return !scheme.Contains('.', StringComparison.Ordinal)
                ? "must be https; an app's own scheme must be a domain name turned round, such as uk.example.app (RFC 8252)."
            : isPublicNative ? null
            : "may have an app's own scheme only with application_type native and token_endpoint_auth_method none.";
    }

    /// <summary>An address that this server calls or a page links to: https, or http on a loopback address.</summary>
    public static string? WrongAsLink(string uri)
    {
        if (WrongAnywhere(uri, fragmentAllowed: true) is { } wrong)
        {
            return wrong;
        }

        return uri.StartsWith("https:", StringComparison.Ordinal) || uri.StartsWith("http:", StringComparison.Ordinal)
            ? WrongAsWeb(uri)
            : "must be an https address, or an http one on a loopback address.";
    }

    /// <summary>A link without a fragment: one that a request is made of.</summary>
    public static string? WrongAsEndpoint(string uri) =>
        uri.Contains('#', StringComparison.Ordinal) ? "must not have a fragment." : WrongAsLink(uri);

    private static string? WrongAnywhere(string uri, bool fragmentAllowed = false)
    {
        if (uri.Length > MaximumLength)
        {
            return $"must not be longer than {MaximumLength} characters.";
        }

        if (uri.Contains('*', StringComparison.Ordinal))
        {
            return "must not have a wildcard: register every address.";
        }

        if (
            !uri.All(c => c is > ' ' and < '\x7f')
            || !HasScheme(uri)
            || !Uri.IsWellFormedUriString(uri, UriKind.Absolute)
        )
        {
            return "must be an absolute address, with its scheme in lower case and other than ASCII characters encoded.";
        }

        // RFC 6749 §3.1.2
        return !fragmentAllowed && uri.Contains('#', StringComparison.Ordinal) ? "must not have a fragment." : null;
    }

    private static string? WrongAsWeb(string uri)
    {
        var parsed = new Uri(uri, UriKind.Absolute);
        if (parsed.Host.Length == 0 || !uri.AsSpan(parsed.Scheme.Length).StartsWith("://"))
        {
            return "must name a host.";
        }

        if (parsed.UserInfo.Length > 0 || Authority(uri).Contains('@'))
        {
            return "must not hold a username or password.";
        }

        return parsed.Scheme == Uri.UriSchemeHttps || parsed.Host is "127.0.0.1" or "[::1]" or "localhost"
            ? null
            : "must be https; http is for 127.0.0.1, [::1] and localhost only.";
    }

    private static ReadOnlySpan<char> Authority(string uri)
    {
        var rest = uri.AsSpan(uri.IndexOf("://", StringComparison.Ordinal) + 3);
        var end = rest.IndexOfAny("/?#");
        return end < 0 ? rest : rest[..end];
    }

    // On some systems the parser takes "/cb" for a file; schemes are compared as text, so their case matters too.
    private static bool HasScheme(string uri)
    {
        var colon = uri.IndexOf(':', StringComparison.Ordinal);
        return colon > 0
            && char.IsAsciiLetterLower(uri[0])
            && uri.AsSpan(0, colon).IndexOfAnyExcept(SchemeCharacters) < 0;
    }
}
