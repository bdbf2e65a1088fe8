using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using AuthServer.CommandLine;

namespace CrashTests;

/// <summary>
/// An operator who registers and changes clients and accounts with the command line, on the same database, while the
/// server is killed. A command that has ended well is acknowledged.
/// </summary>
internal sealed class OperatorWorker(KilledServer server, string issuer, Random random)
{
    public const string Password = "a long walk by the canal";

    private readonly List<KnownClient> _clients = [];
    private readonly List<KnownAccount> _accounts = [];

    public int Acknowledged { get; private set; }

    /// <summary>Registers an app that signs people in and has tokens of its own.</summary>
    public async Task<(string ClientId, string Secret)> RegisterAsync()
    {
        var client = new KnownClient { Name = $"App {_clients.Count}" };
        var registered = JsonNode.Parse(await CommandAsync(["clients", "register", "-"], Metadata(client.Name)))!;
        (client.ClientId, client.Secret) = (
            registered["client_id"]!.GetValue<string>(),
            registered["client_secret"]!.GetValue<string>()
        );
        _clients.Add(client);
        return (client.ClientId, client.Secret);
    }

    /// <summary>Adds an account that can log in with <see cref="Password"/>.</summary>
    public async Task<string> AddAccountAsync()
    {
        var username = $"jones{1000 + _accounts.Count}";
        await CommandAsync(
            [
                "users",
                "add",
                "--username",
                username,
                "--email",
                $"{username}@example.test",
                "--given-name",
                "Ann",
                "--family-name",
                "Jones",
                "--password-stdin",
            ],
            Password + "\n"
        );
        _accounts.Add(new KnownAccount(username));
        return username;
    }

    /// <summary>Adds an account whose person is sent a link to choose a password.</summary>
    public Task InviteAsync(string email) =>
        CommandAsync([
            "users",
            "add",
            "--username",
            "invited1234",
            "--email",
            email,
            "--given-name",
            "Ann",
            "--family-name",
            "Jones",
            "--invite",
        ]);

    /// <summary>One of everything. The first client and the accounts that workers use are left as they are.</summary>
    /// <param name="spared">How many of the first accounts are in use.</param>
    public async Task RunAsync(int spared)
    {
        await RegisterAsync();
        var updated = _clients[random.Next(1, _clients.Count)];
        var name = updated.Name + "'";
        await CommandAsync(["clients", "update", updated.ClientId, "-"], Metadata(name));
        updated.Name = name;

        var rotated = _clients[random.Next(1, _clients.Count)];
        var answer = JsonNode.Parse(await CommandAsync(["clients", "rotate-secret", rotated.ClientId]))!;
        rotated.OldSecrets.Add(rotated.Secret);
        rotated.Secret = answer["client_secret"]!.GetValue<string>();

        await AddAccountAsync();
        if (_accounts.Skip(spared).Where(account => !account.Locked).ToArray() is { Length: > 2 } unlocked)
        {
            var account = unlocked[random.Next(unlocked.Length)];
            await CommandAsync(["users", "lock", account.Username]);
            account.Locked = true;
        }
    }

    /// <summary>Every name, and a sample of secrets and log-ins, held against what the server does.</summary>
    public async Task CheckAsync(int spared)
    {
        var listed = JsonNode.Parse(await CommandAsync(["clients", "list"]))!.AsArray();
        Assert.Equal(
            _clients.Select(client => (client.ClientId, client.Name)).Order(),
            listed
                .Select(client => (client!["client_id"]!.GetValue<string>(), client["client_name"]!.GetValue<string>()))
                .Order()
        );

        foreach (var client in _clients.TakeLast(2).Append(_clients[random.Next(_clients.Count)]).Distinct())
        {
            await CheckAsync(client);
        }

        var others = _accounts.Skip(spared).ToArray();
        foreach (
            var account in others
                .TakeLast(2)
                .Append(others.LastOrDefault(a => a.Locked))
                .OfType<KnownAccount>()
                .Distinct()
        )
        {
            using var user = new AppUser(issuer, _clients[0].ClientId, _clients[0].Secret);
            Assert.Equal(!account.Locked, await user.LogInAsync(account.Username, Password));
        }
    }

    private async Task CheckAsync(KnownClient client)
    {
        using var app = new AppUser(issuer, client.ClientId, client.Secret);
        Assert.True((await app.ClientCredentialsAsync()).IsOk, "An acknowledged secret is refused.");
        foreach (var old in client.OldSecrets.TakeLast(1))
        {
            using var thief = new AppUser(issuer, client.ClientId, old);
            Assert.Equal(HttpStatusCode.Unauthorized, (await thief.ClientCredentialsAsync()).Status);
        }
    }

    private async Task<string> CommandAsync(string[] command, string input = "")
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await Commands.RunAsync(
            command,
            new CommandSurroundings
            {
                Input = new StringReader(input),
                Output = output,
                Error = error,
                Settings = [.. server.Settings.Select(setting => $"--{setting.Key}={setting.Value}")],
            }
        );
        Assert.True(code == 0, $"{string.Join(' ', command)} ended with {code}: {error}");
        Acknowledged++;
        return output.ToString();
    }

    private static string Metadata(string name) =>
        JsonSerializer.Serialize(
            new Dictionary<string, object>
            {
                ["client_name"] = name,
                ["redirect_uris"] = new[] { AppUser.RedirectUri },
                ["grant_types"] = new[] { "authorization_code", "refresh_token", "client_credentials" },
                ["scope"] = "openid profile api",
            }
        );

    private sealed class KnownClient
    {
        public string ClientId { get; set; } = "";

        public required string Name { get; set; }

        public string Secret { get; set; } = "";

        public List<string> OldSecrets { get; } = [];
    }

    private sealed class KnownAccount(string username)
    {
        public string Username { get; } = username;

        public bool Locked { get; set; }
    }
}
