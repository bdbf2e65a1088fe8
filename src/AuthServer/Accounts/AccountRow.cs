using System.Text.Json;
using AuthServer.Data;

namespace AuthServer.Accounts;

/// <summary>
/// Reads an account's claims with hot SQL. The columns, and the order they are read in, stand side by side here.
/// </summary>
internal static class AccountRow
{
    private static readonly string[] Names =
    [
        "id",
        "username",
        "email",
        "email_verified",
        "name",
        "given_name",
        "family_name",
        "middle_name",
        "nickname",
        "profile",
        "picture",
        "website",
        "gender",
        "birthdate",
        "zoneinfo",
        "locale",
        "phone_number",
        "phone_number_verified",
        "address",
        "gmc_number",
        "nmc_number",
        "ntn",
        "college_number",
        "portfolio_roles",
        "created_at",
        "updated_at",
    ];

    /// <param name="alias">The table's alias in the statement.</param>
    public static string Columns(string alias) => string.Join(", ", Names.Select(name => $"{alias}.{name}"));

    /// <param name="row">The row.</param>
    /// <param name="at">The position of the first of <see cref="Columns"/>.</param>
    public static Account Read(HotRow row, int at) =>
        new()
        {
            Id = row.Guid(at),
            Username = row.Text(at + 1),
            Email = row.TextOrNull(at + 2),
            EmailVerified = row.Bool(at + 3),
            Name = row.TextOrNull(at + 4),
            GivenName = row.TextOrNull(at + 5),
            FamilyName = row.TextOrNull(at + 6),
            MiddleName = row.TextOrNull(at + 7),
            Nickname = row.TextOrNull(at + 8),
            Profile = row.TextOrNull(at + 9),
            Picture = row.TextOrNull(at + 10),
            Website = row.TextOrNull(at + 11),
            Gender = row.TextOrNull(at + 12),
            Birthdate = row.TextOrNull(at + 13),
            Zoneinfo = row.TextOrNull(at + 14),
            Locale = row.TextOrNull(at + 15),
            PhoneNumber = row.TextOrNull(at + 16),
            PhoneNumberVerified = row.Bool(at + 17),
            Address = row.TextOrNull(at + 18) is { } address
                ? JsonSerializer.Deserialize<PostalAddress>(address)
                : null,
            GmcNumber = row.TextOrNull(at + 19),
            NmcNumber = row.TextOrNull(at + 20),
            Ntn = row.TextOrNull(at + 21),
            CollegeNumber = row.TextOrNull(at + 22),
            PortfolioRoles = row.Text(at + 23) is "[]"
                ? []
                : JsonSerializer.Deserialize<List<string>>(row.Text(at + 23))!,
            CreatedAt = row.Instant(at + 24),
            UpdatedAt = row.Instant(at + 25),
        };
}
