using Microsoft.EntityFrameworkCore;

namespace AuthServer.Data;

/// <summary>
/// Warns when the clocks disagree: something in the database is dated ahead of this machine's clock, or this clock is
/// ahead of the database's. Nothing that has an order depends on clocks, but people read the dates, and limits and
/// lifetimes go by them.
/// </summary>
internal sealed partial class ClockCheck(IServiceScopeFactory scopes, TimeProvider clock, ILogger<ClockCheck> logger)
    : BackgroundService
{
    /// <summary>What is not worth a warning: two machines that are kept right by a time service are closer.</summary>
    private static readonly TimeSpan Tolerated = TimeSpan.FromSeconds(5);

    /// <summary>Real time, whatever the clock says.</summary>
    private static readonly TimeSpan Often = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan AfterStart = TimeSpan.FromSeconds(5);

    private bool _storedIsAhead;
    private bool _databaseIsBehind;

    /// <summary>
    /// Looks once. What was warned of already is warned of again only when it has been right in between.
    /// </summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AuthDbContext>();
        var newest = await NewestAsync(db, cancellationToken);
        var ahead = newest - clock.GetUtcNow();
        if (Begins(ref _storedIsAhead, ahead))
        {
            StoredIsAhead(ahead.TotalSeconds, newest);
        }

        ahead = clock.GetUtcNow() - await db.NowAsync(cancellationToken);
        if (Begins(ref _databaseIsBehind, ahead))
        {
            DatabaseIsBehind(ahead.TotalSeconds);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var wait = AfterStart;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(wait, TimeProvider.System, stoppingToken);
                wait = Often;
                await LookAsync(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                // The health check says so loudly when the database is away; the next look is in a minute.
                NotLooked(failure);
            }
        }
    }

    /// <summary>
    /// Every log-in, reset and step of a case is an audit event; a request for forgotten details is dated first of all.
    /// </summary>
    private static async Task<DateTimeOffset> NewestAsync(AuthDbContext db, CancellationToken cancellationToken)
    {
        var audited =
            await db.AuditEvents.MaxAsync(e => (DateTimeOffset?)e.At, cancellationToken) ?? DateTimeOffset.MinValue;
        var asked =
            await db.RecoveryRequests.MaxAsync(r => (DateTimeOffset?)r.AskedAt, cancellationToken)
            ?? DateTimeOffset.MinValue;
        return audited > asked ? audited : asked;
    }

    /// <returns>True when it is so and was not at the look before.</returns>
    private static bool Begins(ref bool was, TimeSpan ahead)
    {
        var begins = ahead > Tolerated && !was;
        was = ahead > Tolerated;
        return begins;
    }

    [LoggerMessage(
        6010,
        LogLevel.Warning,
        "The newest date in the database is {Seconds:0} s ahead of this machine's clock: {Newest:O}. Either this clock is behind, or another was ahead. Check the time service of every machine."
    )]
    private partial void StoredIsAhead(double seconds, DateTimeOffset newest);

    [LoggerMessage(
        6011,
        LogLevel.Warning,
        "This machine's clock is {Seconds:0} s ahead of the database server's. Check the time service of both."
    )]
    private partial void DatabaseIsBehind(double seconds);

    [LoggerMessage(6012, LogLevel.Debug, "The clocks could not be compared; it is tried again.")]
    private partial void NotLooked(Exception failure);
}
