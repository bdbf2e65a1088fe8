using AuthServer.Clients;
using Microsoft.Extensions.DependencyInjection;
using TestSupport;

namespace ProtocolTests.CommandLine;

public sealed class ClientsCommandsTests : IAsyncLifetime, IAsyncDisposable
{
    private const string Web =
        """{ "client_name": "O'Brien's app", "client_uri": "https://app.example", "redirect_uris": ["https://app.example/cb"] }""";

    /// <summary>
    /// Three clients as another provider would export them: with their ids, their secrets, and no more than that.
    /// </summary>
    private const string Import = """
        [
          { "client_id": "web", "client_secret": "web-secret-0123456789abcdef0123456789abcdef01", "client_name": "Web app", "redirect_uris": ["http://127.0.0.1:9999/cb"], "grant_types": ["authorization_code", "refresh_token"], "response_types": ["code"], "token_endpoint_auth_method": "client_secret_basic", "scope": "openid profile email offline_access" },
          { "client_id": "spa", "client_name": "Browser app", "redirect_uris": ["http://127.0.0.1:9999/cb"], "grant_types": ["authorization_code", "refresh_token"], "response_types": ["code"], "token_endpoint_auth_method": "none", "scope": "openid profile email offline_access" },
          { "client_id": "machine", "client_secret": "machine-secret-0123456789abcdef0123456789abcd", "client_name": "Back end", "grant_types": ["client_credentials"], "token_endpoint_auth_method": "client_secret_basic", "scope": "api" }
        ]
        """;

    private readonly SqliteTestDatabase _database = new();

    public Task InitializeAsync() => CommandLineRun.OnAsync(_database, ["migrate"]);

    public async Task DisposeAsync() => await _database.DisposeAsync();

    async ValueTask IAsyncDisposable.DisposeAsync() => await DisposeAsync();

    [Fact]
    public async Task An_app_is_registered_on_an_empty_database_and_its_secret_is_shown_once()
    {
        var registered = await RunAsync(["clients", "register", "-"], Web);
        var id = registered.Json.GetProperty("client_id").GetString() ?? "";
        var shown = await RunAsync(["clients", "show", id]);

        Assert.Equal((0, ""), (registered.ExitCode, registered.Error));
        Assert.Equal(43, registered.Json.GetProperty("client_secret").GetString()?.Length);
        Assert.Equal(0, registered.Json.GetProperty("client_secret_expires_at").GetInt32());
        // Header or body, as the app's library does.
        Assert.False(registered.Json.TryGetProperty("token_endpoint_auth_method", out _));
        Assert.Contains("O'Brien's app", registered.Output, StringComparison.Ordinal);
        Assert.Equal(0, shown.ExitCode);
        Assert.False(shown.Json.TryGetProperty("client_secret", out _));
        Assert.Equal(1, shown.Json.GetProperty("client_secrets").GetArrayLength());
    }

    [Fact]
    public async Task An_import_keeps_ids_and_secrets_and_answers_a_list_with_a_list()
    {
        var imported = await RunAsync(["clients", "register", "-"], Import);
        var listed = await RunAsync(["clients", "list"]);

        Assert.Equal(0, imported.ExitCode);
        Assert.Equal(
            [
                "web has neither client_uri nor initiate_login_uri: pages that end a log-in cannot lead back to the app.",
                "spa has neither client_uri nor initiate_login_uri: pages that end a log-in cannot lead back to the app.",
            ],
            imported.Mistakes
        );
        Assert.Equal(["web", "spa", "machine"], Ids(imported));
        Assert.Equal(
            "web-secret-0123456789abcdef0123456789abcdef01",
            imported.Json[0].GetProperty("client_secret").GetString()
        );
        Assert.False(imported.Json[1].TryGetProperty("client_secret", out _));
        Assert.Equal(["machine", "spa", "web"], Ids(listed));
    }

    [Fact]
    public async Task A_file_is_read_like_the_standard_input()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("clients.json"), Import);

        var imported = await RunAsync(["clients", "register", folder.File("clients.json")]);

        Assert.Equal(["web", "spa", "machine"], Ids(imported));
    }

    [Fact]
    public async Task Every_mistake_is_a_line_that_says_in_which_client_it_is_and_nothing_is_registered()
    {
        var refused = await RunAsync(
            ["clients", "register", "-"],
            """
            [ { "redirect_uris": ["https://app.example/cb"] },
              { "redirect_uris": ["http://app.example/cb#x"], "logo_uri": "x", "grant_types": ["authorization_code", "password"] } ]
            """
        );
        var listed = await RunAsync(["clients", "list"]);

        Assert.Equal((1, ""), (refused.ExitCode, refused.Output));
        Assert.Equal(
            [
                "Client 2: redirect_uris[0] must not have a fragment.",
                "Client 2: grant_types[1] must be authorization_code, refresh_token, client_credentials, urn:ietf:params:oauth:grant-type:device_code or urn:ietf:params:oauth:grant-type:token-exchange.",
                "Client 2: logo_uri must be an absolute address, with its scheme in lower case and other than ASCII characters encoded.",
            ],
            refused.Mistakes
        );
        Assert.Equal(0, listed.Json.GetArrayLength());
    }

    [Theory]
    [InlineData("""{ "redirect_uris": [], }""", "The input is not JSON: look at line 1, character 24.")]
    [InlineData("", "The input is not JSON: look at line 1, character 1.")]
    [InlineData("42", "The metadata must be a JSON object.")]
    [InlineData("{ \"client_name\": \"\uFFFD\" }", "The input is not UTF-8: save it as UTF-8.")]
    [InlineData("""{ "client_name": "\ud800" }""", "client_name must be a string.")]
    [InlineData("""{ "client_name": 5 }""", "client_name must be a string.")]
    [InlineData("{}", "redirect_uris must hold an address: grant_types names authorization_code.")]
    public async Task Bad_input_ends_in_one_sentence(string input, string sentence)
    {
        var refused = await RunAsync(["clients", "register", "-"], input);

        Assert.Equal(1, refused.ExitCode);
        Assert.Equal([sentence], refused.Mistakes);
    }

    [Fact]
    public async Task A_file_that_is_not_there_and_a_client_that_is_not_there_are_said_to_be()
    {
        var noFile = await RunAsync(["clients", "register", "/nowhere/clients.json"]);
        var runs = new[]
        {
            await RunAsync(["clients", "show", "nobody"]),
            await RunAsync(["clients", "update", "nobody", "-"], Web),
            await RunAsync(["clients", "rotate-secret", "nobody"]),
            await RunAsync(["clients", "remove", "nobody"]),
        };

        Assert.Equal(1, noFile.ExitCode);
        Assert.StartsWith(
            "/nowhere/clients.json cannot be read:",
            Assert.Single(noFile.Mistakes),
            StringComparison.Ordinal
        );
        Assert.All(runs, run => Assert.Equal(1, run.ExitCode));
        Assert.All(runs, run => Assert.Equal(["There is no client \"nobody\"."], run.Mistakes));
    }

    [Fact]
    public async Task An_update_replaces_the_metadata_and_what_show_prints_can_be_put_back()
    {
        await RunAsync(["clients", "register", "-"], Import);
        var before = await RunAsync(["clients", "show", "web"]);

        var updated = await RunAsync(["clients", "update", "web", "-"], Web);
        var restored = await RunAsync(["clients", "update", "web", "-"], before.Output);
        var after = await RunAsync(["clients", "show", "web"]);

        Assert.Equal("O'Brien's app", updated.Json.GetProperty("client_name").GetString());
        Assert.False(updated.Json.TryGetProperty("scope", out _));
        Assert.Equal(0, restored.ExitCode);
        Assert.Equal(before.Output, after.Output);
    }

    [Fact]
    public async Task An_update_with_mistakes_changes_nothing()
    {
        await RunAsync(["clients", "register", "-"], Import);

        var refused = await RunAsync(
            ["clients", "update", "web", "-"],
            """{ "client_id": "spa", "redirect_uris": ["x"] }"""
        );

        Assert.Equal(1, refused.ExitCode);
        Assert.Equal(
            [
                "client_id must be that of the client, or left out: it cannot be changed.",
                "redirect_uris[0] must be an absolute address, with its scheme in lower case and other than ASCII characters encoded.",
            ],
            refused.Mistakes
        );
    }

    [Fact]
    public async Task A_secret_is_rotated_with_and_without_overlap()
    {
        var clock = new FixedClock();
        await RunAsync(["clients", "register", "-"], Import, clock);

        var overlapping = await RunAsync(["clients", "rotate-secret", "web", "--overlap", "7d"], clock: clock);
        var shown = await RunAsync(["clients", "show", "web"], clock: clock);
        var atOnce = await RunAsync(["clients", "rotate-secret", "web"], clock: clock);
        var left = await RunAsync(["clients", "show", "web"], clock: clock);

        Assert.Equal(43, overlapping.Json.GetProperty("client_secret").GetString()?.Length);
        Assert.Equal(
            clock.GetUtcNow().AddDays(7).ToUnixTimeSeconds(),
            overlapping.Json.GetProperty("old_secrets_expire_at").GetInt64()
        );
        Assert.Equal(2, shown.Json.GetProperty("client_secrets").GetArrayLength());
        Assert.Equal(
            clock.GetUtcNow().ToUnixTimeSeconds(),
            atOnce.Json.GetProperty("old_secrets_expire_at").GetInt64()
        );
        Assert.Equal(1, left.Json.GetProperty("client_secrets").GetArrayLength());
    }

    [Theory]
    [InlineData("7")]
    [InlineData("-1d")]
    [InlineData("soon")]
    public async Task An_overlap_that_cannot_be_read_is_refused(string overlap)
    {
        var refused = await RunAsync(["clients", "rotate-secret", "web", $"--overlap={overlap}"]);

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("such as 30m, 12h or 7d.", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_public_client_has_no_secret_to_rotate()
    {
        await RunAsync(["clients", "register", "-"], Import);

        var refused = await RunAsync(["clients", "rotate-secret", "spa"]);

        Assert.Equal(1, refused.ExitCode);
        Assert.Equal(["spa is a public client: it has no secret."], refused.Mistakes);
    }

    [Fact]
    public async Task A_client_with_keys_has_no_secret_at_all()
    {
        var registered = await RunAsync(
            ["clients", "register", "-"],
            """
            { "client_id": "back-end", "grant_types": ["client_credentials"], "token_endpoint_auth_method": "private_key_jwt", "jwks_uri": "https://app.example/keys" }
            """
        );

        var rotated = await RunAsync(["clients", "rotate-secret", "back-end"]);
        var shown = await RunAsync(["clients", "show", "back-end"]);

        Assert.Equal((0, ""), (registered.ExitCode, registered.Error));
        Assert.False(registered.Json.TryGetProperty("client_secret", out _));
        Assert.Equal(["back-end authenticates by private_key_jwt: it has no secret."], rotated.Mistakes);
        Assert.Equal("https://app.example/keys", shown.Json.GetProperty("jwks_uri").GetString());
        Assert.Equal(0, shown.Json.GetProperty("client_secrets").GetArrayLength());
    }

    [Fact]
    public async Task What_the_command_line_changes_shows_on_a_running_server_within_five_seconds()
    {
        await using var server = await AuthServerFixture.StartAsync(new FixedClock(), _database);
        var directory = server.Services.GetRequiredService<ClientDirectory>();
        await RunAsync(["clients", "register", "-"], Import, server.Clock);
        Assert.Equal("Web app", (await directory.FindAsync("web", CancellationToken.None))?.DisplayName);

        await RunAsync(["clients", "update", "web", "-"], Web, server.Clock);
        server.Clock.Advance(TimeSpan.FromSeconds(5));
        var updated = await directory.FindAsync("web", CancellationToken.None);
        await RunAsync(["clients", "remove", "web"], clock: server.Clock);
        server.Clock.Advance(TimeSpan.FromSeconds(5));
        var removed = await directory.FindAsync("web", CancellationToken.None);

        Assert.Equal("O'Brien's app", updated?.DisplayName);
        Assert.Null(removed);
    }

    private static IEnumerable<string?> Ids(CommandLineRun run) =>
        run.Json.EnumerateArray().Select(client => client.GetProperty("client_id").GetString());

    private Task<CommandLineRun> RunAsync(string[] args, string input = "", TimeProvider? clock = null) =>
        CommandLineRun.OnAsync(_database, args, input, clock);
}
