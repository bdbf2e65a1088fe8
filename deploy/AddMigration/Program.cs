// dotnet run --project deploy/AddMigration -- NAME
// Writes src/AuthServer/Data/Migrations/{Sqlite,Postgres}/TIMESTAMP_NAME.cs and the model snapshots, for both
// providers.
#pragma warning disable EF1001 // the scaffolder is EF's own tooling; `dotnet ef` cannot be restored here
using System.Reflection;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Migrations.Design;
using Microsoft.Extensions.DependencyInjection;

if (args is not [var name] || !Directory.Exists("src/AuthServer"))
{
    Console.Error.WriteLine("Usage, from the repository's root: dotnet run --project deploy/AddMigration -- NAME");
    return 1;
}

Add(
    new SqliteAuthDbContext(new DbContextOptionsBuilder<SqliteAuthDbContext>().UseSqlite("Data Source=x").Options),
    "Sqlite"
);
Add(
    new PostgresAuthDbContext(new DbContextOptionsBuilder<PostgresAuthDbContext>().UseNpgsql("Host=x").Options),
    "Postgres"
);
return 0;

void Add(AuthDbContext db, string provider)
{
    using (db)
    {
        var services = new ServiceCollection();
        services.AddEntityFrameworkDesignTimeServices();
        services.AddDbContextDesignTimeServices(db);
        var assembly = Assembly.Load(db.Database.ProviderName!);
        var designTime = assembly.GetCustomAttributes<DesignTimeProviderServicesAttribute>().Single().TypeName;
        ((IDesignTimeServices)Activator.CreateInstance(assembly.GetType(designTime)!)!).ConfigureDesignTimeServices(
            services
        );
        using var scope = services.BuildServiceProvider().CreateScope();
        var scaffolder = scope.ServiceProvider.GetRequiredService<IMigrationsScaffolder>();
        var migration = scaffolder.ScaffoldMigration(name, "AuthServer", "Data.Migrations." + provider);
        var files = scaffolder.Save(Path.GetFullPath("src/AuthServer"), migration, outputDir: null, dryRun: false);
        Console.WriteLine(Path.GetRelativePath(".", files.MigrationFile!));
        Console.WriteLine(Path.GetRelativePath(".", files.SnapshotFile!));
    }
}
