using TestSupport;

namespace CrashTests;

/// <summary>
/// The built server as a process of its own, on one port for the whole test. It is stopped in one way only: SIGKILL.
/// </summary>
/// <param name="more">Settings on top of its own.</param>
internal sealed class KilledServer(
    TestDatabase database,
    string issuer,
    IReadOnlyDictionary<string, string>? more = null
) : IAsyncDisposable
{
#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif

    private readonly TemporaryFolder _folder = new();
    private LeashedProcess? _process;

    /// <summary>Its settings: the command line works on the same database with them.</summary>
    public IReadOnlyDictionary<string, string> Settings =>
        Own.Concat(more ?? new Dictionary<string, string>())
            .GroupBy(setting => setting.Key)
            .ToDictionary(same => same.Key, same => same.Last().Value);

    private Dictionary<string, string> Own =>
        new()
        {
            ["environment"] = "Development",
            ["Issuer"] = issuer,
            ["urls"] = issuer,
            ["Database:Provider"] = database.Provider,
            ["Database:MigrateOnStart"] = "true",
            ["ConnectionStrings:AuthServer"] = database.ConnectionString,
            ["Mail:Transport"] = "Folder",
            ["Mail:Folder"] = _folder.File("mail"),
            ["Mail:From"] = "help@eportfolios.test",
            ["Demo"] = "false",
            ["Passwords:MemoryKiB"] = "64",
            ["Passwords:Passes"] = "1",
            ["Passwords:Iterations"] = "1000",
            ["Protocol:RefreshGrace"] = "00:00:00",
            ["Protocol:CodeLifetime"] = "00:10:00", // codes are kept over kills, and a busy machine starts slowly
            ["Logging:LogLevel:Default"] = "Warning",
            ["Logging:LogLevel:AuthServer"] = "Warning",
        };

    /// <summary>What the process has written since it started.</summary>
    public string Output => _process?.Output ?? "";

    /// <param name="launcher">A command that starts the one that follows it. Default: none.</param>
    public async Task StartAsync(params string[] launcher)
    {
        var program = Repository.PathOf($"src/AuthServer/bin/{Configuration}/net10.0/AuthServer.dll");
        _process = LeashedProcess.Start(
            [
                .. launcher,
                "dotnet",
                program,
                "serve",
                .. Settings.Select(setting => $"--{setting.Key}={setting.Value}"),
            ],
            new Dictionary<string, string> { ["DOTNET_TieredPGO"] = "0" }, // it lives for a second: no use in learning
            Path.GetDirectoryName(program),
            stopSignal: "KILL"
        );
        using var http = new HttpClient { BaseAddress = new Uri(issuer) };
        await _process.WaitUntilAsync(() => IsReadyAsync(http), "The server");
    }

    /// <summary>Kills the process by its pid, without a word before.</summary>
    public async Task KillAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
            _process = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _folder.Dispose();
    }

    private static async Task<bool> IsReadyAsync(HttpClient http)
    {
        try
        {
            using var answer = await http.GetAsync("/health/ready");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
