using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace AuthServer.Data;

/// <summary>
/// How every SQLite connection of ours is opened, by Entity Framework and by <see cref="SqliteHotSql"/>.
/// </summary>
/// <param name="connectionString">From the settings.</param>
/// <param name="busyTimeout"><see cref="DatabaseOptions.BusyTimeout"/>.</param>
internal sealed class SqliteConnectionSettings(string connectionString, TimeSpan busyTimeout) : DbConnectionInterceptor
{
    /// <summary>
    /// SQLite itself waits for a locked file, and looks again every few milliseconds. The driver would go on asking
    /// every 150 ms for another 30 seconds: its timeout is 1 second, the shortest there is, which has passed by then.
    /// </summary>
    public string ConnectionString { get; } =
        new SqliteConnectionStringBuilder(connectionString) { DefaultTimeout = 1 }.ConnectionString;

    /// <summary>
    /// What a connection forgets when it closes. FULL: a commit that was acknowledged survives a power cut, in WAL mode
    /// too.
    /// </summary>
    public string Pragmas { get; init; } =
        string.Create(
            CultureInfo.InvariantCulture,
            $"PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA busy_timeout = {busyTimeout.TotalMilliseconds:F0};"
        );

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Pragmas;
        command.ExecuteNonQuery();
    }

    public override Task ConnectionOpenedAsync(
        DbConnection connection,
        ConnectionEndEventData eventData,
        CancellationToken cancellationToken = default
    )
    {
        ConnectionOpened(connection, eventData);
        return Task.CompletedTask;
    }
}
