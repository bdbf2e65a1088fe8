using System.Globalization;
using System.Security.Cryptography;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Accounts;

/// <summary>
/// Makes usernames for people who bring none: the normalized surname and four digits, such as <c>o'brien4821</c>.
/// </summary>
internal sealed class UsernameGenerator(AuthDbContext db)
{
    /// <summary>After so many that were taken, the surname is so common that it gets two digits more.</summary>
    private const int Draws = 50;

    /// <param name="familyName">Null or blank: the username begins with "user".</param>
    public async Task<string> NewAsync(string? familyName, CancellationToken cancellationToken)
    {
        var surname = Surname(familyName);
        for (var draw = 0; ; draw++)
        {
            // Drawn, not counted up: a username must not tell how many people there are, nor be guessed from the one
            // before.
            var digits =
                draw < Draws
                    ? RandomNumberGenerator.GetInt32(10_000).ToString("D4", CultureInfo.InvariantCulture)
                    : RandomNumberGenerator.GetInt32(1_000_000).ToString("D6", CultureInfo.InvariantCulture);
            var username = surname + digits;
            var letters = SearchKey.Letters(username); // free as well, so that it is found however it is spelled
            if (
                !await db.AccountIdentifiers.AnyAsync(
                    i => i.Normalized == username || i.Letters == letters,
                    cancellationToken
                )
            )
            {
                return username;
            }
        }
    }

    private static string Surname(string? familyName)
    {
        var letters = Identifier.Normalize(familyName ?? "").Where(c => char.IsLetter(c) || c is '\'' or '-');
        return
            Identifier.Normalize(string.Concat(letters.Take(64))) is { Length: > 0 } surname
            && surname.Any(char.IsLetter)
            ? surname
            : "user";
    }
}
