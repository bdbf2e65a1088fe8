namespace AuthServer.Accounts;

/// <summary>What other people may know about somebody, and so will guess first. Blank parts are ignored.</summary>
/// <param name="Username">As typed.</param>
/// <param name="Email">As typed.</param>
/// <param name="Names">Every name the account has.</param>
/// <param name="Numbers">Registration numbers and the telephone number.</param>
internal sealed record PersonalDetails(
    string? Username,
    string? Email,
    IReadOnlyList<string?> Names,
    IReadOnlyList<string?> Numbers
)
{
    /// <summary>Shorter pieces are found in any text.</summary>
    private const int ShortestPiece = 3;

    public static PersonalDetails Of(Account account) =>
        new(
            account.Username,
            account.Email,
            [account.Name, account.GivenName, account.FamilyName, account.MiddleName, account.Nickname],
            [
                account.GmcNumber,
                account.NmcNumber,
                account.Ntn,
                account.CollegeNumber,
                account.PhoneNumber,
                account.Birthdate,
            ]
        );

    /// <summary>
    /// Normalized, whole and in pieces (o'brien.anna@example.org: o'brien, anna, example, brien …), longest first.
    /// </summary>
    public IReadOnlyList<string> Pieces() =>
        [
            .. new[] { Username, Email }
                .Concat(Names)
                .Concat(Numbers)
                .OfType<string>()
                .Select(Identifier.Plain)
                .SelectMany(whole =>
                    (string[])[whole, Squeezed(whole), whole.TrimEnd("0123456789".ToCharArray()), .. Split(whole)]
                )
                .Where(piece => piece.Length >= ShortestPiece)
                .Distinct()
                .OrderByDescending(piece => piece.Length)
                .ThenBy(piece => piece, StringComparer.Ordinal),
        ];

    private static string Squeezed(string whole) => string.Concat(whole.Where(char.IsLetterOrDigit));

    private static string[] Split(string whole) =>
        whole.Split([' ', '.', '-', '_', '+', '@', '\'', '/'], StringSplitOptions.RemoveEmptyEntries);
}
