using System.Net;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using TestSupport;

namespace ProtocolTests.CommandLine;

public sealed class KeysCommandsTests
{
    [Fact]
    [Trait("oidc", "J4")]
    public async Task A_rotation_from_the_command_line_shows_on_a_running_server_and_keeps_the_old_keys()
    {
        await using var server = await AuthServerFixture.StartAsync(new FixedClock());
        var before = await PublishedAsync(server);

        var rotated = await RunAsync(server, "keys", "rotate");
        server.Clock.Advance(TimeSpan.FromSeconds(5));
        var announced = await PublishedAsync(server);
        server.Clock.Advance(TimeSpan.FromSeconds(5));
        var listed = await RunAsync(server, "keys", "list");

        var made = Column(rotated, "kid");
        Assert.Equal(0, rotated.ExitCode);
        Assert.Equal(["RS256", "ES256"], Column(rotated, "alg"));
        Assert.Contains("sign from 09:00:10 UTC", rotated.Error, StringComparison.Ordinal);
        Assert.Equal(before.Concat(made).Order(), announced.Order());
        Assert.Equal(["active", "active", "retired", "retired"], Column(listed, "state"));
        Assert.Equal(made.Order(), Column(listed, "kid").Take(2).Order());
        Assert.Equal("2026-02-14T09:00:10Z", Column(listed, "published_until")[^1]);
    }

    [Fact]
    public async Task Leaked_keys_are_withdrawn_on_request()
    {
        await using var server = await AuthServerFixture.StartAsync(new FixedClock());
        var leaked = await PublishedAsync(server);

        var rotated = await RunAsync(server, "keys", "rotate", "--withdraw");
        server.Clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(Column(rotated, "kid").Order(), (await PublishedAsync(server)).Order());
        Assert.NotEmpty(leaked);
    }

    [Fact]
    [Trait("spec", "OIDC Core 10.1.1")]
    public async Task A_token_that_was_seen_before_stops_working_with_its_withdrawn_key()
    {
        await using var server = await AuthServerFixture.StartAsync(new FixedClock());
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();
        var tokens = await app.SignInAsync(browser);
        (await app.UserInfoAsync(tokens.AccessToken)).Ok();

        await RunAsync(server, "keys", "rotate", "--withdraw");
        server.Clock.Advance(TimeSpan.FromSeconds(15));

        Assert.Equal(HttpStatusCode.Unauthorized, (await app.UserInfoAsync(tokens.AccessToken)).Status);
        (await app.UserInfoAsync((await app.RefreshAsync(tokens.RefreshToken!)).AccessToken())).Ok();
    }

    [Fact]
    [Trait("oidc", "J4")]
    [Trait("spec", "OIDC Core 10.1.1")]
    public async Task After_a_rotation_older_tokens_still_work_and_new_ones_are_signed_with_the_new_keys()
    {
        await using var server = await AuthServerFixture.StartAsync(new FixedClock());
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();
        var before = await app.SignInAsync(browser);

        var made = Column(await RunAsync(server, "keys", "rotate"), "kid");
        server.Clock.Advance(TimeSpan.FromSeconds(15));
        var after = await app.SignInAsync(
            browser,
            more: new Dictionary<string, string?> { ["id_token_hint"] = before.IdToken }
        );

        (await app.UserInfoAsync(before.AccessToken)).Ok();
        Assert.Equal(made.Order(), new[] { after.Claims.Kid, new JsonWebToken(after.AccessToken).Kid }.Order());
    }

    [Fact]
    public async Task On_an_empty_database_there_are_no_keys_to_list()
    {
        await using var database = new SqliteTestDatabase();
        await CommandLineRun.OnAsync(database, ["migrate"]);

        var listed = await CommandLineRun.OnAsync(database, ["keys", "list"]);

        Assert.Equal((0, 0), (listed.ExitCode, listed.Json.GetArrayLength()));
    }

    [Fact]
    public async Task On_an_empty_database_a_rotation_makes_the_first_keys()
    {
        await using var database = new SqliteTestDatabase();
        await CommandLineRun.OnAsync(database, ["migrate"]);

        var rotated = await CommandLineRun.OnAsync(database, ["keys", "rotate"]);

        Assert.Equal((0, 2), (rotated.ExitCode, rotated.Json.GetArrayLength()));
    }

    private static Task<CommandLineRun> RunAsync(AuthServerFixture server, params string[] args) =>
        CommandLineRun.OnAsync(server.Database, args, clock: server.Clock);

    private static IReadOnlyList<string?> Column(CommandLineRun run, string name) =>
        [.. run.Json.EnumerateArray().Select(key => key.GetProperty(name).GetString())];

    private static async Task<IReadOnlyList<string?>> PublishedAsync(AuthServerFixture server)
    {
        using var http = new HttpClient();
        var jwks = JsonDocument.Parse(await http.GetStringAsync(server.Issuer + "/.well-known/jwks.json"));
        return
        [
            .. jwks.RootElement.GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("kid").GetString()),
        ];
    }
}
