using System.Data.Common;
using AuthServer.Data;
using Microsoft.Extensions.Options;

namespace AuthServer.CommandLine;

/// <summary>
/// Sees to it that the program may run on its database: migrates it where that is wanted, and refuses an old schema.
/// </summary>
internal static partial class DatabaseReady
{
    /// <param name="mayCreate">False: a database that is not there is not made, because the settings may name the wrong
    /// one.</param>
    /// <exception cref="RefusedException">The schema is old and must not be migrated unasked, or there is no
    /// database.</exception>
    public static Task EnsureAsync(IServiceProvider services, bool mayCreate, CancellationToken cancellationToken) =>
        ReachableAsync(
            services,
            async (schema, options) =>
            {
                if (
                    !mayCreate
                    && DatabaseInUse.Of(services) is { } database
                    && !(database.Exists && await schema.ExistsAsync(cancellationToken))
                )
                {
                    throw new RefusedException(
                        $"There is no database of this server at {database.File ?? database.Description}: set ConnectionStrings:AuthServer "
                            + "to the one that the server uses, or create one with \"AuthServer migrate\"."
                    );
                }

                var isOld = await schema.PendingAsync(cancellationToken) is { Count: > 0 };
                await RefusePoolerAsync(services, migrating: isOld && options.MigratesOnStart, cancellationToken);
                if (options.MigratesOnStart)
                {
                    if (isOld)
                    {
                        Migrating(services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(DatabaseReady)));
                    }

                    await schema.MigrateAsync(cancellationToken);
                }
                else if (await schema.PendingAsync(cancellationToken) is { Count: > 0 } pending)
                {
                    throw new RefusedException(
                        $"The database's schema is old (it lacks {pending[0]}): run \"AuthServer migrate\", or set Database:MigrateOnStart to true."
                    );
                }
            }
        );

    /// <exception cref="RefusedException">The server cannot work through the pooler before its database.</exception>
    public static async Task RefusePoolerAsync(
        IServiceProvider services,
        bool migrating,
        CancellationToken cancellationToken
    )
    {
        if (
            await services.GetRequiredService<ConnectionPooler>().ProblemAsync(migrating, cancellationToken) is
            { } problem
        )
        {
            throw new RefusedException(problem);
        }
    }

    /// <summary>Does the first thing that is done with the database.</summary>
    /// <exception cref="RefusedException">It cannot be reached, or the connection string cannot be read.</exception>
    public static async Task ReachableAsync(IServiceProvider services, Func<Schema, DatabaseOptions, Task> act)
    {
        var options = services.GetRequiredService<IOptions<DatabaseOptions>>().Value;
        try
        {
            await act(services.GetRequiredService<Schema>(), options);
        }
        catch (Exception e) when ((e as DbException ?? e.InnerException as DbException) is { } failure)
        {
            throw new RefusedException(Refusal.Database(failure));
        }
        catch (ArgumentException e)
        {
            throw new RefusedException($"ConnectionStrings:AuthServer cannot be read: {Refusal.OneLine(e.Message)}");
        }
    }

    [LoggerMessage(1014, LogLevel.Information, "Bringing the database's schema up to date.")]
    private static partial void Migrating(ILogger logger);
}
