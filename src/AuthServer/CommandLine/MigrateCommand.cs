using System.CommandLine;

namespace AuthServer.CommandLine;

/// <summary>
/// <c>AuthServer migrate</c>: brings the database's schema up to date, and makes the database where there is none.
/// </summary>
internal static class MigrateCommand
{
    public static Command Create()
    {
        var command = new Command("migrate", "Bring the database's schema up to date.");
        command.SetAction(
            (arguments, cancellationToken) =>
                ServiceCommand.RunAsync(arguments, ensureSchema: false, MigrateAsync, cancellationToken)
        );
        return command;
    }

    private static async Task<int> MigrateAsync(CommandRun run, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> applied = [];
        var isNew = DatabaseInUse.Of(run.Services) is { Exists: false };
        await DatabaseReady.ReachableAsync(
            run.Services,
            async (schema, _) =>
            {
                await DatabaseReady.RefusePoolerAsync(run.Services, migrating: true, cancellationToken);
                applied = await schema.MigrateAsync(cancellationToken);
            }
        );
        foreach (var migration in applied)
        {
            await run.Output.WriteLineAsync($"Applied {migration}.");
        }

        await run.Output.WriteLineAsync("The schema is up to date.");
        if (isNew && Environment.IsPrivilegedProcess && DatabaseInUse.Of(run.Services)?.File is { } file)
        {
            await run.Error.WriteLineAsync(
                $"{file} belongs to {Environment.UserName}: give it, and the files {file}-wal and {file}-shm, to the user that runs the server."
            );
        }

        return 0;
    }
}
