using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AuthServer.Data;

/// <summary>Settings under <c>Database</c>. The connection string is <c>ConnectionStrings:AuthServer</c>.</summary>
public sealed class DatabaseOptions
{
    public const string Section = "Database";

    /// <summary><c>Sqlite</c> (the default) or <c>Postgres</c>.</summary>
    [AllowedValues("Sqlite", "Postgres", ErrorMessage = "Database:Provider must be Sqlite or Postgres.")]
    public string Provider { get; set; } = "Sqlite";

    /// <summary>Bring the schema up to date at start. Default: true on SQLite, false on PostgreSQL.</summary>
    public bool? MigrateOnStart { get; set; }

    /// <summary>
    /// SQLite: how long one statement waits while another program has locked the file, and half of how long a writer
    /// waits for other writers of this process. Afterwards the request is answered with 503. Default 1.5 seconds; 30 in
    /// the command line.
    /// </summary>
    [Range(
        typeof(TimeSpan),
        "00:00:00.1",
        "00:05:00",
        ErrorMessage = "Database:BusyTimeout must be between 00:00:00.1 and 00:05:00."
    )]
    public TimeSpan BusyTimeout { get; set; } = TimeSpan.FromSeconds(1.5);

    public bool MigratesOnStart => MigrateOnStart ?? Provider == "Sqlite";
}

[OptionsValidator]
internal sealed partial class DatabaseOptionsValidator : IValidateOptions<DatabaseOptions>;
