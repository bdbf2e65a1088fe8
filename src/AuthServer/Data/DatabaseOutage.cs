using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;
using SQLitePCL;

namespace AuthServer.Data;

/// <summary>
/// Tells failures of the database's surroundings (locked by another program, a full or read-only disk, a server that is
/// away, keys that cannot be opened) from bugs. Work that met an outage can be tried again later, so it is answered
/// with 503 and never with 500.
/// </summary>
internal static class DatabaseOutage
{
    /// <summary>
    /// SQLite's primary result codes (https://sqlite.org/rescode.html) that no statement of ours can cause.
    /// </summary>
    private static readonly int[] SqliteCodes =
    [
        raw.SQLITE_BUSY,
        raw.SQLITE_LOCKED,
        raw.SQLITE_NOMEM,
        raw.SQLITE_READONLY,
        raw.SQLITE_IOERR,
        raw.SQLITE_CORRUPT,
        raw.SQLITE_FULL,
        raw.SQLITE_CANTOPEN,
        raw.SQLITE_PROTOCOL,
        raw.SQLITE_NOTADB,
    ];

    /// <summary>
    /// Beginnings of SQLSTATE codes that Npgsql does not call transient: 25006 is a read-only server, 53 means that a
    /// resource has run out, 57P that the server is being stopped, 58 a system error such as one of the disk.
    /// </summary>
    private static readonly string[] PostgresCodes = ["25006", "53", "57P", "58"];

    /// <returns>
    /// True when <paramref name="failure"/> or one of the failures inside it is an outage of the database.
    /// </returns>
    public static bool Caused(Exception failure) =>
        failure switch
        {
            DatabaseBusyException or SealedKeysException => true,
            SqliteException sqlite => SqliteCodes.Contains(sqlite.SqliteErrorCode),
            PostgresException postgres => postgres.IsTransient
                || PostgresCodes.Any(code => postgres.SqlState.StartsWith(code, StringComparison.Ordinal)),
            NpgsqlException { InnerException: IOException or TimeoutException or System.Net.Sockets.SocketException } =>
                true,
            DbException { IsTransient: true } => true,
            _ => failure.InnerException is { } inner && Caused(inner),
        };
}

/// <summary>The database did not become free in time (<see cref="DatabaseOptions.BusyTimeout"/>).</summary>
internal sealed class DatabaseBusyException()
    : TimeoutException("The database is busy: another program may have locked it.");
