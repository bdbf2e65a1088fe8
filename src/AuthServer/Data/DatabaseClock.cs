namespace AuthServer.Data;

/// <summary>
/// The clock of the database's machine, which all servers share. On SQLite, which is here, it is this machine's.
/// </summary>
internal class DatabaseClock(TimeProvider clock)
{
    public virtual ValueTask<DateTimeOffset> NowAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult(clock.GetUtcNow());

    /// <summary>
    /// Asked before something that other servers go by is brought forward because it lies too far ahead of
    /// <paramref name="now"/>: it may be this machine's clock that is wrong.
    /// </summary>
    /// <param name="now">What this machine's clock shows.</param>
    /// <returns>
    /// True when that is behind the database's clock by more than <see cref="Clocks.MostApart"/>: then nothing may be
    /// stored.
    /// </returns>
    public async ValueTask<bool> IsAheadOfAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        await NowAsync(cancellationToken) - now > Clocks.MostApart;
}

/// <inheritdoc cref="DatabaseClock"/>
internal sealed class PostgresClock(TimeProvider clock, HotSql sql) : DatabaseClock(clock)
{
    public override async ValueTask<DateTimeOffset> NowAsync(CancellationToken cancellationToken) =>
        (
            await sql.ReadOneAsync("SELECT clock_timestamp()", row => new Shown(row.Instant(0)), cancellationToken)
        )?.Instant
        ?? throw new InvalidOperationException("The database has not said what time it is.");

    private sealed record Shown(DateTimeOffset Instant);
}
