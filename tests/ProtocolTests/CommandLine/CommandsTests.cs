using AuthServer.CommandLine;
using TestSupport;

namespace ProtocolTests.CommandLine;

public sealed class CommandsTests : IDisposable
{
    private readonly CommandRunner _commands = new();

    [Theory]
    [InlineData("\"frobnicate\"", "frobnicate")]
    [InlineData("\"--zork\"", "migrate", "--zork")]
    [InlineData("\"now\"", "migrate", "now")]
    [InlineData("\"now\"", "serve", "now")]
    [InlineData("--urls", "serve", "--urls")]
    public async Task What_it_does_not_know_is_named_in_one_sentence(string named, params string[] args)
    {
        var result = await _commands.RunAsync(null, args);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(named, result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Empty(result.Output);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("serve", "--help")]
    [InlineData("migrate", "--help")]
    public async Task Every_command_explains_itself(params string[] args)
    {
        var result = await _commands.RunAsync(null, args);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("Usage:", result.Output, StringComparison.Ordinal);
        Assert.Empty(result.Error);
    }

    [Fact]
    public async Task Migrating_makes_the_database_and_says_what_it_did()
    {
        var first = await _commands.RunAsync(null, "migrate");
        var second = await _commands.RunAsync(null, "migrate");

        Assert.Equal((0, 0), (first.ExitCode, second.ExitCode));
        Assert.Contains("_Initial", first.Output, StringComparison.Ordinal);
        Assert.Equal("The schema is up to date.", second.Output.Trim());
        Assert.Empty(first.Error + second.Error);
    }

    [Fact]
    public async Task The_first_command_ever_may_seal_keys()
    {
        var result = await _commands.RunAsync(null, "keys", "rotate");

        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith("[", result.Output.TrimStart(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_server_refuses_an_old_schema_and_says_how_to_migrate()
    {
        var result = await _commands.RunAsync(new() { ["Database:MigrateOnStart"] = "false" }, "serve");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("\"AuthServer migrate\"", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("keys", "rotate")]
    [InlineData("users", "end-sessions", "anna1234")]
    public async Task A_database_that_cannot_be_written_to_is_named_in_one_sentence(params string[] args)
    {
        _commands.Input = "username,email\nanna1234,anna@example.org\n";
        await _commands.RunAsync(null, "users", "import", "-");

        var result = await _commands.RunAsync(
            new() { ["ConnectionStrings:AuthServer"] = _commands.ConnectionString + ";Mode=ReadOnly" }, args);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("readonly database", Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_under_the_output_is_told_in_one_sentence()
    {
        using var full = new FullDisk();
        using var error = new StringWriter();

        var exitCode = await Commands.RunAsync(["keys", "list"], new CommandSurroundings
        {
            Output = full,
            Error = error,
            Settings = [$"--contentRoot={Repository.PathOf("src/AuthServer")}", $"--ConnectionStrings:AuthServer={_commands.ConnectionString}"],
        });

        Assert.Equal(1, exitCode);
        Assert.StartsWith("Something cannot be read or written: No space left on device", error.ToString(), StringComparison.Ordinal);
    }

    public void Dispose() => _commands.Dispose();

    private sealed class FullDisk : StringWriter
    {
        public override Task WriteLineAsync(string? value) => throw new IOException("No space left on device");
    }
}
