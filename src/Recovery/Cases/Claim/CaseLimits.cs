using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Recovery.Ports;

namespace Recovery.Cases.Claim;

/// <summary>Says when a network has begun, or an address been sent, enough. Counted in the database, for all processes together.</summary>
internal sealed class CaseLimits(IRecoveryDb db, IOptions<CaseLimitOptions> limits, TimeProvider clock)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <returns>How long until another form can be begun from this network; null: now.</returns>
    public async Task<TimeSpan?> WaitAsync(string? network, CancellationToken cancellationToken) =>
        await WaitAsync(network, limits.Value.PerNetworkPerDay, Day, cancellationToken)
            ?? await WaitAsync(network, limits.Value.PerNetworkPerHour, Hour, cancellationToken);

    /// <returns>True when a form may have one more mail sent to its address.</returns>
    public async Task<bool> MayMailAsync(SupportCase draft, CancellationToken cancellationToken)
    {
        var since = clock.GetUtcNow() - Day;
        return draft.MailsSent < limits.Value.MailsPerForm
            && await db.SupportCases
                .Where(c => c.AddressHash == draft.AddressHash && c.ChangedAt > since)
                .SumAsync(c => c.MailsSent, cancellationToken) < limits.Value.MailsPerAddressPerDay;
    }

    /// <returns>True when staff can be given one more case with this address.</returns>
    public async Task<bool> MayOpenAsync(SupportCase draft, CancellationToken cancellationToken) =>
        await db.SupportCases.CountAsync(
            c => c.AddressHash == draft.AddressHash
                && (c.State == CaseState.Open || c.State == CaseState.MoreWanted || c.State == CaseState.SecondApprovalWanted
                    || c.State == CaseState.Approved),
            cancellationToken) < limits.Value.OpenPerAddress;

    private async Task<TimeSpan?> WaitAsync(string? network, int most, TimeSpan window, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var since = now - window;
        var begun = await db.SupportCases.AsNoTracking()
            .Where(c => c.Network == network && c.CreatedAt > since)
            .OrderByDescending(c => c.CreatedAt)
            .Skip(most - 1)
            .Select(c => (DateTimeOffset?)c.CreatedAt)
            .FirstOrDefaultAsync(cancellationToken);
        return begun is { } first ? first + window - now : null;
    }
}
