using System.CommandLine;

namespace AuthServer.CommandLine;

/// <summary><c>AuthServer migrate</c>: brings the database's schema up to date, and makes the database where there is none.</summary>
internal static class MigrateCommand
{
    public static Command Create()
    {
        var command = new Command("migrate", "Bring the database's schema up to date.");
        command.SetAction((arguments, cancellationToken) =>
            ServiceCommand.RunAsync(arguments, ensureSchema: false, MigrateAsync, cancellationToken));
        return command;
    }

    private static async Task<int> MigrateAsync(CommandRun run, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> applied = [];
        await DatabaseReady.ReachableAsync(run.Services, async (schema, _) =>
            applied = await schema.MigrateAsync(cancellationToken));
        foreach (var migration in applied)
        {
            await run.Output.WriteLineAsync($"Applied {migration}.");
        }

        await run.Output.WriteLineAsync("The schema is up to date.");
        return 0;
    }
}
