using ProtocolTests.CommandLine;

namespace ProtocolTests.Accounts;

/// <summary>Settings about accounts that cannot be meant stop the start, by name.</summary>
public sealed class AccountSettingsTests : IDisposable
{
    private readonly CommandRunner _commands = new();

    [Theory]
    [InlineData("Passwords:Iterations", "99999")]
    [InlineData("Passwords:Iterations", "0")]
    [InlineData("Passwords:Algorithm", "bcrypt")]
    [InlineData("Passwords:MemoryKiB", "19455")]
    [InlineData("Passwords:MemoryKiB", "7")]
    [InlineData("Passwords:MemoryKiB", "1048577")]
    [InlineData("Passwords:Passes", "1")]
    [InlineData("Passwords:Passes", "0")]
    [InlineData("Passwords:Passes", "101")]
    [InlineData("Passwords:ForgivingLogIn", "sometimes")]
    [InlineData("Passwords:RefusedFile", "/nowhere/refused.txt")]
    [InlineData("Limits:Hashing:AtOnce", "0")]
    [InlineData("Limits:Hashing:RetryAfter", "00:00:00")]
    [InlineData("Limits:LogIn:HardStop", "0")]
    [InlineData("Limits:LogIn:FirstDelay", "1.00:00:00")]
    [InlineData("Limits:LogIn:LongestDelay", "soon")]
    public async Task The_sentence_names_the_key(string key, string value)
    {
        var result = await _commands.RunAsync(new() { [key] = value }, "serve");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(key, result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData("Passwords:Iterations", "1000")]
    [InlineData("Passwords:MemoryKiB", "12288")]
    public async Task A_command_that_hashes_refuses_a_cheap_hash_as_well(string key, string value)
    {
        _commands.Input = "a long walk by the canal\n";

        await _commands.MigrateAsync();

        var result = await _commands.RunAsync(
            new() { [key] = value },
            "users",
            "add",
            "--email",
            "a@example.org",
            "--given-name",
            "A",
            "--family-name",
            "B",
            "--password-stdin"
        );

        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith($"{key} is {value}", result.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _commands.Dispose();
}
