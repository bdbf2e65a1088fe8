using Quartz;

namespace AuthServer.Data;

/// <summary>
/// Where the schedule of those jobs is kept that one process at a time runs. On PostgreSQL it is in the database
/// (<see cref="Migrations.Postgres.JobTables"/>): every process has a part in it, and takes over from one that has
/// died. On SQLite there is one process, and its memory will do.
/// </summary>
internal static class JobStore
{
    public static IQuartzBuilder UseSharedStore(this IQuartzBuilder quartz, IConfiguration configuration)
    {
        if (configuration["Database:Provider"] != "Postgres")
        {
            return quartz.UseInMemoryStore();
        }

        return quartz.UsePersistentStore(store =>
        {
            store.UsePostgres(source => source.UseRegisteredDataSource = true);
            store.UseClustering();
            store.UseSystemTextJsonSerializer();
        });
    }
}
