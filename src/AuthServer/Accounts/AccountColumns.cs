namespace AuthServer.Accounts;

/// <summary>A claim or number of an account that can be given as text.</summary>
/// <param name="Name">The claim's name in OIDC Core §5.1 or §5.1.1, or ours.</param>
/// <param name="Set">Sets it; blank takes it away. Returns what is wrong, to stand behind the name, or null.</param>
internal sealed record AccountColumn(string Name, Func<Account, string, string?> Set);

/// <summary>
/// Every fact of an account that <c>users import</c> takes by name, in one list. Username, e-mail address and password
/// are not among them: they have rules that look at other accounts.
/// </summary>
internal static class AccountColumns
{
    public static IReadOnlyList<AccountColumn> All { get; } =
    [
        Text("name", ClaimRules.Text, (a, v) => a.Name = v),
        Text("given_name", ClaimRules.Text, (a, v) => a.GivenName = v),
        Text("family_name", ClaimRules.Text, (a, v) => a.FamilyName = v),
        Text("middle_name", ClaimRules.Text, (a, v) => a.MiddleName = v),
        Text("nickname", ClaimRules.Text, (a, v) => a.Nickname = v),
        Text("profile", ClaimRules.Url, (a, v) => a.Profile = v),
        Text("picture", ClaimRules.Url, (a, v) => a.Picture = v),
        Text("website", ClaimRules.Url, (a, v) => a.Website = v),
        Text("gender", ClaimRules.Text, (a, v) => a.Gender = v),
        Text("birthdate", ClaimRules.Birthdate, (a, v) => a.Birthdate = v),
        Text("zoneinfo", ClaimRules.TimeZone, (a, v) => a.Zoneinfo = v),
        Text("locale", ClaimRules.Locale, (a, v) => a.Locale = v),
        Text("phone_number", ClaimRules.PhoneNumber, (a, v) => a.PhoneNumber = v),
        Flag("phone_number_verified", (a, v) => a.PhoneNumberVerified = v),
        Address("formatted", (address, v) => address with { Formatted = v }),
        Address("street_address", (address, v) => address with { StreetAddress = v }),
        Address("locality", (address, v) => address with { Locality = v }),
        Address("region", (address, v) => address with { Region = v }),
        Address("postal_code", (address, v) => address with { PostalCode = v }),
        Address("country", (address, v) => address with { Country = v }),
        Text("gmc_number", ClaimRules.Text, (a, v) => a.GmcNumber = v),
        Text("nmc_number", ClaimRules.Text, (a, v) => a.NmcNumber = v),
        Text("ntn", ClaimRules.Text, (a, v) => a.Ntn = v),
        Text("college_number", ClaimRules.Text, (a, v) => a.CollegeNumber = v),
        new("portfolio_roles", SetRoles),
        new("staff_role", SetStaffRole),
    ];

    public static AccountColumn? Find(string name) => All.FirstOrDefault(column => column.Name == name);

    /// <returns>Null when it is neither true nor false.</returns>
    public static bool? Boolean(string value) => bool.TryParse(value, out var flag) ? flag : null;

    private static AccountColumn Text(string name, Func<string, string?> rule, Action<Account, string?> set) =>
        new(
            name,
            (account, value) =>
            {
                var text = value.Trim();
                if (text.Length == 0)
                {
                    set(account, null);
                    return null;
                }

                if (rule(text) is { } problem)
                {
                    return problem;
                }

                set(account, text);
                return null;
            }
        );

    private static AccountColumn Flag(string name, Action<Account, bool> set) =>
        new(
            name,
            (account, value) =>
            {
                if ((string.IsNullOrWhiteSpace(value) ? false : Boolean(value)) is not { } flag)
                {
                    return "must be true or false";
                }

                set(account, flag);
                return null;
            }
        );

    private static AccountColumn Address(string name, Func<PostalAddress, string?, PostalAddress> set) =>
        Text(
            name,
            ClaimRules.Text,
            (account, value) =>
            {
                var address = set(account.Address ?? new PostalAddress(), value);
                account.Address = address == new PostalAddress() ? null : address;
            }
        );

    private static string? SetRoles(Account account, string value)
    {
        var roles = value
            .Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(role => role.ToLowerInvariant())
            .Distinct()
            .ToList();
        if (roles.Select(ClaimRules.Role).FirstOrDefault(problem => problem is not null) is { } problem)
        {
            return problem;
        }

        account.PortfolioRoles = roles;
        return null;
    }

    private static string? SetStaffRole(Account account, string value)
    {
        StaffRole? role = value.Trim().ToLowerInvariant() switch
        {
            "" or "none" => StaffRole.None,
            "support" => StaffRole.Support,
            "administrator" => StaffRole.Administrator,
            _ => null,
        };
        if (role is null)
        {
            return "must be none, support or administrator";
        }

        account.StaffRole = role.Value;
        return null;
    }
}
