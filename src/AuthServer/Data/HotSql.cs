using System.Data.Common;

namespace AuthServer.Data;

/// <summary>
/// Prepared SQL for the few statements that every token and every page costs: sessions, sign-ins and log-in throttles.
/// Everything else goes through <see cref="AuthDbContext"/>. Statements are constants with parameters <c>$1, $2, …</c>,
/// alike on both providers.
/// </summary>
/// <remarks>
/// Parameters are Guid, string, bool, byte[], DateTimeOffset or null. A write is durable when its task completes.
/// </remarks>
internal abstract class HotSql
{
    /// <summary>Reads the one row that <paramref name="sql"/> finds.</summary>
    /// <returns>What <paramref name="read"/> makes of the row, or null when there is none.</returns>
    public abstract ValueTask<T?> ReadOneAsync<T>(
        string sql,
        Func<HotRow, T> read,
        CancellationToken cancellationToken,
        params object?[] parameters
    )
        where T : class;

    /// <summary>Runs one writing statement that ends in <c>RETURNING</c>, in a transaction of its own.</summary>
    /// <returns>What <paramref name="read"/> makes of the row it wrote, or null when it wrote none.</returns>
    public abstract ValueTask<T?> WriteOneAsync<T>(
        string sql,
        Func<HotRow, T> read,
        CancellationToken cancellationToken,
        params object?[] parameters
    )
        where T : class;

    /// <summary>
    /// Writes something and takes it back: fails as the next write would, because of a lock or a full disk, say.
    /// </summary>
    public abstract Task TryWriteAsync(CancellationToken cancellationToken);
}

/// <summary>One row, read by position, with each provider's way of storing an instant hidden.</summary>
internal readonly struct HotRow(DbDataReader reader, bool instantsAreTicks)
{
    public Guid Guid(int i) => reader.GetGuid(i);

    public string Text(int i) => reader.GetString(i);

    public string? TextOrNull(int i) => reader.IsDBNull(i) ? null : reader.GetString(i);

    public bool Bool(int i) => reader.GetBoolean(i);

    public int Int(int i) => reader.GetInt32(i);

    public byte[]? BytesOrNull(int i) => reader.IsDBNull(i) ? null : reader.GetFieldValue<byte[]>(i);

    public DateTimeOffset Instant(int i) =>
        instantsAreTicks
            ? new DateTimeOffset(reader.GetInt64(i), TimeSpan.Zero)
            : reader.GetFieldValue<DateTimeOffset>(i);

    public DateTimeOffset? InstantOrNull(int i) => reader.IsDBNull(i) ? null : Instant(i);
}
