namespace TestSupport.Postgres;

/// <summary>The settings of a server that the tests start, the same in a container and out of the machine's programs.</summary>
internal static class PostgresSettings
{
    public const int MaxConnections = 300;

    /// <summary>Options of <c>initdb</c>.</summary>
    public static readonly IReadOnlyList<string> InitDb = ["--encoding=UTF8", "--locale=C", "--no-sync"];

    /// <summary>
    /// Options of <c>postgres</c>. Durability has tests of its own; these need none. Compiling the statements of tests
    /// costs more than running them.
    /// </summary>
    public static readonly IReadOnlyList<string> Server =
    [
        .. new[]
        {
            "fsync=off",
            "synchronous_commit=off",
            "full_page_writes=off",
            $"max_connections={MaxConnections}",
            "shared_buffers=64MB",
            "timezone=UTC",
            "jit=off",
        }.SelectMany(setting => new[] { "-c", setting }),
    ];
}
