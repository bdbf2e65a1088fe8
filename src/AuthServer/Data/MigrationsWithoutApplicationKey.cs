using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Internal;
using Microsoft.EntityFrameworkCore.Migrations.Operations;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.EntityFrameworkCore.Update.Internal;

namespace AuthServer.Data;

#pragma warning disable EF1001 // Internal to EF Core. Only `dotnet ef` uses it, never the server.

/// <summary>
/// Leaves the foreign key from authorizations to applications, and its index, out of new migrations. The model needs the
/// relationship for OpenIddict's queries, but each redemption of a code would pay for the constraint, and on PostgreSQL
/// all redemptions of one app would lock its row (docs/adr/0001-protocol-on-openiddict.md).
/// </summary>
internal sealed class MigrationsWithoutApplicationKey(
    IRelationalTypeMappingSource typeMappingSource,
    IMigrationsAnnotationProvider migrationsAnnotationProvider,
    IRelationalAnnotationProvider relationalAnnotationProvider,
    IRowIdentityMapFactory rowIdentityMapFactory,
    CommandBatchPreparerDependencies commandBatchPreparerDependencies
)
    : MigrationsModelDiffer(
        typeMappingSource,
        migrationsAnnotationProvider,
        relationalAnnotationProvider,
        rowIdentityMapFactory,
        commandBatchPreparerDependencies
    )
{
    public override IReadOnlyList<MigrationOperation> GetDifferences(IRelationalModel? source, IRelationalModel? target)
    {
        var operations = base.GetDifferences(source, target);
        foreach (var table in operations.OfType<CreateTableOperation>())
        {
            table.ForeignKeys.RemoveAll(key => key is { Table: "authorizations", PrincipalTable: "applications" });
        }

        return
        [
            .. operations.Where(operation =>
                operation is not CreateIndexOperation { Table: "authorizations", Columns: ["application_id"] }
            ),
        ];
    }
}
