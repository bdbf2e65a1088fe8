using System.CommandLine;

namespace AuthServer.CommandLine;

/// <summary><c>AuthServer serve</c>: runs the server until it is told to stop. Settings may follow as <c>--Key=value</c>.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var command = new Command(
            "serve", "Run the server. Settings may follow as --Key=value, such as --urls=http://localhost:5080.")
        {
            TreatUnmatchedTokensAsErrors = false,
        };
        command.SetAction((arguments, cancellationToken) =>
            RunAsync((CommandSurroundings)arguments.InvocationConfiguration, [.. arguments.UnmatchedTokens], cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        CommandSurroundings surroundings, string[] settings, CancellationToken cancellationToken)
    {
        CheckSettings(settings);
        await using var app = Program.Build([.. surroundings.Settings, .. settings], surroundings.Configure);
        await DatabaseReady.EnsureAsync(app.Services, cancellationToken);
        await app.RunAsync(cancellationToken);
        return 0;
    }

    // The configuration would leave out what it cannot read, and the operator would wonder.
    private static void CheckSettings(string[] settings)
    {
        for (var i = 0; i < settings.Length; i++)
        {
            if (!settings[i].StartsWith("--", StringComparison.Ordinal))
            {
                throw new RefusedException($"\"{settings[i]}\" is not a setting: write it as --Key=value.");
            }

            if (!settings[i].Contains('=', StringComparison.Ordinal) && ++i == settings.Length)
            {
                throw new RefusedException($"The setting {settings[^1]} lacks its value: write it as {settings[^1]}=value.");
            }
        }
    }
}
