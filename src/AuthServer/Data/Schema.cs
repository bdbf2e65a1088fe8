using System.Data.Common;
using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AuthServer.Data;

/// <summary>Brings the database's schema up to date, or says that it is not.</summary>
internal sealed class Schema(IServiceScopeFactory scopes, HotSql sql, IOptions<DatabaseOptions> options)
{
    /// <summary>PostgreSQL's name for the lock; any number that nothing else uses.</summary>
    private const int LockNumber = 6100;

    /// <summary>Of one statement, or of waiting for another process.</summary>
    private static readonly TimeSpan LongestMigration = TimeSpan.FromMinutes(30);

    private const string Applied =
        """SELECT MAX("MigrationId"), CAST(COUNT(*) AS INTEGER) FROM "__EFMigrationsHistory" """;

    /// <summary>
    /// Applies every migration that is missing. Several processes may do so at once; one does the work.
    /// </summary>
    /// <returns>The names of the migrations that were applied.</returns>
    public async Task<IReadOnlyList<string>> MigrateAsync(CancellationToken cancellationToken)
    {
        if (await IsCurrentAsync(cancellationToken))
        {
            return [];
        }

        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AuthDbContext>();
        if (db.Database.IsNpgsql())
        {
            return await InTurnAsync(db, () => ApplyAsync(db, cancellationToken), cancellationToken);
        }

        var pending = await ApplyAsync(db, cancellationToken);
        if (db.Database.IsSqlite())
        {
            // Kept in the file from now on: readers do not wait for the writer.
            await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL", cancellationToken);
        }

        return pending;
    }

    private static async Task<string[]> ApplyAsync(AuthDbContext db, CancellationToken cancellationToken)
    {
        string[] pending = [.. await db.Database.GetPendingMigrationsAsync(cancellationToken)];
        if (pending.Length > 0)
        {
            await db.Database.MigrateAsync(cancellationToken);
        }

        return pending;
    }

    /// <summary>
    /// Entity Framework locks each migration by itself: between two of them another process would begin with what the
    /// first one has on its list. So the whole list is one turn here.
    /// </summary>
    private static async Task<string[]> InTurnAsync(
        AuthDbContext db,
        Func<Task<string[]>> act,
        CancellationToken cancellationToken
    )
    {
        var creator = db.GetService<IRelationalDatabaseCreator>();
        if (!await creator.ExistsAsync(cancellationToken))
        {
            return await act(); // which makes the database, and nobody else is on it yet
        }

        db.Database.SetCommandTimeout(LongestMigration);
        await db.Database.OpenConnectionAsync(cancellationToken); // kept open: the lock belongs to the connection
        try
        {
            await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_lock({LockNumber})", cancellationToken);
            var done = await act();
            await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_unlock({LockNumber})", CancellationToken.None);
            return done;
        }
        catch
        {
            // The connection goes back to its pool as it is: closed for good, it takes the lock along.
            NpgsqlConnection.ClearPool((NpgsqlConnection)db.Database.GetDbConnection());
            throw;
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
    }

    /// <returns>False when there is no database, or one that was never migrated.</returns>
    public async Task<bool> ExistsAsync(CancellationToken cancellationToken)
    {
        if (await IsCurrentAsync(cancellationToken))
        {
            return true;
        }

        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AuthDbContext>();
        return (await db.Database.GetAppliedMigrationsAsync(cancellationToken)).Any();
    }

    /// <summary>The migrations that the database lacks; empty when this program can run on it.</summary>
    public async Task<IReadOnlyList<string>> PendingAsync(CancellationToken cancellationToken)
    {
        if (await IsCurrentAsync(cancellationToken))
        {
            return [];
        }

        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AuthDbContext>();
        return [.. await db.Database.GetPendingMigrationsAsync(cancellationToken)];
    }

    // Asked at every start, where Entity Framework would first build its model: that is a third of the time a start
    // takes.
    private async Task<bool> IsCurrentAsync(CancellationToken cancellationToken)
    {
        var context =
            options.Value.Provider == "Postgres" ? typeof(PostgresAuthDbContext) : typeof(SqliteAuthDbContext);
        string[] ours =
        [
            .. typeof(Schema)
                .Assembly.GetTypes()
                .Where(type => type.GetCustomAttribute<DbContextAttribute>()?.ContextType == context)
                .Select(type => type.GetCustomAttribute<MigrationAttribute>()?.Id)
                .OfType<string>(),
        ];
        try
        {
            var applied = await sql.ReadOneAsync(
                Applied,
                row => Tuple.Create(row.TextOrNull(0), row.Int(1)),
                cancellationToken
            );
            return applied is not null
                && applied.Item1 == ours.Max(StringComparer.Ordinal)
                && applied.Item2 == ours.Length;
        }
        catch (DbException)
        {
            return false; // no such table, or no such database: Entity Framework finds out, and says it better
        }
    }
}
