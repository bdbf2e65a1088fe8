using System.Diagnostics;
using System.Globalization;

namespace TestSupport.Postgres;

/// <summary>
/// PostgreSQL out of the programs of this machine: a cluster in a temporary folder that only its Unix socket leads into.
/// </summary>
internal static class PostgresPrograms
{
    private const string Debian = "/usr/lib/postgresql";

    // The shell deletes the folder when PostgreSQL has stopped.
    private const string Serve =
        """folder=$1; shift; "$@" & server=$!; trap 'kill -INT $server' TERM; wait $server; wait $server; rm -rf "$folder" """;

    /// <summary>The major version of the programs, or null if there are none.</summary>
    public static int? InstalledVersion()
    {
        if (Folder() is not { } folder)
        {
            return null;
        }

        using var process = Process.Start(
            new ProcessStartInfo(Path.Combine(folder, "postgres"), ["--version"]) { RedirectStandardOutput = true }
        );
        var digits = process!.StandardOutput.ReadToEnd().SkipWhile(c => !char.IsAsciiDigit(c));
        return int.Parse([.. digits.TakeWhile(char.IsAsciiDigit)], CultureInfo.InvariantCulture);
    }

    public static async Task<PostgresServer> StartAsync()
    {
        var programs =
            Folder()
            ?? throw new InvalidOperationException(
                $"""
                There is no PostgreSQL to test with: {PostgresServer.Variable} is not set, no container engine answers, and
                PostgreSQL is not installed. On Debian or Ubuntu: apt-get install postgresql. Elsewhere: put initdb and
                postgres on the PATH.
                """
            );
        var user = Environment.UserName == "root" ? "postgres" : null;

        // The socket is in it, and the path of a socket may have 107 characters at the most.
        var folder = Directory.CreateTempSubdirectory("auth-pg-").FullName;
        if (user is not null)
        {
            await RunAsync(["chown", user, folder], null);
        }

        var data = Path.Combine(folder, "data");
        string[] initdb = [Path.Combine(programs, "initdb"), "-D", data, "-U", "postgres", "-A", "trust"];
        await RunAsync([.. initdb, .. PostgresSettings.InitDb], user);
        string[] postgres = [Path.Combine(programs, "postgres"), "-D", data, "-k", folder, "-c", "listen_addresses="];
        var process = LeashedProcess.Start(
            ["sh", "-c", Serve, "serve", folder, .. postgres, .. PostgresSettings.Server],
            user: user
        );

        var server = new PostgresServer($"Host={folder};Username=postgres", process);
        await process.WaitUntilAsync(server.AnswersAsync, "PostgreSQL");
        return server;
    }

    /// <summary>The newest version where Debian puts them, else the first on the PATH.</summary>
    private static string? Folder()
    {
        var debian = Directory.Exists(Debian)
            ? Directory
                .GetDirectories(Debian)
                .OrderByDescending(version => int.TryParse(Path.GetFileName(version), out var number) ? number : 0)
                .Select(version => Path.Combine(version, "bin"))
            : [];
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return debian.Concat(path).FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")));
    }

    private static async Task RunAsync(IReadOnlyList<string> command, string? user)
    {
        string[] become = user is null ? [] : ["runuser", "-u", user, "--"];
        string[] all = [.. become, .. command];
        using var process =
            Process.Start(
                new ProcessStartInfo(all[0], all[1..])
                {
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                    WorkingDirectory = "/",
                }
            ) ?? throw new InvalidOperationException($"{all[0]} did not start.");
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{string.Join(' ', all)} failed:\n{await output}{errors}");
        }
    }
}
