using AuthServer.CommandLine;
using TestSupport;

namespace ProtocolTests.CommandLine;

/// <summary>What a command wrote, and how it ended.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Error);

/// <summary>Runs commands in this process, on a database and a folder of their own.</summary>
internal sealed class CommandRunner : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public string ConnectionString => $"Data Source={_folder.File("auth.db")};Pooling=False";

    /// <summary>What the command reads from its standard input.</summary>
    public string Input { get; set; } = "";

    /// <param name="settings">On top of Production with an issuer, by their names in appsettings. Null takes one away.</param>
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
        var exitCode = await Commands.RunAsync(args, new CommandSurroundings
        {
            Input = input,
            Output = output,
            Error = error,
            Settings = [.. all.Where(setting => setting.Value is not null).Select(setting => $"--{setting.Key}={setting.Value}")],
        });
        return new CommandResult(exitCode, output.ToString(), error.ToString());
    }

    public void Dispose() => _folder.Dispose();
}
