using AuthServer.Data;
using Microsoft.EntityFrameworkCore;
using Recovery.Cases;
using Recovery.Ports;

namespace AuthServer.Accounts;

/// <summary>
/// Shows support what is held about accounts. Every way of finding one goes through an index and stops after a few
/// rows, so that a case with the commonest name of the country is as quick as any other.
/// </summary>
internal sealed class HeldRecords(AuthDbContext db) : IHeldRecords
{
    /// <summary>Accounts that one number, address or name can bring.</summary>
    private const int PerFact = 20;

    /// <summary>Things of one kind that are looked up: addresses, names of trainees.</summary>
    private const int FactsOfAKind = 10;

    /// <summary>Posts, and supervisions each way, that are read of all accounts of one answer together.</summary>
    private const int MostDetails = 2_000;

    public async Task<IReadOnlyList<HeldRecord>> CandidatesAsync(
        CaseEvidence stated,
        string? newEmail,
        int most,
        CancellationToken cancellationToken
    )
    {
        var found = new List<Guid>();
        var keys = stated
            .EarlierEmails.Append(newEmail)
            .Append(stated.Username)
            .OfType<string>()
            .Select(IdentifierKeys.Of)
            .Where(key => key.Exact.Length > 0)
            .Distinct()
            .Take(FactsOfAKind)
            .ToList();
        string[] addresses = [.. keys.Select(key => key.Exact).Concat(keys.Select(key => key.Stripped)).Distinct()];
        found.AddRange(
            await Identified(addresses, LettersOf(keys))
                .Select(i => i.AccountId)
                .Take(PerFact)
                .ToListAsync(cancellationToken)
        );
        found.AddRange(
            await db
                .Accounts.Where(a => a.EmailNormalized != null && addresses.Contains(a.EmailNormalized))
                .OrderBy(a => a.EmailNormalized)
                .Select(a => a.Id)
                .Take(PerFact)
                .ToListAsync(cancellationToken)
        );
        found.AddRange(
            await db
                .PreviousEmails.Where(e => addresses.Contains(e.Normalized))
                .OrderBy(e => e.Normalized)
                .Select(e => e.AccountId)
                .Take(PerFact)
                .ToListAsync(cancellationToken)
        );
        found.AddRange(await ByNumberAsync(stated, cancellationToken));
        found.AddRange(await ByNameAsync(stated.GivenName, stated.FamilyName, cancellationToken));
        found.AddRange(await BySupervisionAsync(stated, cancellationToken));
        return await ReadAsync([.. found.Distinct().Take(most)], cancellationToken);
    }

    public async Task<HeldRecord?> FindAsync(Guid accountId, CancellationToken cancellationToken) =>
        (await ReadAsync([accountId], cancellationToken)).SingleOrDefault();

    public async Task<IReadOnlyDictionary<Guid, AccountReference>> ReferencesAsync(
        IReadOnlyCollection<Guid> accountIds,
        CancellationToken cancellationToken
    ) =>
        accountIds.Count == 0
            ? new Dictionary<Guid, AccountReference>()
            : (
                await db.Accounts.AsNoTracking().Where(a => accountIds.Contains(a.Id)).ToListAsync(cancellationToken)
            ).ToDictionary(a => a.Id, AccountDirectory.Reference);

    public async Task<IReadOnlyDictionary<string, IReadOnlyList<AccountReference>>> OwnersAsync(
        IReadOnlyCollection<string> identifiers,
        CancellationToken cancellationToken
    )
    {
        var typed = identifiers.Distinct().ToDictionary(each => each, IdentifierKeys.Of);
        string[] keys =
        [
            .. typed
                .Values.SelectMany(each => new[] { each.Exact, each.Stripped })
                .Where(key => key.Length > 0)
                .Distinct(),
        ];
        if (keys.Length == 0)
        {
            return new Dictionary<string, IReadOnlyList<AccountReference>>();
        }

        var identified = await Identified(keys, LettersOf(typed.Values))
            .Select(i => new
            {
                i.Normalized,
                i.Letters,
                i.AccountId,
            })
            .Take(2 * keys.Length * PerFact)
            .ToListAsync(cancellationToken);
        var owners = identified.Select(i => new { i.Normalized, i.AccountId }).ToList();
        owners.AddRange(
            await db
                .Accounts.Where(a => a.EmailNormalized != null && keys.Contains(a.EmailNormalized))
                .OrderByDescending(a => a.StaffRole) // a crowd that shares an address must not hide the staff among it
                .Select(a => new { Normalized = a.EmailNormalized ?? "", AccountId = a.Id })
                .Take(keys.Length * PerFact)
                .ToListAsync(cancellationToken)
        );

        // The same for earlier addresses, without a join: with one, a page of the desk's list took SQLite 15 times as
        // long.
        var staff = await db
            .Accounts.Where(a => a.StaffRole != StaffRole.None)
            .Select(a => a.Id)
            .ToListAsync(cancellationToken);
        var earlier = db.PreviousEmails.Where(e => keys.Contains(e.Normalized));
        owners.AddRange(
            await earlier
                .Where(e => staff.Contains(e.AccountId))
                .Select(e => new { e.Normalized, e.AccountId })
                .ToListAsync(cancellationToken)
        );
        owners.AddRange(
            await earlier
                .OrderBy(e => e.Normalized)
                .Select(e => new { e.Normalized, e.AccountId })
                .Take(keys.Length * PerFact)
                .ToListAsync(cancellationToken)
        );
        var references = await ReferencesAsync(
            [.. owners.Select(owner => owner.AccountId).Distinct()],
            cancellationToken
        );
        var byKey = owners
            .Distinct()
            .Where(owner => references.ContainsKey(owner.AccountId))
            .ToLookup(owner => owner.Normalized, owner => references[owner.AccountId]);
        var byLetters = identified
            .Select(i => new { i.Letters, i.AccountId })
            .Distinct()
            .Where(i => references.ContainsKey(i.AccountId))
            .ToLookup(i => i.Letters, i => references[i.AccountId]);
        return typed
            .Select(each => (Typed: each.Key, Owners: Owners(each.Value)))
            .Where(found => found.Owners.Count > 0)
            .ToDictionary(found => found.Typed, found => found.Owners);

        IReadOnlyList<AccountReference> Owners(IdentifierKeys key) =>
            byKey[key.Exact].Any() ? [.. byKey[key.Exact]]
            : byKey[key.Stripped].Any() ? [.. byKey[key.Stripped]]
            : key.Letters.Length > 0 && byLetters[key.Letters].Count() == 1 ? [.. byLetters[key.Letters]]
            : [];
    }

    public async Task<IReadOnlyList<AccountReference>> StaffAsync(CancellationToken cancellationToken) =>
        [
            .. (
                await db
                    .Accounts.AsNoTracking()
                    .Where(a => a.StaffRole != StaffRole.None && !a.Disabled)
                    .ToListAsync(cancellationToken)
            )
                .Select(AccountDirectory.Reference)
                .OrderBy(staff => staff.DisplayName, StringComparer.Ordinal),
        ];

    private async Task<IEnumerable<Guid>> ByNumberAsync(CaseEvidence stated, CancellationToken cancellationToken)
    {
        var (gmc, nmc) = (SearchKey.Number(stated.GmcNumber), SearchKey.Number(stated.NmcNumber));
        var (ntn, college) = (SearchKey.Number(stated.Ntn), SearchKey.Number(stated.CollegeNumber));
        var found = new List<Guid>();
        foreach (
            var (key, which) in new (string?, IQueryable<Account>)[]
            {
                (gmc, db.Accounts.Where(a => a.GmcKey == gmc).OrderBy(a => a.GmcKey)),
                (nmc, db.Accounts.Where(a => a.NmcKey == nmc).OrderBy(a => a.NmcKey)),
                (ntn, db.Accounts.Where(a => a.NtnKey == ntn).OrderBy(a => a.NtnKey)),
                (college, db.Accounts.Where(a => a.CollegeKey == college).OrderBy(a => a.CollegeKey)),
            }
        )
        {
            if (key is not null)
            {
                found.AddRange(await which.Select(a => a.Id).Take(PerFact).ToListAsync(cancellationToken));
            }
        }

        return found;
    }

    /// <summary>Both names first, either way round; then the family name alone.</summary>
    private async Task<IEnumerable<Guid>> ByNameAsync(
        string? givenName,
        string? familyName,
        CancellationToken cancellationToken
    )
    {
        var (given, family) = (SearchKey.Name(givenName), SearchKey.Name(familyName));
        if (family is null)
        {
            return [];
        }

        var found = new List<Guid>();
        if (given is not null)
        {
            found.AddRange(await NamedAsync(family, given, cancellationToken));
            found.AddRange(await NamedAsync(given, family, cancellationToken));
        }

        found.AddRange(
            await db
                .Accounts.Where(a => a.FamilyNameKey == family)
                .OrderBy(a => a.FamilyNameKey)
                .ThenBy(a => a.GivenNameKey)
                .Select(a => a.Id)
                .Take(PerFact)
                .ToListAsync(cancellationToken)
        );
        return found;
    }

    // Ordered as the index is, so that the first rows are all that is read.
    private Task<List<Guid>> NamedAsync(string family, string given, CancellationToken cancellationToken) =>
        db
            .Accounts.Where(a => a.FamilyNameKey == family && a.GivenNameKey == given)
            .OrderBy(a => a.FamilyNameKey)
            .ThenBy(a => a.GivenNameKey)
            .Select(a => a.Id)
            .Take(PerFact)
            .ToListAsync(cancellationToken);

    /// <summary>Supervisors of the trainees that are named, and trainees of the supervisor that is named.</summary>
    private async Task<IEnumerable<Guid>> BySupervisionAsync(CaseEvidence stated, CancellationToken cancellationToken)
    {
        var found = new List<Guid>();
        foreach (var name in stated.SupervisedTrainees.Take(FactsOfAKind))
        {
            var trainees = await ByWholeNameAsync(name, cancellationToken);
            found.AddRange(
                await db
                    .Supervisions.Where(s => trainees.Contains(s.TraineeId))
                    .OrderBy(s => s.TraineeId)
                    .Select(s => s.SupervisorId)
                    .Take(PerFact)
                    .ToListAsync(cancellationToken)
            );
        }

        var supervisors = await ByWholeNameAsync(stated.LastPost?.Supervisor, cancellationToken);
        if (supervisors.Count > 0)
        {
            found.AddRange(
                await db
                    .Supervisions.Where(s => supervisors.Contains(s.SupervisorId))
                    .OrderBy(s => s.SupervisorId)
                    .Select(s => s.TraineeId)
                    .Take(PerFact)
                    .ToListAsync(cancellationToken)
            );
        }

        return found;
    }

    private async Task<IReadOnlyCollection<Guid>> ByWholeNameAsync(string? name, CancellationToken cancellationToken) =>
        name?.Split((char[])[' ', ','], StringSplitOptions.RemoveEmptyEntries) is [var first, .., var last]
        && SearchKey.Name(first) is { } given
        && SearchKey.Name(last) is { } family
            ?
            [
                .. await NamedAsync(family, given, cancellationToken),
                .. await NamedAsync(given, family, cancellationToken),
            ]
            : [];

    private async Task<IReadOnlyList<HeldRecord>> ReadAsync(Guid[] ids, CancellationToken cancellationToken)
    {
        if (ids.Length == 0)
        {
            return [];
        }

        var accounts = await db
            .Accounts.AsNoTracking()
            .Where(a => ids.Contains(a.Id))
            .ToDictionaryAsync(a => a.Id, cancellationToken);
        var emails = (
            await db.PreviousEmails.AsNoTracking().Where(e => ids.Contains(e.AccountId)).ToListAsync(cancellationToken)
        ).ToLookup(e => e.AccountId, e => e.Email);
        var posts = (
            await db
                .Posts.AsNoTracking()
                .Where(p => ids.Contains(p.AccountId))
                .OrderByDescending(p => p.From)
                .Take(MostDetails)
                .ToListAsync(cancellationToken)
        ).ToLookup(p => p.AccountId, p => new HeldPost(p.Employer, p.Specialty, p.Grade, p.From, p.To, p.Supervisor));
        var supervisors = await PeopleAsync(
            db.Supervisions.Where(s => ids.Contains(s.TraineeId))
                .Select(s => new Tie { Of = s.TraineeId, Other = s.SupervisorId }),
            cancellationToken
        );
        var trainees = await PeopleAsync(
            db.Supervisions.Where(s => ids.Contains(s.SupervisorId))
                .Select(s => new Tie { Of = s.SupervisorId, Other = s.TraineeId }),
            cancellationToken
        );
        return
        [
            .. ids.Where(accounts.ContainsKey)
                .Select(id => accounts[id])
                .Select(a => new HeldRecord
                {
                    Account = AccountDirectory.Reference(a),
                    GivenName = a.GivenName,
                    FamilyName = a.FamilyName,
                    FullName = a.Name,
                    Emails = [.. emails[a.Id].Prepend(a.EmailVerified ? a.Email : null).OfType<string>()],
                    GmcNumber = a.GmcNumber,
                    NmcNumber = a.NmcNumber,
                    Ntn = a.Ntn,
                    CollegeNumber = a.CollegeNumber,
                    Posts = [.. posts[a.Id]],
                    Supervisors = [.. supervisors[a.Id]],
                    Trainees = [.. trainees[a.Id]],
                }),
        ];
    }

    /// <summary>Whose tie, and the name of the person at its other end.</summary>
    private async Task<ILookup<Guid, string>> PeopleAsync(IQueryable<Tie> ties, CancellationToken cancellationToken) =>
        (
            await ties.OrderBy(tie => tie.Of)
                .Take(MostDetails)
                .Join(db.Accounts, tie => tie.Other, a => a.Id, (tie, a) => new { tie.Of, Other = a })
                .ToListAsync(cancellationToken)
        ).ToLookup(tie => tie.Of, tie => tie.Other.DisplayName);

    private IQueryable<AccountIdentifier> Identified(string[] normalized, string[] letters) =>
        db
            .AccountIdentifiers.AsNoTracking()
            .Where(i => normalized.Contains(i.Normalized) || letters.Contains(i.Letters))
            .OrderBy(i => i.Normalized);

    private static string[] LettersOf(IEnumerable<IdentifierKeys> keys) =>
        [.. keys.Select(key => key.Letters).Where(letters => letters.Length > 0).Distinct()];

    private sealed class Tie
    {
        public Guid Of { get; init; }

        public Guid Other { get; init; }
    }
}
