using AuthServer.Audit;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;
using Recovery.ResetLinks;

namespace AuthServer.Accounts.Importing;

/// <summary>The accounts of one batch, while it is being written.</summary>
internal sealed class ImportBatch(
    AuthDbContext db,
    LogInIdentifiers identifiers,
    IdentifierLedger ledger,
    Dictionary<string, Account> accounts,
    Dictionary<Guid, Account> subs,
    DateTimeOffset now
)
{
    private readonly List<(Guid AccountId, string Email)> _previous = [];
    private readonly Dictionary<Guid, IReadOnlyList<PostFacts>> _posts = [];
    private readonly List<SupervisedRow> _supervised = [];
    private readonly Dictionary<string, Guid> _ids = [];
    private readonly Dictionary<int, Account> _taken = [];
    private readonly Dictionary<Guid, string?> _apps = [];
    private readonly HashSet<Guid> _added = [];
    private readonly HashSet<Guid> _updated = [];
    private IReadOnlySet<Guid> _invited = new HashSet<Guid>();

    /// <summary>The accounts of the accepted rows that have no password yet.</summary>
    public IReadOnlyCollection<Invitee> WithoutPassword =>
        [
            .. _taken
                .Values.Where(account => account.PasswordHash is null)
                .Select(account => new Invitee(
                    AccountDirectory.Reference(account),
                    _apps.GetValueOrDefault(account.Id)
                )),
        ];

    public IReadOnlyCollection<(Guid AccountId, string Email)> PreviousEmails => _previous;

    public IReadOnlyDictionary<Guid, IReadOnlyList<PostFacts>> Posts => _posts;

    public IReadOnlyList<SupervisedRow> Supervised => _supervised;

    /// <summary>The accounts of the rows that were taken, by normalized username.</summary>
    public IReadOnlyDictionary<string, Guid> Ids => _ids;

    public static async Task<ImportBatch> OpenAsync(
        AuthDbContext db,
        LogInIdentifiers identifiers,
        ImportRow[] rows,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        string[] usernames = [.. rows.Select(row => Identifier.Normalize(row.Username))];
        var accounts = await db
            .AccountIdentifiers.Where(i => i.Kind == IdentifierKind.Username && usernames.Contains(i.Normalized))
            .Join(db.Accounts, i => i.AccountId, a => a.Id, (i, a) => new { i.Normalized, Account = a })
            .ToDictionaryAsync(found => found.Normalized, found => found.Account, cancellationToken);
        Guid[] ids = [.. rows.Select(row => row.Sub).OfType<Guid>()];
        var subs =
            ids.Length == 0
                ? []
                : await db.Accounts.Where(a => ids.Contains(a.Id)).ToDictionaryAsync(a => a.Id, cancellationToken);
        string[] keys =
        [
            .. usernames
                .Concat(rows.Select(row => Identifier.Normalize(row.Email)))
                .Concat(accounts.Values.Concat(subs.Values).Select(account => account.EmailNormalized).OfType<string>())
                .Concat(subs.Values.Select(account => Identifier.Normalize(account.Username)))
                .Distinct(),
        ];
        return new ImportBatch(
            db,
            identifiers,
            await identifiers.OpenAsync(keys, cancellationToken),
            accounts,
            subs,
            now
        );
    }

    /// <summary>The account that a row describes; its password and identifiers' conflicts are another matter.</summary>
    public static Account NewAccount(ImportRow row, DateTimeOffset now)
    {
        var account = new Account
        {
            Id = row.Sub ?? Guid.CreateVersion7(now),
            Username = row.Username,
            CreatedAt = now,
            UpdatedAt = row.UpdatedAt ?? now,
        };
        SetFacts(account, row);
        return account;
    }

    /// <returns>What becomes of the row; for a row that is taken, <see cref="Final"/> has the last word.</returns>
    public ImportResult Take(ImportRow row, ImportedPassword password)
    {
        var known =
            (row.Sub is { } sub ? subs.GetValueOrDefault(sub) : null)
            ?? accounts.GetValueOrDefault(Identifier.Normalize(row.Username));
        var before = known is null ? null : ClaimedIdentifiers.Of(known);
        var account = known ?? NewAccount(row, now);
        var after = new ClaimedIdentifiers(
            account.Id,
            Identifier.Normalize(row.Username),
            Identifier.Normalize(row.Email),
            row.EmailVerified ?? (before?.Email != Identifier.Normalize(row.Email) || before.EmailVerified)
        );
        if ((password.Problem ?? ProblemWithSub(row, known) ?? ProblemWithIdentifiers(before, after)) is { } problem)
        {
            return new ImportResult(row.Line, ImportOutcome.Refused, row.Username, problem);
        }

        ledger.Apply(before, after);
        _previous.AddRange(
            row.PreviousEmails.Where(email => Identifier.Normalize(email) != after.Email)
                .Select(email => (account.Id, email))
        );
        Set(account, row, password, isNew: known is null);
        _taken.Add(row.Line, account);
        _apps[account.Id] = row.App;
        _ids.Add(after.Username, account.Id);
        if (row.Posts is { } held)
        {
            _posts.Add(account.Id, held);
        }

        var result = new ImportResult(row.Line, ImportOutcome.Unchanged, row.Username);
        if (row.Supervisors is { } names)
        {
            _supervised.Add(new SupervisedRow(result, account.Id, names));
        }

        return result;
    }

    /// <summary>These accounts have been sent a link.</summary>
    public void Invited(IReadOnlySet<Guid> accountIds) => _invited = accountIds;

    /// <summary>Something that belongs to these accounts has changed.</summary>
    public void Changed(IReadOnlySet<Guid> accountIds) => _updated.UnionWith(accountIds);

    public async Task WriteAsync(AuditTrail audit, string actor, CancellationToken cancellationToken)
    {
        _updated.ExceptWith(_added);
        await identifiers.WriteAsync(ledger, cancellationToken);
        foreach (var id in _added)
        {
            audit.Record(AuditKinds.AccountImported, id, actor, detail: "result=added");
        }

        foreach (var id in _updated)
        {
            audit.Record(AuditKinds.AccountImported, id, actor, detail: "result=updated");
        }
    }

    /// <summary>
    /// Added, updated or unchanged: known when everything that belongs to the account has been compared.
    /// </summary>
    public ImportResult Final(ImportResult result) =>
        _taken.GetValueOrDefault(result.Line) is not { } account
            ? result
            : result with
            {
                Outcome =
                    _added.Contains(account.Id) ? ImportOutcome.Added
                    : _updated.Contains(account.Id) ? ImportOutcome.Updated
                    : ImportOutcome.Unchanged,
                Invited = _invited.Contains(account.Id),
            };

    private static string? ProblemWithSub(ImportRow row, Account? known) =>
        known switch
        {
            { RemovedAt: not null } => "The account with this sub was removed; a sub is not given out again.",
            not null when row.Sub is { } sub && sub != known.Id => "The account with this username has another sub.",
            _ => null,
        };

    // A username that is kept may be the address of before.
    private string? ProblemWithIdentifiers(ClaimedIdentifiers? before, ClaimedIdentifiers after) =>
        before?.Username == after.Username ? ledger.ProblemWithEmail(after) : ledger.Problem(after);

    private void Set(Account account, ImportRow row, ImportedPassword password, bool isNew)
    {
        if (!isNew)
        {
            SetFacts(account, row);
        }

        if (password.Hash is not null && password.Hash != account.PasswordHash)
        {
            (account.PasswordHash, account.PasswordScheme, account.PasswordChangedAt) = (
                password.Hash,
                password.Scheme,
                now
            );
            account.PasswordGeneration++;
            account.SecurityStamp = Guid.NewGuid();
        }

        if (isNew)
        {
            db.Accounts.Add(account);
            _added.Add(account.Id);
            return;
        }

        // The change tracker compares every property, the JSON ones too.
        if (db.Entry(account).State == EntityState.Modified)
        {
            account.UpdatedAt = now;
            _updated.Add(account.Id);
        }
    }

    private static void SetFacts(Account account, ImportRow row)
    {
        var normalized = Identifier.Normalize(row.Email);

        // An imported address counts as verified, unless the file says otherwise.
        account.EmailVerified = row.EmailVerified ?? (account.EmailNormalized != normalized || account.EmailVerified);
        (account.Username, account.Email, account.EmailNormalized) = (row.Username, row.Email, normalized);
        foreach (var (column, value) in row.Values)
        {
            column.Set(account, value);
        }
    }
}
