using System.Data.Common;
using System.Globalization;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using Recovery.Ports;

namespace AuthServer.Data;

internal static class DataModule
{
    /// <summary>A file in the working directory.</summary>
    public const string DefaultConnectionString = "Data Source=auth.db";

    /// <summary>
    /// The context of the provider named by <c>Database:Provider</c>, hot SQL on the same database, and the schema's
    /// keeper.
    /// </summary>
    public static IServiceCollection AddData(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<DatabaseOptions>().BindConfiguration(DatabaseOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<DatabaseOptions>, DatabaseOptionsValidator>();

        var connectionString = configuration.GetConnectionString("AuthServer") ?? DefaultConnectionString;
        if (configuration["Database:Provider"] == "Postgres")
        {
            services.AddPostgres(connectionString);
        }
        else
        {
            services.AddSqlite(
                connectionString,
                TimeSpan.TryParse(
                    configuration["Database:BusyTimeout"],
                    CultureInfo.InvariantCulture,
                    out var busyTimeout
                )
                    ? busyTimeout
                    : new DatabaseOptions().BusyTimeout
            );
        }

        services.AddScoped<AfterCommit>();
        services.AddScoped<IRecoveryDb>(provider => provider.GetRequiredService<AuthDbContext>());
        services.AddSingleton<Schema>();
        services.AddSingleton<ConnectionPooler>();
        services.AddSingleton<DatabaseHealthCheck>();
        services.AddHealthChecks().AddCheck<DatabaseHealthCheck>("database");
        services.AddSingleton<SealedKeys>();
        services.AddSingleton<ClockCheck>();
        services.AddHostedService(provider => provider.GetRequiredService<ClockCheck>());
        services
            .AddOptions<KeyManagementOptions>()
            .Configure<IServiceScopeFactory, IServiceProvider>(
                (options, scopes, provider) =>
                    options.XmlRepository = new DataProtectionKeyRepository(
                        scopes,
                        new Lazy<SealedKeys>(provider.GetRequiredService<SealedKeys>)
                    )
            ); // which asks for these options itself
        return services;
    }

    private static void AddSqlite(this IServiceCollection services, string connectionString, TimeSpan busyTimeout)
    {
        // Foreign keys and durability are set on every connection, WAL once in the file (Schema). Made when it is first
        // used, so that a connection string that cannot be read is refused with a sentence.
        services.AddSingleton(_ => new SqliteConnectionSettings(connectionString, busyTimeout));
        services.AddSingleton(_ => new SqliteWriteGate(patience: 2 * busyTimeout));
        services.AddSingleton<HotSql, SqliteHotSql>();
        services.AddSingleton<DatabaseClock>();
        services.AddDbContext<AuthDbContext, SqliteAuthDbContext>(
            (provider, options) =>
            {
                var settings = provider.GetRequiredService<SqliteConnectionSettings>();
                options
                    .UseSqlite(settings.ConnectionString)
                    .AddInterceptors(
                        settings,
                        new SqliteGateKeeper(provider.GetRequiredService<SqliteWriteGate>()),
                        provider.GetRequiredService<AfterCommit>()
                    );
            }
        );
    }

    private static void AddPostgres(this IServiceCollection services, string connectionString)
    {
        services.AddSingleton(_ =>
            NpgsqlDataSource.Create(
                new NpgsqlConnectionStringBuilder(connectionString)
                {
                    MaxAutoPrepare = 64,
                    AutoPrepareMinUsages = 2,
                    // Nothing here changes a session's state, and putting it right would be seven statements per use.
                    NoResetOnClose = true,
                }
            )
        );
        // For the shared jobs.
        services.AddSingleton<DbDataSource>(provider => provider.GetRequiredService<NpgsqlDataSource>());
        services.AddSingleton<DatabaseClock, PostgresClock>();
        services.AddSingleton<HotSql>(provider => new PostgresHotSql(provider.GetRequiredService<NpgsqlDataSource>()));
        services.AddDbContext<AuthDbContext, PostgresAuthDbContext>(
            (provider, options) =>
                options
                    .UseNpgsql(provider.GetRequiredService<NpgsqlDataSource>())
                    .AddInterceptors(provider.GetRequiredService<AfterCommit>())
        );
    }
}
