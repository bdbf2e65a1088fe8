using AuthServer.Protocol.Claims;

namespace AuthServer.Pages.Consent;

/// <summary>What an app gets with a scope, in words that follow "It asks for:".</summary>
internal static class ScopeWords
{
    private static readonly Dictionary<string, string> Known = new(StringComparer.Ordinal)
    {
        [Scopes.OpenId] = "a number that tells it that you are the same person each time",
        [Scopes.Profile] =
            "your name and username, and what else your profile holds, such as your date of birth and gender",
        [Scopes.Email] = "your email address",
        [Scopes.Phone] = "your phone number",
        [Scopes.Address] = "your postal address",
        [Scopes.Professional] =
            "your registration numbers (GMC, NMC, NTN, College) and your portfolio roles, such as trainee or supervisor",
        [Scopes.OfflineAccess] = "access to these details when you are not using it, also after you have logged out",
    };

    /// <summary>
    /// One phrase for each scope, in the catalogue's order. A scope of the app's own goes by its name.
    /// </summary>
    public static IReadOnlyList<string> For(IReadOnlyList<string> scopes) =>
        [
            .. Scopes.Supported.Where(scopes.Contains).Select(scope => Known[scope]),
            .. scopes.Where(scope => !Known.ContainsKey(scope)).Select(scope => $"what it calls \"{scope}\""),
        ];
}
