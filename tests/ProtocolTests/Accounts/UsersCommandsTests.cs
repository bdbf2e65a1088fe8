using System.Text;
using System.Text.Json;
using ProtocolTests.CommandLine;
using TestSupport;

namespace ProtocolTests.Accounts;

/// <summary><c>AuthServer users …</c>, as a script or an operator drives it.</summary>
public sealed class UsersCommandsTests : IAsyncLifetime, IDisposable
{
    private static readonly string[] Anna =
    [
        "users",
        "add",
        "--username",
        "O\u2019Brien4821",
        "--email",
        "anna@example.org",
        "--given-name",
        "Anna",
        "--family-name",
        "O\u2019Brien",
    ];

    private readonly CommandRunner _commands = new();

    public Task InitializeAsync() => _commands.MigrateAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Adding_prints_the_id_and_the_username_and_showing_prints_all_but_the_hash()
    {
        var added = await AddAnnaAsync();
        var shown = await RunAsync("users", "show", "o'brien4821");

        Assert.Equal((0, ""), (added.ExitCode, added.Error));
        using var account = JsonDocument.Parse(added.Output);
        using var details = JsonDocument.Parse(shown.Output);
        Assert.Equal(account.RootElement.GetProperty("id").GetGuid(), details.RootElement.GetProperty("id").GetGuid());
        Assert.Equal("O\u2019Brien4821", details.RootElement.GetProperty("username").GetString());
        Assert.Equal("Anna", details.RootElement.GetProperty("given_name").GetString());
        Assert.True(details.RootElement.GetProperty("has_password").GetBoolean());
        Assert.DoesNotContain("hash", shown.Output, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("short", "Your password must be 12 characters or more.")]
    [InlineData(
        "o'brien48211",
        "Your password must not be made of your name, username, email address or registration number. Use other words."
    )]
    [InlineData("", "The standard input has no password on its first line.")]
    public async Task A_password_that_breaks_a_rule_is_refused_with_the_rule(string password, string sentence)
    {
        _commands.Input = password;

        var added = await RunAsync([.. Anna, "--password-stdin"]);

        Assert.Equal((1, sentence + "\n"), (added.ExitCode, added.Error.ReplaceLineEndings("\n")));
        Assert.Equal("", added.Output);
    }

    [Fact]
    public async Task A_password_that_lost_a_letter_on_its_way_is_refused()
    {
        _commands.Input = "a long walk by the can\uFFFDl\n";

        var added = await RunAsync([.. Anna, "--password-stdin"]);

        Assert.Equal(
            (1, "The password on the standard input is not UTF-8.\n"),
            (added.ExitCode, added.Error.ReplaceLineEndings("\n"))
        );
    }

    [Fact]
    public async Task A_spreadsheet_that_was_not_saved_as_UTF_8_spoils_no_name()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("people.csv");
        await File.WriteAllBytesAsync(
            file,
            Encoding.Latin1.GetBytes(
                "username,email,given_name\nanna1234,anna@example.org,Anna\nsio1234,sio@example.org,Siobh\u00E1n\n"
            )
        );

        var imported = await RunAsync("users", "import", file);

        Assert.Equal(1, imported.ExitCode);
        Assert.Equal(
            "line,result,username,reason\n2,added,anna1234,\n"
                + "3,refused,sio1234,The row has letters that are not UTF-8: save the file as CSV UTF-8.\n",
            imported.Output
        );
    }

    [Fact]
    public async Task A_password_never_stands_on_the_command_line()
    {
        var added = await RunAsync(Anna);

        Assert.Equal(1, added.ExitCode);
        Assert.StartsWith("Give --password-stdin", added.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mistakes_end_with_one_sentence()
    {
        await AddAnnaAsync();

        var twice = await AddAnnaAsync();
        var unknown = await RunAsync("users", "lock", "nobody1234");
        var role = await RunAsync([.. Anna, "--password-stdin", "--role", "root"]);
        var file = await RunAsync("users", "import", "/nowhere/people.csv");

        Assert.Equal(
            (1, "Another account has this username.\n"),
            (twice.ExitCode, twice.Error.ReplaceLineEndings("\n"))
        );
        Assert.Equal((1, "There is no such account.\n"), (unknown.ExitCode, unknown.Error.ReplaceLineEndings("\n")));
        Assert.Equal(1, role.ExitCode);
        Assert.Contains("none, support or administrator", role.Error, StringComparison.Ordinal);
        Assert.Equal(1, file.ExitCode);
        Assert.Single(file.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Import_tells_each_row_and_fails_when_one_was_refused()
    {
        _commands.Input = "username,email,given_name\nanna1234,anna@example.org,Anna\nbea1234,bea,Bea\n";
        var first = await RunAsync("users", "import", "-");
        _commands.Input = "username,email,given_name\nanna1234,anna@example.org,Anna\n";
        var second = await RunAsync("users", "import", "-");

        Assert.Equal(1, first.ExitCode);
        Assert.Equal(
            "line,result,username,reason\n2,added,anna1234,\n3,refused,bea1234,The email address must be like name@example.com.\n",
            first.Output
        );
        Assert.Equal("2 rows: 1 added, 1 refused.\n", first.Error.ReplaceLineEndings("\n"));
        Assert.Equal((0, "line,result,username,reason\n2,unchanged,anna1234,\n"), (second.ExitCode, second.Output));
    }

    [Fact]
    public async Task Locking_and_unlocking_show_in_the_list()
    {
        await AddAnnaAsync();

        var locked = await RunAsync("users", "lock", "anna@example.org");
        var disabled = await IsDisabledAsync();
        var unlocked = await RunAsync("users", "unlock", "O\u2019Brien4821");

        Assert.Equal((0, 0), (locked.ExitCode, unlocked.ExitCode));
        Assert.True(disabled);
        Assert.False(await IsDisabledAsync());
        Assert.Equal("Sessions ended: 0.", (await RunAsync("users", "end-sessions", "o'brien4821")).Output.Trim());
    }

    [Fact]
    public async Task An_address_that_several_accounts_have_names_none()
    {
        _commands.Input = "username,email\nanna1234,anna@example.org\nanna5678,anna@example.org\n";
        await RunAsync("users", "import", "-");

        var shown = await RunAsync("users", "show", "anna@example.org");

        Assert.Equal(1, shown.ExitCode);
        Assert.StartsWith("2 accounts have that email address", shown.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_yet_is_an_empty_list()
    {
        Assert.Equal("[]", (await RunAsync("users", "list")).Output.Trim());
    }

    public void Dispose() => _commands.Dispose();

    private async Task<bool> IsDisabledAsync()
    {
        using var list = JsonDocument.Parse((await RunAsync("users", "list")).Output);
        return Assert.Single(list.RootElement.EnumerateArray()).GetProperty("disabled").GetBoolean();
    }

    [Fact]
    public async Task One_person_is_changed_by_one_command()
    {
        await AddAnnaAsync();

        var changed = await RunAsync(
            "users",
            "update",
            "o'brien4821",
            "--username",
            "o'brien9999",
            "--email",
            "anna@new.example.org",
            "--gmc-number",
            "7123456",
            "--role",
            "support"
        );
        var same = await RunAsync("users", "update", "o'brien9999", "--gmc-number", "7123456");
        var shown = await RunAsync("users", "show", "anna@new.example.org");

        Assert.Equal((0, "The account is changed.\n"), (changed.ExitCode, changed.Output.ReplaceLineEndings("\n")));
        Assert.Equal("The account was like this already.", same.Output.Trim());
        using var account = JsonDocument.Parse(shown.Output);
        Assert.Equal("o'brien9999", account.RootElement.GetProperty("username").GetString());
        Assert.Equal("7123456", account.RootElement.GetProperty("gmc_number").GetString());
        Assert.Equal("support", account.RootElement.GetProperty("staff_role").GetString());
        Assert.Equal("Anna", account.RootElement.GetProperty("given_name").GetString());
        Assert.True(account.RootElement.GetProperty("has_password").GetBoolean());
    }

    [Theory]
    [InlineData("Nothing was named to change")]
    [InlineData("The birthdate must be", "--birthdate", "soon")]
    [InlineData("Another account has this username.", "--username", "bea1234")]
    [InlineData("The gmc_number is 7.12E+06", "--gmc-number", "7.12E+06")]
    public async Task What_one_person_cannot_become_is_refused_in_one_sentence(string why, params string[] options)
    {
        await AddAnnaAsync();
        _commands.Input = "username,email\nbea1234,bea@example.org\n";
        await RunAsync("users", "import", "-");

        var refused = await RunAsync(["users", "update", "o'brien4821", .. options]);

        Assert.Equal(1, refused.ExitCode);
        Assert.StartsWith(
            why,
            Assert.Single(refused.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task One_person_is_invited_once_and_only_without_a_password()
    {
        await AddAnnaAsync();
        _commands.Input = "username,email\nbea1234,bea@example.org\n";
        await RunAsync("users", "import", "-");

        var invited = await RunAsync("users", "invite", "bea1234");
        var again = await RunAsync("users", "invite", "bea1234");
        var withPassword = await RunAsync("users", "invite", "o'brien4821");

        Assert.Equal((0, "The person is invited."), (invited.ExitCode, invited.Output.Trim()));
        Assert.Equal(
            (1, "The person has been invited already, and the link still works."),
            (again.ExitCode, again.Error.Trim())
        );
        Assert.Equal(1, withPassword.ExitCode);
        Assert.StartsWith("The person has a password already", withPassword.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_person_is_removed_and_shown_as_removed()
    {
        using var added = JsonDocument.Parse((await AddAnnaAsync()).Output);
        var id = added.RootElement.GetProperty("id").GetString()!;

        var removed = await RunAsync("users", "remove", "o'brien4821");
        var unlocked = await RunAsync("users", "unlock", id);
        using var shown = JsonDocument.Parse((await RunAsync("users", "show", id)).Output);

        Assert.Equal((0, "The account is removed."), (removed.ExitCode, removed.Output.Trim()));
        Assert.Equal(1, unlocked.ExitCode);
        Assert.StartsWith("The account was removed on ", unlocked.Error, StringComparison.Ordinal);
        Assert.NotEqual(JsonValueKind.Null, shown.RootElement.GetProperty("removed_at").ValueKind);
        Assert.Equal("[]", (await RunAsync("users", "list")).Output.Trim());
    }

    private Task<CommandResult> AddAnnaAsync()
    {
        _commands.Input = "a long walk by the canal\n";
        return RunAsync([.. Anna, "--password-stdin"]);
    }

    private Task<CommandResult> RunAsync(params string[] args) => _commands.RunAsync(null, args);
}
