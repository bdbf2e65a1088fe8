using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using TestSupport;

namespace InteropTests;

/// <summary>A relying party that we did not write, as a process of its own, registered by the command line.</summary>
internal sealed class App : IAsyncDisposable
{
    private readonly LeashedProcess _process;
    private readonly IDisposable? _folder;

    private App(string origin, LeashedProcess process, IDisposable? folder) =>
        (Origin, _process, _folder) = (origin, process, folder);

    public string Origin { get; }

    public string Output => _process.Output;

    /// <summary>A confidential client on openid-client.</summary>
    public static Task<App> ExpressAsync(RunningServer server) =>
        StartAsync(
            server,
            origin => new
            {
                client_name = "The Express app",
                redirect_uris = new[] { $"{origin}/callback" },
                post_logout_redirect_uris = new[] { $"{origin}/goodbye" },
                grant_types = new[] { "authorization_code", "refresh_token" },
            },
            (_, environment) => Node("express/server.mjs", environment)
        );

    /// <summary>The same app with a key of its own instead of a secret; it pushes its requests (RFC 9126).</summary>
    public static Task<App> ExpressWithKeyAsync(RunningServer server)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var parameters = key.ExportParameters(includePrivateParameters: true);
        var (x, y) = (Base64Url.EncodeToString(parameters.Q.X), Base64Url.EncodeToString(parameters.Q.Y));
        var jwk = JsonSerializer.Serialize(
            new
            {
                kty = "EC",
                crv = "P-256",
                x,
                y,
                d = Base64Url.EncodeToString(parameters.D),
            }
        );
        return StartAsync(
            server,
            origin => new
            {
                client_name = "The Express app",
                redirect_uris = new[] { $"{origin}/callback" },
                post_logout_redirect_uris = new[] { $"{origin}/goodbye" },
                grant_types = new[] { "authorization_code", "refresh_token" },
                token_endpoint_auth_method = "private_key_jwt",
                jwks = new
                {
                    keys = new[]
                    {
                        new
                        {
                            kty = "EC",
                            crv = "P-256",
                            x,
                            y,
                        },
                    },
                },
                require_pushed_authorization_requests = true,
            },
            (_, environment) => Node("express/server.mjs", new(environment) { ["PRIVATE_KEY"] = jwk })
        );
    }

    /// <summary>The app for Node.js in the README, word for word but for the two addresses.</summary>
    public static Task<App> ReadmeAsync(RunningServer server) =>
        StartAsync(
            server,
            origin => new
            {
                client_name = "The README's app",
                redirect_uris = new[] { $"{origin}/signin-oidc" },
                post_logout_redirect_uris = new[] { $"{origin}/signout-callback-oidc" },
                grant_types = new[] { "authorization_code", "refresh_token" },
                token_endpoint_auth_method = "client_secret_post",
                scope = "openid profile email professional",
            },
            (_, environment) =>
            {
                var origin = $"http://127.0.0.1:{environment["PORT"]}";
                var script = File.ReadAllText(Repository.PathOf("README.md"))
                    .Split("```js\n")[1]
                    .Split("```")[0]
                    .Replace("http://localhost:3000", origin, StringComparison.Ordinal)
                    .Replace("listen(3000)", $"listen({environment["PORT"]})", StringComparison.Ordinal)
                    .Replace("http://localhost:5080", server.Issuer, StringComparison.Ordinal);
                // Beside the packages, and not under version control.
                var file = Path.Combine(AppsFolder, "out", "readme.mjs");
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                File.WriteAllText(file, script);
                return Node("out/readme.mjs", new(environment) { ["SESSION_SECRET"] = Guid.NewGuid().ToString("N") });
            }
        );

    /// <summary>A public client on oidc-client-ts, in the browser alone.</summary>
    public static Task<App> BrowserOnlyAsync(RunningServer server) =>
        StartAsync(
            server,
            origin => new
            {
                client_name = "The browser app",
                redirect_uris = new[] { $"{origin}/callback", $"{origin}/silent" },
                post_logout_redirect_uris = new[] { $"{origin}/goodbye" },
                grant_types = new[] { "authorization_code", "refresh_token" },
                token_endpoint_auth_method = "none",
            },
            (_, environment) => Node("spa/server.mjs", environment)
        );

    /// <summary>A confidential client: Apache with mod_auth_openidc.</summary>
    public static Task<App> ApacheAsync(RunningServer server) =>
        StartAsync(
            server,
            origin => new
            {
                client_name = "The Apache app",
                redirect_uris = new[] { $"{origin}/app/redirect_uri" },
                post_logout_redirect_uris = new[] { $"{origin}/goodbye.html" },
                grant_types = new[] { "authorization_code", "refresh_token" },
            },
            Apache
        );

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder?.Dispose();
    }

    private static async Task<App> StartAsync(
        RunningServer server,
        Func<string, object> metadata,
        Func<TemporaryFolder, Dictionary<string, string>, LeashedProcess> start
    )
    {
        var port = FreePort.Next();
        var origin = $"http://127.0.0.1:{port}";
        var client = await RegisterAsync(server, metadata(origin));
        var environment = new Dictionary<string, string>
        {
            ["PORT"] = $"{port}",
            ["ISSUER"] = server.Issuer,
            ["CLIENT_ID"] = client.GetProperty("client_id").GetString()!,
        };
        if (client.TryGetProperty("client_secret", out var secret))
        {
            environment["CLIENT_SECRET"] = secret.GetString()!;
        }

        var folder = new TemporaryFolder();
        var process = start(folder, environment);
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        await process.WaitUntilAsync(
            async () =>
            {
                try
                {
                    await http.GetAsync(origin);
                    return true;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            origin
        );
        return new App(origin, process, folder);
    }

    /// <summary>
    /// A program on a device that has no browser; it writes to its output what its screen would show.
    /// </summary>
    public static async Task<LeashedProcess> DeviceAsync(RunningServer server)
    {
        var client = await RegisterAsync(
            server,
            new
            {
                client_name = "The ward tablet",
                grant_types = new[] { "urn:ietf:params:oauth:grant-type:device_code", "refresh_token" },
                response_types = Array.Empty<string>(),
                scope = "openid profile",
                token_endpoint_auth_method = "none",
            }
        );
        return Node(
            "device/device.mjs",
            new() { ["ISSUER"] = server.Issuer, ["CLIENT_ID"] = client.GetProperty("client_id").GetString()! }
        );
    }

    private static async Task<JsonElement> RegisterAsync(RunningServer server, object metadata) =>
        JsonSerializer.Deserialize<JsonElement>(
            await server.RunAsync(["clients", "register", "-"], JsonSerializer.Serialize(metadata))
        );

    private static LeashedProcess Node(string script, Dictionary<string, string> environment) =>
        LeashedProcess.Start(["node", Path.Combine(AppsFolder, script)], environment);

    private static LeashedProcess Apache(TemporaryFolder folder, Dictionary<string, string> environment)
    {
        // Apache's own user reads it.
        const UnixFileMode Readable =
            UnixFileMode.UserRead
            | UnixFileMode.UserWrite
            | UnixFileMode.UserExecute
            | UnixFileMode.GroupRead
            | UnixFileMode.GroupExecute
            | UnixFileMode.OtherRead
            | UnixFileMode.OtherExecute;
        File.SetUnixFileMode(folder.Path, Readable);
        foreach (
            var file in Directory.GetFiles(Path.Combine(AppsFolder, "apache/site"), "*", SearchOption.AllDirectories)
        )
        {
            var copy = folder.File(
                Path.Combine("site", Path.GetRelativePath(Path.Combine(AppsFolder, "apache/site"), file))
            );
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        environment["FOLDER"] = folder.Path;
        environment["MODULES"] = "/usr/lib/apache2/modules";
        environment["PASSPHRASE"] = Guid.NewGuid().ToString("N");
        return LeashedProcess.Start(
            ["/usr/sbin/apache2", "-f", Path.Combine(AppsFolder, "apache/app.conf"), "-DFOREGROUND", "-X"],
            environment
        );
    }

    private static string AppsFolder => Repository.PathOf("tests/InteropTests/apps");
}
