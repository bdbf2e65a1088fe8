using System.Globalization;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Quartz;

namespace AuthServer.Data.Migrations.Postgres;

/// <summary>
/// The tables of Quartz's job store. Written by hand, because no entity stands for them: Quartz brings the statements, in the
/// version that is pinned. <c>JobTablesTests</c> fails when a newer version brings others: then a migration has to be added
/// that brings older databases up to them.
/// </summary>
[DbContext(typeof(PostgresAuthDbContext))]
[Migration("20261123000000_JobTables")]
public sealed class JobTables : Migration
{
    public const string Prefix = "qrtz_";

    /// <summary>What Quartz itself splits its script at.</summary>
    private const string Separator = "\n--;;";

    private static readonly string[] Tables =
    [
        "job_status", "misfire_history", "execution_history", "locks", "scheduler_state", "fired_triggers", "paused_job_grps",
        "paused_trigger_grps", "calendars", "blob_triggers", "simprop_triggers", "cron_triggers", "simple_triggers", "triggers", "job_details",
    ];

    /// <summary>Quartz's own script for PostgreSQL; <c>{0}</c> and <c>{1}</c> stand for the prefix of its tables.</summary>
    public static string Script()
    {
        using var resource = typeof(IScheduler).Assembly.GetManifestResourceStream("Quartz.Impl.AdoJobStore.Schema.create_postgres.sql")
            ?? throw new InvalidOperationException("This version of Quartz does not bring its tables for PostgreSQL.");
        using var reader = new StreamReader(resource);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    protected override void Up(MigrationBuilder migrationBuilder)
    {
        foreach (var statement in Script().Split(Separator).Skip(1))
        {
            migrationBuilder.Sql(string.Format(CultureInfo.InvariantCulture, statement, Prefix, Prefix));
        }
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        foreach (var table in Tables)
        {
            migrationBuilder.Sql($"DROP TABLE IF EXISTS {Prefix}{table}");
        }
    }
}
