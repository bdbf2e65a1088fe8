using TestSupport;

namespace ProtocolTests.CommandLine;

public sealed class ScopesCommandsTests : IAsyncLifetime, IAsyncDisposable
{
    private readonly SqliteTestDatabase _database = new();

    public Task InitializeAsync() => CommandLineRun.OnAsync(_database, ["migrate"]);

    public async Task DisposeAsync() => await _database.DisposeAsync();

    async ValueTask IAsyncDisposable.DisposeAsync() => await DisposeAsync();

    [Fact]
    public async Task A_scope_is_registered_with_its_resources_and_removed_again()
    {
        var added = await RunAsync(
            "scopes",
            "add",
            "reports:read",
            "--resource",
            "https://reports.example",
            "--resource",
            "https://archive.example",
            "--description",
            "Read the trust's reports"
        );
        var listed = await RunAsync("scopes", "list");
        var removed = await RunAsync("scopes", "remove", "reports:read");
        var left = await RunAsync("scopes", "list");

        Assert.Equal((0, ""), (added.ExitCode, added.Error));
        Assert.Equal("reports:read", added.Json.GetProperty("name").GetString());
        Assert.Equal(
            ["https://reports.example", "https://archive.example"],
            added.Json.GetProperty("resources").EnumerateArray().Select(resource => resource.GetString())
        );
        Assert.Equal("Read the trust's reports", listed.Json[0].GetProperty("description").GetString());
        Assert.Equal((0, "reports:read is removed."), (removed.ExitCode, removed.Error.Trim()));
        Assert.Equal(0, left.Json.GetArrayLength());
    }

    [Theory]
    [InlineData(
        "openid",
        "openid is a scope about people, which this server has of itself: an API needs a scope of its own."
    )]
    [InlineData(
        "professional",
        "professional is a scope about people, which this server has of itself: an API needs a scope of its own."
    )]
    [InlineData(
        "a b",
        "The name must be 1 to 200 printable ASCII characters without spaces, double quotes and backslashes."
    )]
    [InlineData(
        "api --resource /api",
        "Resource 1 must be an absolute address of at most 2000 ASCII characters, such as https://api.example.nhs.uk."
    )]
    [InlineData("api --resource https://api.example#x", "Resource 1 must not have a fragment.")]
    [InlineData("api --description  ", "The description must be 1 to 200 characters long, without control characters.")]
    [Trait("spec", "RFC 6749 3.3")]
    public async Task A_scope_that_cannot_be_registered_is_refused_with_a_sentence(string arguments, string sentence)
    {
        var words = arguments == "a b" ? [arguments] : arguments.Split(' ', 3);

        var refused = await RunAsync(["scopes", "add", .. words]);

        Assert.Equal((1, sentence), (refused.ExitCode, refused.Error.Trim()));
    }

    [Fact]
    public async Task What_is_there_already_or_not_there_at_all_is_refused_with_a_sentence()
    {
        await RunAsync("scopes", "add", "api");

        var again = await RunAsync("scopes", "add", "api");
        var unknown = await RunAsync("scopes", "remove", "other");

        Assert.Equal((1, "The scope is already registered."), (again.ExitCode, again.Error.Trim()));
        Assert.Equal((1, "There is no scope \"other\"."), (unknown.ExitCode, unknown.Error.Trim()));
    }

    private Task<CommandLineRun> RunAsync(params string[] args) => CommandLineRun.OnAsync(_database, args, "", null);
}
