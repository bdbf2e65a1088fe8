using System.Globalization;
using DotNet.Testcontainers.Builders;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Testcontainers.PostgreSql;

namespace TestSupport.Postgres;

/// <summary>PostgreSQL in a container, by Testcontainers.</summary>
internal static class PostgresContainer
{
    private const int DefaultVersion = 15;

    /// <summary>
    /// The image: <c>AUTH_TESTS_POSTGRES_IMAGE</c>, else the official one of the version that is installed here.
    /// </summary>
    public static string Image =>
        Environment.GetEnvironmentVariable("AUTH_TESTS_POSTGRES_IMAGE") is { Length: > 0 } image
            ? image
            : $"postgres:{PostgresPrograms.InstalledVersion() ?? DefaultVersion}";

    /// <summary>The major version, which the tag of the image begins with.</summary>
    public static int Version =>
        int.Parse(
            [.. Image[(Image.LastIndexOf(':') + 1)..].TakeWhile(char.IsAsciiDigit)],
            CultureInfo.InvariantCulture
        );

    /// <summary>Null if there is no container engine. An engine that cannot start the container is an error.</summary>
    public static async Task<PostgresServer?> StartIfAnEngineAnswersAsync()
    {
        try
        {
            return await StartAsync();
        }
        catch (DockerUnavailableException)
        {
            return null;
        }
    }

    public static async Task<PostgresServer> StartAsync()
    {
        var container = new PostgreSqlBuilder(Image)
            .WithLogger(NullLogger.Instance)
            .WithPassword(Guid.NewGuid().ToString("N")) // engines map the port on every network of the machine
            .WithEnvironment("POSTGRES_INITDB_ARGS", string.Join(' ', PostgresSettings.InitDb))
            .WithCommand([.. PostgresSettings.Server])
            // For tests/run.sh, which stops what is left of its run.
            .WithLabel("auth-tests-run", Environment.GetEnvironmentVariable("AUTH_TESTS_RUN") ?? "none")
            .Build();
        await container.StartAsync();
        var connection = new NpgsqlConnectionStringBuilder(container.GetConnectionString())
        {
            SslMode = SslMode.Disable,
        };
        return new PostgresServer(connection.ConnectionString, container);
    }
}
