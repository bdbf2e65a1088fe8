using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Recovery.Ports;
using Recovery.ResetLinks;

namespace Recovery.Requests;

/// <summary>
/// How often an address is written to and an account is sent links, counted in the database and so by all processes
/// together.
/// </summary>
internal sealed class RequestLimits(IRecoveryDb db, IOptions<RecoveryLimitOptions> limits, TimeProvider clock)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>Ends of a request that sent a mail.</summary>
    private static readonly RequestOutcome[] Mailed =
    [
        RequestOutcome.Reminded,
        RequestOutcome.Unknown,
        RequestOutcome.Unconfirmed,
        RequestOutcome.Disabled,
    ];

    /// <summary>
    /// Until the current transaction ends, nobody else counts and answers for this address, in other processes too.
    /// </summary>
    public Task HoldAsync(byte[] addressHash, CancellationToken cancellationToken) =>
        db.HoldAsync($"requests of {Convert.ToHexString(addressHash)}", cancellationToken);

    /// <summary>True when the address has had its mails of this hour.</summary>
    public async Task<bool> IsEnoughForAsync(byte[] addressHash, CancellationToken cancellationToken)
    {
        var (since, until) = Window(Hour);
        return await db.RecoveryRequests.CountAsync(
                r => r.AddressHash == addressHash && r.DoneAt > since && r.DoneAt < until && Mailed.Contains(r.Outcome),
                cancellationToken
            ) >= limits.Value.MailsPerAddress;
    }

    /// <summary>True when somebody who uses no account here has been told so often enough today.</summary>
    public async Task<bool> IsEnoughForUnknownAsync(byte[] addressHash, CancellationToken cancellationToken)
    {
        var (since, until) = Window(Day);
        return await db.RecoveryRequests.CountAsync(
                r =>
                    r.AddressHash == addressHash
                    && r.DoneAt > since
                    && r.DoneAt < until
                    && (r.Outcome == RequestOutcome.Unknown || r.Outcome == RequestOutcome.Unconfirmed),
                cancellationToken
            ) >= limits.Value.UnknownAddressMails;
    }

    /// <returns>Those of the accounts that may be sent another link.</returns>
    public async Task<IReadOnlyList<AccountReference>> MayHaveLinkAsync(
        IReadOnlyList<AccountReference> accounts,
        CancellationToken cancellationToken
    )
    {
        var (since, until) = Window(Hour);
        Guid[] ids = [.. accounts.Select(account => account.Id)];
        var sent = await db
            .ResetLinks.Where(l =>
                ids.Contains(l.AccountId)
                && l.CreatedAt > since
                && l.CreatedAt < until
                && l.Purpose == LinkPurpose.Reset
            )
            .GroupBy(l => l.AccountId)
            .Select(links => new { links.Key, Count = links.Count() })
            .ToDictionaryAsync(account => account.Key, account => account.Count, cancellationToken);
        return [.. accounts.Where(account => sent.GetValueOrDefault(account.Id) < limits.Value.LinksPerAccount)];
    }

    // What a clock that was wrong has dated into the future is not counted, or it would be for as long as the clock was
    // wrong.
    private (DateTimeOffset Since, DateTimeOffset Until) Window(TimeSpan length) =>
        (clock.GetUtcNow() - length, clock.GetUtcNow() + Clocks.MostApart);
}
