using System.Diagnostics;
using TestSupport;

namespace InteropTests;

/// <summary>
/// Our server as an operator runs it: a process of its own in Production, people and apps brought in by its command
/// line. One for all tests of this project.
/// </summary>
public sealed class RunningServer : IAsyncLifetime
{
    /// <summary>Both have an apostrophe, which one keyboard sends straight and another curly.</summary>
    public const string Username = "o'brien4821";
    public const string Password = "rock 'n' roll by the canal";

    private readonly SqliteTestDatabase _database = new();
    private readonly TemporaryFolder _folder = new();
    private LeashedProcess? _process;

    public string Issuer { get; } = $"http://127.0.0.1:{FreePort.Next()}";

    public string Output => _process?.Output ?? "";

    public async Task InitializeAsync()
    {
        await RunAsync(["migrate"]);
        await RunAsync(
            [
                "users",
                "add",
                "--username",
                Username,
                "--email",
                "o.brien@example.test",
                "--given-name",
                "Niamh",
                "--family-name",
                "O'Brien",
                "--password-stdin",
            ],
            Password
        );
        _process = LeashedProcess.Start(["dotnet", Program, "serve"], Settings(), Repository.PathOf("src/AuthServer"));
        using var http = new HttpClient();
        await _process.WaitUntilAsync(() => AnswersAsync(http), "The server");
    }

    /// <summary>Runs one command of the server's command line.</summary>
    /// <returns>What it printed; a command that fails fails the test.</returns>
    public async Task<string> RunAsync(string[] command, string? input = null)
    {
        var start = new ProcessStartInfo("dotnet", [Program, .. command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Repository.PathOf("src/AuthServer"),
        };
        foreach (var (key, value) in Settings())
        {
            start.Environment[key] = value;
        }

        using var process = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start.");
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{string.Join(' ', command)} failed: {errors}{await output}");
        return await output;
    }

    public async Task DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        await _database.DisposeAsync();
        _folder.Dispose();
    }

    private static string Program => Path.Combine(AppContext.BaseDirectory, "AuthServer.dll");

    private async Task<bool> AnswersAsync(HttpClient http)
    {
        try
        {
            return (await http.GetAsync(Issuer + "/health/ready")).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private Dictionary<string, string> Settings() =>
        new()
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["ASPNETCORE_URLS"] = Issuer,
            ["Issuer"] = Issuer,
            ["Database__Provider"] = _database.Provider,
            ["ConnectionStrings__AuthServer"] = _database.ConnectionString,
            ["Mail__Transport"] = "Folder",
            ["Mail__Folder"] = _folder.File("mail"),
        };
}

[CollectionDefinition(Name)]
public sealed class InteropTestGroup : ICollectionFixture<RunningServer>
{
    public const string Name = "interop";
}
