using System.Collections.Concurrent;
using AuthServer.Data;
using AuthServer.Passwords;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Accounts.Importing;

/// <summary>What a row's password comes to.</summary>
/// <param name="Hash">Null: the row brings none, or the account has a password that an import leaves alone.</param>
/// <param name="Problem">Which rule the password breaks, as a sentence.</param>
internal sealed record ImportedPassword(string? Hash, PasswordScheme Scheme, string? Problem = null)
{
    public static ImportedPassword None { get; } = new(null, TypedPassword.Scheme);
}

/// <summary>
/// Hashes the passwords of a batch, on every processor, before its transaction begins. An account that has a password
/// keeps it: the person may have changed it since, and importing the old file again must not bring the old one back.
/// Only an imported hash that nobody has logged in with yet is replaced, while people still change passwords in the old
/// system.
/// </summary>
internal sealed class ImportPasswords(AuthDbContext db, PasswordRules rules, PasswordHashes hashes)
{
    /// <returns>By the row's line.</returns>
    public async Task<IReadOnlyDictionary<int, ImportedPassword>> ReadAsync(
        IReadOnlyList<ImportRow> rows,
        CancellationToken cancellationToken
    )
    {
        ImportRow[] bringing = [.. rows.Where(row => row.Password is not null || row.PasswordHash is not null)];
        string[] keys = [.. bringing.Select(row => Identifier.Normalize(row.Username))];
        Guid[] subs = [.. bringing.Select(row => row.Sub).OfType<Guid>()];
        var byUsername = await db
            .AccountIdentifiers.AsNoTracking()
            .Where(i => keys.Contains(i.Normalized))
            .Join(
                db.Accounts,
                i => i.AccountId,
                a => a.Id,
                (i, a) =>
                    new
                    {
                        i.Normalized,
                        Held = new Held(
                            a.Id,
                            a.PasswordHash != null,
                            a.PasswordScheme == PasswordScheme.Raw && a.LastLogInAt == null
                        ),
                    }
            )
            .ToDictionaryAsync(found => found.Normalized, found => found.Held, cancellationToken);
        var bySub =
            subs.Length == 0
                ? []
                : await db
                    .Accounts.AsNoTracking()
                    .Where(a => subs.Contains(a.Id))
                    .Select(a => new Held(
                        a.Id,
                        a.PasswordHash != null,
                        a.PasswordScheme == PasswordScheme.Raw && a.LastLogInAt == null
                    ))
                    .ToDictionaryAsync(held => held.AccountId, cancellationToken);
        var read = new ConcurrentDictionary<int, ImportedPassword>();
        Parallel.ForEach(
            bringing,
            new ParallelOptions { CancellationToken = cancellationToken },
            row =>
            {
                var account =
                    (row.Sub is { } sub ? bySub.GetValueOrDefault(sub) : null)
                    ?? byUsername.GetValueOrDefault(Identifier.Normalize(row.Username));
                read[row.Line] = row switch
                {
                    { PasswordHash: { } hash } when account is not { IsSet: true, IsUnused: false } => new(
                        hash,
                        PasswordScheme.Raw
                    ),
                    { Password: { } password } when account is not { IsSet: true } => Hash(row, password),
                    _ => ImportedPassword.None,
                };
            }
        );
        return read;
    }

    private ImportedPassword Hash(ImportRow row, string password)
    {
        var account = ImportBatch.NewAccount(row, DateTimeOffset.UnixEpoch);
        return rules.Refusal(password, PersonalDetails.Of(account)) is { } problem
            ? ImportedPassword.None with
            {
                Problem = problem,
            }
            : new ImportedPassword(hashes.Hash(TypedPassword.Normalize(password)), TypedPassword.Scheme);
    }

    private sealed record Held(Guid AccountId, bool IsSet, bool IsUnused);
}
