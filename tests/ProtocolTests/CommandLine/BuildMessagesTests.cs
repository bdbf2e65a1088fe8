using TestSupport;

namespace ProtocolTests.CommandLine;

/// <summary>
/// What <c>dotnet run</c> says while it builds, which takes minutes the first time. It builds with
/// <c>-verbosity:quiet</c>, as the tests do, and runs one target of the build instead of all of them.
/// </summary>
public sealed class BuildMessagesTests : IDisposable
{
    private static readonly string Project = Repository.PathOf("src/AuthServer");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task A_quiet_build_says_what_it_compiles() =>
        SaysAsync(
            "Compiling AuthServer",
            Path.Combine(Project, "AuthServer.csproj"),
            "SayCompiling",
            $"-p:IntermediateOutputPath={_folder.Path}/" // where nothing has been compiled yet
        );

    [Fact]
    public async Task A_quiet_build_says_that_it_fetches_the_styles()
    {
        foreach (var file in new[] { "package.json", "package-lock.json", "Directory.Build.rsp" })
        {
            File.Copy(Path.Combine(Project, file), _folder.File(file));
        }

        // The same project, in a folder that has no styles yet, and with programs that fetch none.
        var copy = _folder.File("Copy.proj");
        await File.WriteAllTextAsync(copy, $"<Project><Import Project=\"{Project}/AuthServer.csproj\" /></Project>");
        foreach (var program in new[] { "node", "npm" })
        {
            var stand = _folder.File(program);
            await File.WriteAllTextAsync(stand, "#!/bin/sh\nmkdir -p node_modules\n");
            File.SetUnixFileMode(stand, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        await SaysAsync("Fetching the pages' styles (NHS.UK frontend) with npm ci", copy, "RestoreNhsuk");
    }

    private async Task SaysAsync(string message, string project, string target, params string[] more)
    {
        await using var build = LeashedProcess.Start(
            ["dotnet", "msbuild", project, "-nologo", "-verbosity:quiet", "-nodeReuse:false", $"-t:{target}", .. more],
            new Dictionary<string, string>
            {
                ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
                ["PATH"] = $"{_folder.Path}:{Environment.GetEnvironmentVariable("PATH")}",
            },
            _folder.Path
        );

        await build.WaitUntilAsync(
            () => Task.FromResult(build.Output.Contains(message, StringComparison.Ordinal)),
            "the build"
        );
    }
}
