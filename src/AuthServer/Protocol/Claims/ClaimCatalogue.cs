using AuthServer.Accounts;

namespace AuthServer.Protocol.Claims;

/// <summary>One claim about a person.</summary>
/// <param name="Name">As in tokens and userinfo.</param>
/// <param name="Scope">The scope that asks for it (OIDC Core §5.4).</param>
/// <param name="Read">Its value: string, bool, long, a list of strings, or an address; null when nothing is
/// known.</param>
internal sealed record ClaimDefinition(string Name, string Scope, Func<Account, object?> Read);

/// <summary>The one list of claims: ID tokens, userinfo, consent and <c>claims_supported</c> all read it.</summary>
internal static class ClaimCatalogue
{
    public static IReadOnlyList<ClaimDefinition> All { get; } =
    [
        new("name", Scopes.Profile, a => a.DisplayName),
        new("given_name", Scopes.Profile, a => a.GivenName),
        new("family_name", Scopes.Profile, a => a.FamilyName),
        new("middle_name", Scopes.Profile, a => a.MiddleName),
        new("nickname", Scopes.Profile, a => a.Nickname),
        new("preferred_username", Scopes.Profile, a => a.Username),
        new("profile", Scopes.Profile, a => a.Profile),
        new("picture", Scopes.Profile, a => a.Picture),
        new("website", Scopes.Profile, a => a.Website),
        new("gender", Scopes.Profile, a => a.Gender),
        new("birthdate", Scopes.Profile, a => a.Birthdate),
        new("zoneinfo", Scopes.Profile, a => a.Zoneinfo),
        new("locale", Scopes.Profile, a => a.Locale),
        new("updated_at", Scopes.Profile, a => a.UpdatedAt.ToUnixTimeSeconds()),
        new("email", Scopes.Email, a => a.Email),
        new("email_verified", Scopes.Email, a => a.Email is null ? null : a.EmailVerified),
        new("phone_number", Scopes.Phone, a => a.PhoneNumber),
        new("phone_number_verified", Scopes.Phone, a => a.PhoneNumber is null ? null : a.PhoneNumberVerified),
        new("address", Scopes.Address, a => a.Address),
        new("gmc_number", Scopes.Professional, a => a.GmcNumber),
        new("nmc_number", Scopes.Professional, a => a.NmcNumber),
        new("ntn", Scopes.Professional, a => a.Ntn),
        new("college_number", Scopes.Professional, a => a.CollegeNumber),
        new("portfolio_roles", Scopes.Professional, a => a.PortfolioRoles.Count > 0 ? a.PortfolioRoles : null),
    ];

    private static readonly Dictionary<string, ClaimDefinition> ByName = All.ToDictionary(
        claim => claim.Name,
        StringComparer.Ordinal
    );

    /// <summary>Claims that tokens carry of themselves, beside those about the person.</summary>
    public static IReadOnlyList<string> OfTokens { get; } =
    ["sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "sid", "at_hash"];

    public static ClaimDefinition? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The claims that a set of scopes asks for.</summary>
    public static IEnumerable<ClaimDefinition> ForScopes(IReadOnlyCollection<string> scopes) =>
        All.Where(claim => scopes.Contains(claim.Scope));
}
