using System.Runtime.CompilerServices;
using AuthServer.Audit;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;
using Recovery.ResetLinks;

namespace AuthServer.Accounts.Importing;

/// <summary>
/// Adds accounts, and brings those that are there up to date, from rows that name them by sub or else by username. The same rows twice change
/// nothing. Rows are written in batches, each one transaction; its results are told when it is durable. Rows that name a
/// supervisor who is further down in the file are told last.
/// </summary>
internal sealed class ImportAccounts(
    AuthDbContext db,
    LogInIdentifiers identifiers,
    PreviousEmails previousEmails,
    Posts posts,
    ImportSupervisors supervisors,
    ImportPasswords passwords,
    IInvitations invitations,
    InvitedApp apps,
    AuditTrail audit,
    TimeProvider clock)
{
    /// <summary>Rows in one transaction: few enough that a running server's writers hardly wait.</summary>
    private const int BatchSize = 500;

    /// <param name="actor">Who imports, for the audit trail.</param>
    /// <param name="invite">True: whoever has no password yet is sent a link to choose one, in the transaction of their batch.</param>
    public async IAsyncEnumerable<ImportResult> ImportAsync(
        IEnumerable<ImportRow> rows, string actor, bool invite, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var lines = new Dictionary<object, int>();
        var waiting = new List<SupervisedRow>();
        foreach (var chunk in rows.Chunk(BatchSize))
        {
            ImportRow[] batch = [.. chunk.Select(row => OncePerFile(row, lines))];
            var (results, later) = await ImportBatchAsync(batch, actor, invite, cancellationToken);
            waiting.AddRange(later);
            foreach (var result in results)
            {
                yield return result;
            }
        }

        foreach (var chunk in waiting.Chunk(BatchSize))
        {
            foreach (var result in await supervisors.FinishAsync(chunk, actor, cancellationToken))
            {
                yield return result;
            }
        }
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

    // Two rows about one person would change the account back and forth at every import.
    private static ImportRow OncePerFile(ImportRow row, Dictionary<object, int> lines)
    {
        if (row.Problem is not null)
        {
            return row;
        }

        var username = Identifier.Normalize(row.Username);
        if (lines.TryGetValue(username, out var line))
        {
            return row with { Problem = $"The username is on line {line} already." };
        }

        if (row.Sub is { } sub && !lines.TryAdd(sub, row.Line))
        {
            return row with { Problem = $"The sub is on line {lines[sub]} already." };
        }

        lines.Add(username, row.Line);
        return row;
    }

    private static void SetFacts(Account account, ImportRow row)
    {
        var normalized = Identifier.Normalize(row.Email);

        // Whoever imports an address vouches for it, unless the file says otherwise.
        account.EmailVerified = row.EmailVerified ?? (account.EmailNormalized != normalized || account.EmailVerified);
        (account.Username, account.Email, account.EmailNormalized) = (row.Username, row.Email, normalized);
        foreach (var (column, value) in row.Values)
        {
            column.Set(account, value);
        }
    }

    private async Task<ImportRow[]> WithAppsAsync(ImportRow[] rows, CancellationToken cancellationToken)
    {
        var problems = new Dictionary<string, string?>();
        foreach (var app in rows.Select(row => row.App).OfType<string>().Distinct())
        {
            problems.Add(app, await apps.ProblemAsync(app, cancellationToken));
        }

        return [.. rows.Select(row => row.App is { } app ? row with { Problem = row.Problem ?? problems[app] } : row)];
    }

    private async Task<(IEnumerable<ImportResult> Results, IEnumerable<SupervisedRow> Waiting)> ImportBatchAsync(
        ImportRow[] rows, string actor, bool invite, CancellationToken cancellationToken)
    {
        rows = await WithAppsAsync(rows, cancellationToken);
        ImportRow[] good = [.. rows.Where(row => row.Problem is null)];
        var chosen = await passwords.ReadAsync(good, cancellationToken);

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var batch = await ImportBatch.OpenAsync(db, identifiers, good, clock.GetUtcNow(), cancellationToken);
        var results = new List<ImportResult>(rows.Length);
        foreach (var row in rows)
        {
            results.Add(row.Problem is { } problem
                ? new ImportResult(row.Line, ImportOutcome.Refused, row.Username, problem)
                : batch.Take(row, chosen.GetValueOrDefault(row.Line, ImportedPassword.None)));
        }

        var (supervised, waiting) = await supervisors.WriteAsync(batch.Supervised, batch.Ids, cancellationToken);
        batch.Changed(supervised);
        batch.Changed(await posts.SetAsync(batch.Posts, cancellationToken));
        batch.Changed(await previousEmails.AddAsync(batch.PreviousEmails, cancellationToken));
        await batch.WriteAsync(audit, actor, cancellationToken);
        if (invite)
        {
            batch.Invited(await invitations.SendAsync(batch.WithoutPassword, cancellationToken));
        }

        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        db.ChangeTracker.Clear();
        var later = waiting.ToDictionary(row => row.Result.Line);
        return (
            results.Where(result => !later.ContainsKey(result.Line)).Select(batch.Final),
            waiting.Select(row => row with { Result = batch.Final(row.Result) }));
    }

    /// <summary>The accounts of one batch, while it is being written.</summary>
    private sealed class ImportBatch(
        AuthDbContext db,
        LogInIdentifiers identifiers,
        IdentifierLedger ledger,
        Dictionary<string, Account> accounts,
        Dictionary<Guid, Account> subs,
        DateTimeOffset now)
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

        /// <summary>The accounts of the rows that were taken, as far as nobody can log in to them yet.</summary>
        public IReadOnlyCollection<Invitee> WithoutPassword =>
        [
            .. _taken.Values.Where(account => account.PasswordHash is null)
                .Select(account => new Invitee(AccountDirectory.Reference(account), _apps.GetValueOrDefault(account.Id))),
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
            CancellationToken cancellationToken)
        {
            string[] usernames = [.. rows.Select(row => Identifier.Normalize(row.Username))];
            var accounts = await db.AccountIdentifiers
                .Where(i => i.Kind == IdentifierKind.Username && usernames.Contains(i.Normalized))
                .Join(db.Accounts, i => i.AccountId, a => a.Id, (i, a) => new { i.Normalized, Account = a })
                .ToDictionaryAsync(found => found.Normalized, found => found.Account, cancellationToken);
            Guid[] ids = [.. rows.Select(row => row.Sub).OfType<Guid>()];
            var subs = ids.Length == 0
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
                db, identifiers, await identifiers.OpenAsync(keys, cancellationToken), accounts, subs, now);
        }

        /// <returns>What becomes of the row; for a row that is taken, <see cref="Final"/> has the last word.</returns>
        public ImportResult Take(ImportRow row, ImportedPassword password)
        {
            var known = (row.Sub is { } sub ? subs.GetValueOrDefault(sub) : null) ?? accounts.GetValueOrDefault(Identifier.Normalize(row.Username));
            var before = known is null ? null : ClaimedIdentifiers.Of(known);
            var account = known ?? NewAccount(row, now);
            var after = new ClaimedIdentifiers(
                account.Id,
                Identifier.Normalize(row.Username),
                Identifier.Normalize(row.Email),
                row.EmailVerified ?? (before?.Email != Identifier.Normalize(row.Email) || before.EmailVerified));
            if ((password.Problem ?? ProblemWithSub(row, known) ?? ProblemWithIdentifiers(before, after)) is { } problem)
            {
                return new ImportResult(row.Line, ImportOutcome.Refused, row.Username, problem);
            }

            ledger.Apply(before, after);
            _previous.AddRange(row.PreviousEmails
                .Where(email => Identifier.Normalize(email) != after.Email)
                .Select(email => (account.Id, email)));
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

        /// <summary>Added, updated or unchanged: known when everything that belongs to the account has been compared.</summary>
        public ImportResult Final(ImportResult result) => _taken.GetValueOrDefault(result.Line) is not { } account
            ? result
            : result with
            {
                Outcome = _added.Contains(account.Id) ? ImportOutcome.Added
                    : _updated.Contains(account.Id) ? ImportOutcome.Updated
                    : ImportOutcome.Unchanged,
                Invited = _invited.Contains(account.Id),
            };

        private static string? ProblemWithSub(ImportRow row, Account? known) => known switch
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
                (account.PasswordHash, account.PasswordScheme, account.PasswordChangedAt) = (password.Hash, password.Scheme, now);
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
    }
}
