using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AuthServer.Data;

/// <summary>
/// How <c>dotnet ef</c> gets the context of SQLite, without settings or a database. CONTRIBUTING.md has the commands.
/// </summary>
internal sealed class SqliteDesignTimeContext : IDesignTimeDbContextFactory<SqliteAuthDbContext>
{
    public SqliteAuthDbContext CreateDbContext(string[] args) =>
        new(
            new DbContextOptionsBuilder<SqliteAuthDbContext>()
                .UseSqlite()
                .ReplaceService<IMigrationsModelDiffer, MigrationsWithoutApplicationKey>()
                .Options
        );
}

/// <summary>How <c>dotnet ef</c> gets the context of PostgreSQL, without settings or a database.</summary>
internal sealed class PostgresDesignTimeContext : IDesignTimeDbContextFactory<PostgresAuthDbContext>
{
    public PostgresAuthDbContext CreateDbContext(string[] args) =>
        new(
            new DbContextOptionsBuilder<PostgresAuthDbContext>()
                .UseNpgsql()
                .ReplaceService<IMigrationsModelDiffer, MigrationsWithoutApplicationKey>()
                .Options
        );
}
