using System.Collections.Concurrent;
using System.Diagnostics;

namespace TestSupport;

/// <summary>
/// A child process that cannot outlive the tests: a shell beside it reads from us, and stops it when we let go, be it
/// on purpose or because the test process died.
/// </summary>
public sealed class LeashedProcess : IAsyncDisposable
{
    private const string Leash =
        """signal=$1; shift; "$@" & child=$!; cat > /dev/null; kill -s "$signal" $child 2> /dev/null; wait $child""";

    private readonly Process _shell;
    private readonly ConcurrentQueue<string> _output = new();

    private LeashedProcess(Process shell) => _shell = shell;

    /// <summary>What it has written so far, for the message of a test that fails.</summary>
    public string Output => string.Join('\n', _output);

    public bool HasExited => _shell.HasExited;

    /// <param name="command">The program and its arguments.</param>
    /// <param name="environment">Set on top of our own.</param>
    /// <param name="folder">The working folder.</param>
    /// <param name="stopSignal">What ends it politely.</param>
    /// <param name="user">Run as this user (we must be root), or null for ourselves.</param>
    public static LeashedProcess Start(
        IReadOnlyList<string> command,
        IReadOnlyDictionary<string, string>? environment = null,
        string? folder = null,
        string stopSignal = "TERM",
        string? user = null
    )
    {
        string[] become = user is null ? [] : ["runuser", "-u", user, "--"];
        string[] all = [.. become, "sh", "-c", Leash, "leash", stopSignal, .. command];
        var start = new ProcessStartInfo(all[0], all[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? "/",
        };
        foreach (var (key, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[key] = value;
        }

        var process = new Process { StartInfo = start };
        var leashed = new LeashedProcess(process);
        process.OutputDataReceived += (_, line) => leashed.Keep(line.Data);
        process.ErrorDataReceived += (_, line) => leashed.Keep(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return leashed;
    }

    /// <summary>
    /// Asks until the answer is yes; fails with the output when the process ends first or 60 seconds pass.
    /// </summary>
    public async Task WaitUntilAsync(Func<Task<bool>> ready, string what)
    {
        for (var attempt = 0; attempt < 600; attempt++)
        {
            if (await ready())
            {
                return;
            }

            await Task.Delay(100);
        }

        throw new InvalidOperationException($"{what} did not become ready. It wrote:\n{Output}");
    }

    public async ValueTask DisposeAsync()
    {
        _shell.StandardInput.Close();
        await _shell.WaitForExitAsync();
        _shell.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            _output.Enqueue(line);
        }
    }
}
