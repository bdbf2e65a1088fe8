using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Recovery.Ports;

namespace Recovery.Cases.Claim;

/// <summary>
/// Says when a network has begun, or an address been sent, enough. Counted in the database, for all processes together.
/// </summary>
internal sealed class CaseLimits(IRecoveryDb db, IOptions<CaseLimitOptions> limits, TimeProvider clock)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>
    /// Keeps other forms of this network from being begun until the transaction ends, so that none is counted too late.
    /// </summary>
    public Task HoldAsync(string? network, CancellationToken cancellationToken) =>
        db.HoldAsync($"cases from {network}", cancellationToken);

    /// <returns>How long until another form can be begun from this network; null: now.</returns>
    public async Task<TimeSpan?> WaitAsync(string? network, CancellationToken cancellationToken) =>
        await WaitAsync(network, limits.Value.PerNetworkPerDay, Day, cancellationToken)
        ?? await WaitAsync(network, limits.Value.PerNetworkPerHour, Hour, cancellationToken);

    /// <summary>Inside the transaction that sends it: the address is held from here on.</summary>
    /// <returns>True when a form may have one more mail sent to its address.</returns>
    public async Task<bool> MayMailAsync(SupportCase draft, CancellationToken cancellationToken)
    {
        await HoldAsync(draft.AddressHash, cancellationToken);
        var now = clock.GetUtcNow();
        var (since, until) = (now - Day, now + Clocks.MostApart);
        return draft.MailsSent < limits.Value.MailsPerForm
            && await db
                .SupportCases.Where(c =>
                    c.AddressHash == draft.AddressHash && c.ChangedAt > since && c.ChangedAt < until
                )
                .SumAsync(c => c.MailsSent, cancellationToken) < limits.Value.MailsPerAddressPerDay;
    }

    /// <summary>Inside the transaction that opens it: the address is held from here on.</summary>
    /// <param name="caseId">Is not counted itself.</param>
    /// <returns>True when staff can be given one more case with this address.</returns>
    public async Task<bool> MayOpenAsync(Guid caseId, byte[]? addressHash, CancellationToken cancellationToken)
    {
        await HoldAsync(addressHash, cancellationToken);
        return await db.SupportCases.CountAsync(
                c =>
                    c.AddressHash == addressHash
                    && c.Id != caseId
                    && (
                        c.State == CaseState.Open
                        || c.State == CaseState.MoreWanted
                        || c.State == CaseState.SecondApprovalWanted
                        || c.State == CaseState.Approved
                    ),
                cancellationToken
            ) < limits.Value.OpenPerAddress;
    }

    private Task HoldAsync(byte[]? addressHash, CancellationToken cancellationToken) =>
        db.HoldAsync($"cases of {Convert.ToHexString(addressHash ?? [])}", cancellationToken);

    private async Task<TimeSpan?> WaitAsync(
        string? network,
        int most,
        TimeSpan window,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetUtcNow();
        var (since, until) = (now - window, now + Clocks.MostApart);
        var begun = await db
            .SupportCases.AsNoTracking()
            .Where(c => c.Network == network && c.CreatedAt > since && c.CreatedAt < until)
            .OrderByDescending(c => c.CreatedAt)
            .Skip(most - 1)
            .Select(c => (DateTimeOffset?)c.CreatedAt)
            .FirstOrDefaultAsync(cancellationToken);
        return begun is { } first ? (first < now ? first : now) + window - now : null; // never longer than the window
    }
}
