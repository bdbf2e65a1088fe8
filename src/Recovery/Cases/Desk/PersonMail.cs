using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Recovery.Ports;
using Recovery.Requests;

namespace Recovery.Cases.Desk;

/// <summary>
/// For the officer who is asked where a mail is: what somebody who gives a username or an address asked for, what was
/// written to them, and what became of it. Every account that is shown is in the audit trail.
/// </summary>
internal sealed class PersonMail(
    IRecoveryDb db,
    IHeldRecords held,
    IAccountAddresses addresses,
    IRecoveryMessenger messenger,
    ShownMessages shown,
    IRecoveryAudit audit
)
{
    /// <summary>Accounts that one address brings.</summary>
    private const int MostAccounts = 10;

    /// <summary>Requests that are shown, the newest first; they are kept for a week.</summary>
    private const int MostRequests = 20;

    /// <param name="typed">A username or an address that the person gives.</param>
    public async Task<FoundMail> FindAsync(string typed, Officer officer, CancellationToken cancellationToken)
    {
        var normalized = addresses.Clean(typed);
        var owners = (await held.OwnersAsync([typed], cancellationToken))
            .Values.SelectMany(found => found)
            .DistinctBy(account => account.Id)
            .Take(MostAccounts)
            .ToList();
        var people = new List<MailedPerson>();
        foreach (var account in owners)
        {
            people.Add(await PersonAsync(account, normalized, officer, cancellationToken));
        }

        // What was written to an address about nobody; not when it leads to an account that this officer must not look
        // at.
        var open = people.TrueForAll(person => person.Bar is null);
        var strangers = open ? await messenger.TrailOfStrangerAsync(normalized, cancellationToken) : [];
        var requests = open
            ? await RequestsAsync(
                [normalized, .. people.Select(person => person.Account.EmailNormalized).OfType<string>()],
                cancellationToken
            )
            : [];
        foreach (
            var id in people
                .Where(person => person.Bar is null)
                .Select(person => (Guid?)person.Account.Id)
                .DefaultIfEmpty()
        )
        {
            audit.Record(RecoveryAuditKinds.MailViewed, id, officer.Id);
        }

        await db.SaveChangesAsync(cancellationToken);
        return new FoundMail(people, await shown.OfAsync(strangers, null, _ => true, cancellationToken), requests);
    }

    private async Task<MailedPerson> PersonAsync(
        AccountReference account,
        string normalized,
        Officer officer,
        CancellationToken cancellationToken
    )
    {
        if (CaseBars.For(officer, [account]) is { } bar)
        {
            return new MailedPerson(account, bar, []);
        }

        var trail = await messenger.TrailOfAccountAsync(account.Id, cancellationToken);
        return new MailedPerson(
            account,
            null,
            await shown.OfAsync(trail, account.Id, m => addresses.Normalize(m.To) == normalized, cancellationToken)
        );
    }

    private async Task<IReadOnlyList<RecoveryRequest>> RequestsAsync(
        IEnumerable<string> normalized,
        CancellationToken cancellationToken
    )
    {
        byte[][] hashes =
        [
            .. normalized.Distinct().Select(address => SHA256.HashData(Encoding.UTF8.GetBytes(address))),
        ];
        return await db
            .RecoveryRequests.AsNoTracking()
            .Where(r => r.AddressHash != null && hashes.Contains(r.AddressHash) && r.DoneAt != null)
            .OrderByDescending(r => r.DoneAt)
            .Take(MostRequests)
            .ToListAsync(cancellationToken);
    }
}

/// <param name="People">Accounts that have, or had, what was looked for.</param>
/// <param name="Strangers">Messages to the address that are about no account.</param>
/// <param name="Requests">How often forgotten details were asked for lately, with the address or for these accounts,
/// and what became of it.</param>
internal sealed record FoundMail(
    IReadOnlyList<MailedPerson> People,
    IReadOnlyList<ShownMessage> Strangers,
    IReadOnlyList<RecoveryRequest> Requests
);

/// <param name="Bar">Why the officer must not look; then there are no messages.</param>
internal sealed record MailedPerson(AccountReference Account, CaseBar? Bar, IReadOnlyList<ShownMessage> Messages);
