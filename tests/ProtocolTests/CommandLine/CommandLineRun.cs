using System.Text.Json;
using AuthServer.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using TestSupport;

namespace ProtocolTests.CommandLine;

/// <summary>What one run of the command line came to.</summary>
internal sealed record CommandLineRun(int ExitCode, string Output, string Error)
{
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Output);

    /// <summary>Each mistake is one line.</summary>
    public IReadOnlyList<string> Mistakes =>
        Error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Runs the program, beside whatever server is on that database.</summary>
    public static async Task<CommandLineRun> OnAsync(
        TestDatabase database,
        string[] args,
        string input = "",
        TimeProvider? clock = null
    )
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = await Commands.RunAsync(
            args,
            new CommandSurroundings
            {
                Input = new StringReader(input),
                Output = output,
                Error = error,
                Settings =
                [
                    "--environment=Development",
                    "--Demo=false",
                    $"--contentRoot={Repository.PathOf("src/AuthServer")}",
                    $"--Database:Provider={database.Provider}",
                    $"--ConnectionStrings:AuthServer={database.ConnectionString}",
                ],
                Configure = builder =>
                {
                    if (clock is not null)
                    {
                        builder.Services.AddSingleton(clock);
                    }
                },
            }
        );
        return new CommandLineRun(exitCode, output.ToString(), CommandResult.Split(error.ToString()).Error);
    }
}
