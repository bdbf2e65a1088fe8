using AuthServer.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;

namespace UnitTests.AuthServer.Data;

/// <summary>The migrations, as <c>dotnet ef</c> makes them (CONTRIBUTING.md).</summary>
public sealed class MigrationsTests
{
    public static TheoryData<string> Providers => ["Sqlite", "Postgres"];

    [Theory]
    [MemberData(nameof(Providers))]
    public void The_model_has_no_change_without_a_migration(string provider)
    {
        using var db = ContextOf(provider);

        // When this fails: dotnet ef migrations add, for both providers.
        Assert.False(db.Database.HasPendingModelChanges());
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public void A_new_migration_has_no_foreign_key_from_sign_ins_to_apps_and_no_index_for_one(string provider)
    {
        using var db = ContextOf(provider);
        var model = db.GetService<IDesignTimeModel>().Model.GetRelationalModel();

        var operations = db.GetService<IMigrationsModelDiffer>().GetDifferences(null, model);

        var tables = operations.OfType<CreateTableOperation>().ToDictionary(table => table.Name);
        Assert.Empty(tables["authorizations"].ForeignKeys);
        Assert.Contains(tables["tokens"].ForeignKeys, key => key.PrincipalTable == "applications");
        Assert.DoesNotContain(
            operations.OfType<CreateIndexOperation>(),
            index => index.Table == "authorizations" && index.Columns is ["application_id"]
        );
    }

    private static AuthDbContext ContextOf(string provider) =>
        provider == "Postgres"
            ? new PostgresDesignTimeContext().CreateDbContext([])
            : new SqliteDesignTimeContext().CreateDbContext([]);
}
