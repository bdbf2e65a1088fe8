using AuthServer.CommandLine;
using TestSupport;

namespace ProtocolTests.CommandLine;

/// <summary>What a command wrote, and how it ended.</summary>
/// <param name="Database">The line with which it says what database it uses; empty when it did not come to
/// that.</param>
/// <param name="Error">What else it wrote to the error output.</param>
internal sealed record CommandResult(int ExitCode, string Output, string Database, string Error)
{
    /// <summary>Takes the first line of the error output away when it names the database.</summary>
    public static (string Database, string Error) Split(string error)
    {
        var end = error.IndexOf('\n', StringComparison.Ordinal) + 1;
        return error.StartsWith("Database: ", StringComparison.Ordinal)
            ? (error[..end].TrimEnd(), error[end..])
            : ("", error);
    }
}

/// <summary>Runs commands in this process, on a database and a folder of their own.</summary>
internal sealed class CommandRunner : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public string File => _folder.File("auth.db");

    public string ConnectionString => $"Data Source={File};Pooling=False";

    /// <summary>What the command reads from its standard input.</summary>
    public string Input { get; set; } = "";

    /// <summary>Makes the database.</summary>
    public async Task MigrateAsync() => Assert.Equal(0, (await RunAsync(null, "migrate")).ExitCode);

    /// <param name="settings">On top of Production with an issuer, by their names in appsettings. Null takes one
    /// away.</param>
    /// <param name="args">The command line.</param>
    public async Task<CommandResult> RunAsync(Dictionary<string, string?>? settings, params string[] args)
    {
        var all = new Dictionary<string, string?>
        {
            ["environment"] = "Production",
            ["contentRoot"] = Repository.PathOf("src/AuthServer"),
            ["urls"] = $"http://127.0.0.1:{FreePort.Next()}",
            ["Issuer"] = "https://auth.example.nhs.uk",
            ["ConnectionStrings:AuthServer"] = ConnectionString,
        };
        foreach (var (key, value) in settings ?? [])
        {
            all[key] = value;
        }

        using var input = new StringReader(Input);
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = await Commands.RunAsync(
            args,
            new CommandSurroundings
            {
                Input = input,
                Output = output,
                Error = error,
                Settings =
                [
                    .. all.Where(setting => setting.Value is not null)
                        .Select(setting => $"--{setting.Key}={setting.Value}"),
                ],
            }
        );
        var (database, said) = CommandResult.Split(error.ToString());
        return new CommandResult(exitCode, output.ToString(), database, said);
    }

    public void Dispose() => _folder.Dispose();
}
