using AuthServer.CommandLine;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
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
        Assert.Empty(second.Error);
    }

    [Fact]
    public async Task Migrating_as_root_says_whose_the_files_are()
    {
        var first = await _commands.RunAsync(null, "migrate");

        Assert.Equal(
            Environment.IsPrivilegedProcess,
            first.Error.StartsWith($"{_commands.File} belongs to {Environment.UserName}", StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("migrate")]
    [InlineData("users", "list")]
    [InlineData("clients", "list")]
    [InlineData("keys", "list")]
    public async Task Every_command_says_which_database_it_uses(params string[] args)
    {
        await _commands.MigrateAsync();

        var result = await _commands.RunAsync(null, args);

        Assert.Equal((0, $"Database: SQLite, {_commands.File}"), (result.ExitCode, result.Database));
    }

    [Fact]
    public async Task A_databases_password_is_not_shown()
    {
        var result = await _commands.RunAsync(
            new()
            {
                ["Database:Provider"] = "Postgres",
                ["ConnectionStrings:AuthServer"] =
                    "Host=127.0.0.1;Port=1;Username=auth;Password=secret;Database=portfolio",
            },
            "users",
            "list"
        );

        Assert.Equal("Database: PostgreSQL, portfolio on 127.0.0.1:1", result.Database);
        Assert.DoesNotContain("secret", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("users", "list")]
    [InlineData("users", "import", "-")]
    [InlineData("clients", "register", "-")]
    [InlineData("keys", "rotate")]
    public async Task A_database_that_is_not_there_is_refused_and_not_made(params string[] args)
    {
        var result = await _commands.RunAsync(null, args);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(
            _commands.File,
            Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)),
            StringComparison.Ordinal
        );
        Assert.False(File.Exists(_commands.File));
    }

    [Fact]
    public async Task A_file_of_another_program_is_refused_and_left_alone()
    {
        await using (var other = new SqliteConnection(_commands.ConnectionString))
        {
            await other.OpenAsync();
            await using var command = other.CreateCommand();
            command.CommandText = "CREATE TABLE theirs (id INTEGER)";
            await command.ExecuteNonQueryAsync();
        }

        var before = await File.ReadAllBytesAsync(_commands.File);
        var result = await _commands.RunAsync(null, "users", "list");

        Assert.Equal(1, result.ExitCode);
        Assert.Equal(before, await File.ReadAllBytesAsync(_commands.File));
    }

    [Fact]
    public async Task The_first_command_ever_may_seal_keys()
    {
        await _commands.MigrateAsync();
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

    [Fact]
    public async Task A_server_that_brings_the_schema_up_to_date_says_so_before_it_does()
    {
        using var log = new LogBook();
        using var error = new StringWriter();

        await Commands.RunAsync(
            ["serve"],
            new CommandSurroundings
            {
                Error = error,
                Settings =
                [
                    $"--contentRoot={Repository.PathOf("src/AuthServer")}",
                    "--Issuer=https://auth.example.nhs.uk",
                    $"--ConnectionStrings:AuthServer={_commands.ConnectionString}",
                    "--urls=nonsense", // it goes no further than this
                ],
                Configure = builder => builder.Logging.AddProvider(log),
            }
        );

        Assert.Contains("urls", error.ToString(), StringComparison.Ordinal);
        Assert.Equal([1008, 1014], log.Lines.Select(line => line.Id).Where(id => id is 1008 or 1014));
    }

    [Theory]
    [InlineData("keys", "rotate")]
    [InlineData("users", "end-sessions", "anna1234")]
    public async Task A_database_that_cannot_be_written_to_is_named_in_one_sentence(params string[] args)
    {
        await _commands.MigrateAsync();
        _commands.Input = "username,email\nanna1234,anna@example.org\n";
        await _commands.RunAsync(null, "users", "import", "-");

        var result = await _commands.RunAsync(
            new() { ["ConnectionStrings:AuthServer"] = _commands.ConnectionString + ";Mode=ReadOnly" },
            args
        );

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(
            "readonly database",
            Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_full_disk_under_the_output_is_told_in_one_sentence()
    {
        await _commands.MigrateAsync();
        using var full = new FullDisk();
        using var error = new StringWriter();

        var exitCode = await Commands.RunAsync(
            ["keys", "list"],
            new CommandSurroundings
            {
                Output = full,
                Error = error,
                Settings =
                [
                    $"--contentRoot={Repository.PathOf("src/AuthServer")}",
                    $"--ConnectionStrings:AuthServer={_commands.ConnectionString}",
                ],
            }
        );

        Assert.Equal(1, exitCode);
        Assert.Contains(
            "Something cannot be read or written: No space left on device",
            error.ToString(),
            StringComparison.Ordinal
        );
    }

    public void Dispose() => _commands.Dispose();

    private sealed class FullDisk : StringWriter
    {
        public override Task WriteLineAsync(string? value) => throw new IOException("No space left on device");
    }
}
