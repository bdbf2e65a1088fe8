using System.Data.Common;
using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Options;

namespace AuthServer.Data;

/// <summary>Brings the database's schema up to date, or says that it is not.</summary>
internal sealed class Schema(IServiceScopeFactory scopes, HotSql sql, IOptions<DatabaseOptions> options)
{
    private const string Applied = """SELECT MAX("MigrationId"), CAST(COUNT(*) AS INTEGER) FROM "__EFMigrationsHistory" """;

    /// <summary>Applies every migration that is missing. Several processes may do so at once; one does the work.</summary>
    /// <returns>The names of the migrations that were applied.</returns>
    public async Task<IReadOnlyList<string>> MigrateAsync(CancellationToken cancellationToken)
    {
        if (await IsCurrentAsync(cancellationToken))
        {
            return [];
        }

        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AuthDbContext>();
        string[] pending = [.. await db.Database.GetPendingMigrationsAsync(cancellationToken)];
        if (pending.Length > 0)
        {
            await db.Database.MigrateAsync(cancellationToken);
        }

        if (db.Database.IsSqlite())
        {
            // Kept in the file from now on: readers do not wait for the writer.
            await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL", cancellationToken);
        }

        return pending;
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

    // Asked at every start, where Entity Framework would first build its model: that is a third of the time a start takes.
    private async Task<bool> IsCurrentAsync(CancellationToken cancellationToken)
    {
        var context = options.Value.Provider == "Postgres" ? typeof(PostgresAuthDbContext) : typeof(SqliteAuthDbContext);
        string[] ours =
        [
            .. typeof(Schema).Assembly.GetTypes()
                .Where(type => type.GetCustomAttribute<DbContextAttribute>()?.ContextType == context)
                .Select(type => type.GetCustomAttribute<MigrationAttribute>()?.Id)
                .OfType<string>(),
        ];
        try
        {
            var applied = await sql.ReadOneAsync(Applied, row => Tuple.Create(row.TextOrNull(0), row.Int(1)), cancellationToken);
            return applied is not null && applied.Item1 == ours.Max(StringComparer.Ordinal) && applied.Item2 == ours.Length;
        }
        catch (DbException)
        {
            return false; // no such table, or no such database: Entity Framework finds out, and says it better
        }
    }
}
