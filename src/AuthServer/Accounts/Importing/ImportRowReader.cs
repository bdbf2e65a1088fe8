using System.Globalization;
using AuthServer.Passwords;

namespace AuthServer.Accounts.Importing;

/// <summary>Makes a row of the fields of one line, or says what is wrong with the first field that is.</summary>
internal static class ImportRowReader
{
    /// <summary>
    /// What a reader puts in the place of bytes that are not UTF-8, such as the é of an old spreadsheet's CSV.
    /// </summary>
    private const char Undecodable = '\uFFFD';

    // A rule needs an account to set, and what it sets here is looked at by nobody.
    private static Account Scratch() =>
        new()
        {
            Id = Guid.Empty,
            Username = "",
            CreatedAt = DateTimeOffset.UnixEpoch,
            UpdatedAt = DateTimeOffset.UnixEpoch,
        };

    public static ImportRow Read(int line, string[] names, string[] fields)
    {
        var by = names.Zip(fields).ToDictionary(field => field.First, field => field.Second);
        string? Given(string name) => by.GetValueOrDefault(name)?.Trim() is { Length: > 0 } value ? value : null;

        var username = Given("username") ?? "";
        var row = new ImportRow(line, username);
        if (fields.Any(field => field.Contains(Undecodable, StringComparison.Ordinal)))
        {
            return row with { Problem = "The row has letters that are not UTF-8: save the file as CSV UTF-8." };
        }

        // A password may look like anything.
        if (
            by.Where(field => field.Key is not ("password" or "password_hash"))
                .Select(field => SpreadsheetSlips.Problem(field.Value) is { } slip ? $"The {field.Key} {slip}." : null)
                .FirstOrDefault(slip => slip is not null) is
            { } slipped
        )
        {
            return row with { Problem = slipped };
        }

        var values = new List<(AccountColumn, string)>();
        var scratch = Scratch();
        foreach (var (name, value) in by)
        {
            if (AccountColumns.Find(name) is not { } column)
            {
                continue;
            }

            if (column.Set(scratch, value) is { } wrong)
            {
                return row with { Problem = $"The {name} {wrong}." };
            }

            values.Add((column, value));
        }

        var (posts, problemWithPosts) = by.TryGetValue(PostColumn.Name, out var text)
            ? PostColumn.Read(text)
            : (null, null);
        row = row with
        {
            Email = Given("email") ?? "",
            EmailVerified = Given("email_verified") is { } verified ? AccountColumns.Boolean(verified) : null,

            // A password may have spaces around it.
            Password = by.GetValueOrDefault("password") is { Length: > 0 } password ? password : null,
            PasswordHash = Given("password_hash"),
            Sub = Guid.TryParse(Given("sub"), out var sub) ? sub : null,
            UpdatedAt = Instant(Given("updated_at")),
            PreviousEmails = Several(Given("previous_emails")),
            Posts = posts,
            Supervisors = by.ContainsKey("supervisors") ? Several(Given("supervisors")) : null,
            App = Given("app"),
            Values = values,
        };
        return row with { Problem = Problem(row, Given) ?? problemWithPosts };
    }

    private static string[] Several(string? text) =>
        (text ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static string? Problem(ImportRow row, Func<string, string?> given)
    {
        if (
            (IdentifierRules.ProblemWithUsername(row.Username) ?? IdentifierRules.ProblemWithEmail(row.Email)) is
            { } problem
        )
        {
            return problem;
        }

        if (
            row.PreviousEmails.Select(IdentifierRules.ProblemWithEmail).FirstOrDefault(wrong => wrong is not null) is
            { } previous
        )
        {
            return $"In previous_emails: {previous}";
        }

        if (
            row.Supervisors?.Select(IdentifierRules.ProblemWithUsername).FirstOrDefault(wrong => wrong is not null) is
            { } supervisor
        )
        {
            return $"In supervisors: {supervisor}";
        }

        if (
            row.Supervisors?.Any(username => Identifier.Normalize(username) == Identifier.Normalize(row.Username))
            == true
        )
        {
            return "In supervisors: nobody supervises themselves.";
        }

        return (row, given("email_verified"), given("sub"), given("updated_at"), given("preferred_username")) switch
        {
            ({ EmailVerified: null }, not null, _, _, _) => "The email_verified must be true or false.",
            ({ Sub: null }, _, not null, _, _) => "The sub must be a UUID.",
            ({ UpdatedAt: null }, _, _, not null, _) =>
                "The updated_at must be seconds since 1970 or a time in ISO 8601.",
            (_, _, _, _, { } preferred) when Identifier.Normalize(preferred) != Identifier.Normalize(row.Username) =>
                "The preferred_username is always the username.",
            ({ Password: not null, PasswordHash: not null }, _, _, _, _) =>
                "Give a password or a password_hash, not both.",
            ({ PasswordHash: { } hash }, _, _, _, _) when PasswordHashFormat.Read(hash) is null =>
                "The password_hash is not an ASP.NET Identity hash (version 2 or 3).",
            _ => null,
        };
    }

    private static DateTimeOffset? Instant(string? text)
    {
        if (
            long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && seconds < 253_402_300_800
        )
        {
            return DateTimeOffset.FromUnixTimeSeconds(seconds);
        }

        return DateTimeOffset.TryParse(
            text,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var instant
        )
            ? instant
            : null;
    }
}
