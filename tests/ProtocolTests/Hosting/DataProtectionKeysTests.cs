using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ProtocolTests.CommandLine;
using TestSupport;

namespace ProtocolTests.Hosting;

public sealed class DataProtectionKeysTests : IAsyncDisposable, IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteTestDatabase _database = new();

    [Fact]
    public async Task A_certificate_seals_the_keys_and_its_successor_still_opens_them()
    {
        var (old, next) = (Pfx("old", "a password"), Pem("next"));
        string token;
        await using (
            var server = await StartAsync(
                new() { ["DataProtection:CertificateFile"] = old, ["DataProtection:Password"] = "a password" }
            )
        )
        {
            token = Protector(server).Protect("sealed");
            var keys = await server.InDatabaseAsync(db => db.DataProtectionKeys.Select(key => key.Xml).ToListAsync());
            Assert.All(keys, xml => Assert.Contains("EncryptedXmlDecryptor", xml, StringComparison.Ordinal));
        }

        await using var successor = await StartAsync(
            new()
            {
                ["DataProtection:CertificateFile"] = next.Certificate,
                ["DataProtection:KeyFile"] = next.Key,
                ["DataProtection:Earlier:0:CertificateFile"] = old,
                ["DataProtection:Earlier:0:Password"] = "a password",
            }
        );

        Assert.Equal("sealed", Protector(successor).Unprotect(token));
    }

    [Theory]
    [InlineData("Production", true)]
    [InlineData("Development", false)]
    public async Task Production_is_warned_when_nothing_seals_the_keys(string environment, bool warned)
    {
        await using var server = await AuthServerFixture.StartAsync(environment: environment, database: _database);

        Assert.Equal(warned, server.Log.Lines.Any(line => line.Id == 1003));
    }

    [Fact]
    public async Task Without_the_certificate_the_server_does_not_start_and_says_which_setting_is_missing()
    {
        await SealAsync(Pfx("seal", "a password"));

        var result = await RunAsync(null, "serve");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("DataProtection:CertificateFile", OneLine(result), StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_another_certificate_the_server_does_not_start_and_names_the_way_out()
    {
        await SealAsync(Pfx("seal", "a password"));

        var result = await RunAsync(Pfx("other", "a password"), "serve");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("DataProtection:Earlier:0:CertificateFile", OneLine(result), StringComparison.Ordinal);
        Assert.Contains("--certificate-lost", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_command_without_the_certificate_writes_no_key(bool anotherCertificate)
    {
        await SealAsync(Pfx("seal", "a password"));
        var before = await KeysAsync();

        var result = await RunAsync(anotherCertificate ? Pfx("other", "a password") : null, "keys", "rotate");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("DataProtection:CertificateFile", OneLine(result), StringComparison.Ordinal);
        Assert.Equal(before, await KeysAsync());
    }

    [Fact]
    public async Task A_node_with_another_certificate_is_not_ready_and_writes_no_key()
    {
        await SealAsync(Pfx("seal", "a password"));
        var before = await KeysAsync();
        await using var server = await StartAsync(
            new()
            {
                ["DataProtection:CertificateFile"] = Pfx("other", "a password"),
                ["DataProtection:Password"] = "a password",
            }
        );
        using var browser = server.NewBrowser();

        var ready = await browser.GetAsync("/health/ready");
        var page = await browser.GetAsync("/log-in");

        Assert.Equal(
            (HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable),
            (ready.Status, page.Status)
        );
        Assert.Equal(before, await KeysAsync());
    }

    [Fact]
    public async Task Whoever_has_lost_the_certificate_goes_on_with_a_new_one()
    {
        await SealAsync(Pfx("seal", "a password"));
        var next = Pfx("next", "a password");

        var unsealed = await RunAsync(null, "keys", "rotate", "--certificate-lost");
        var rotated = await RunAsync(next, "keys", "rotate", "--certificate-lost");
        await using var server = await StartAsync(
            new() { ["DataProtection:CertificateFile"] = next, ["DataProtection:Password"] = "a password" }
        );
        using var browser = server.NewBrowser();

        Assert.Equal((1, 0), (unsealed.ExitCode, rotated.ExitCode));
        Assert.StartsWith("Data-protection keys removed: 1.", rotated.Error, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/health/ready")).Status);
        Assert.All(await KeysAsync(), xml => Assert.Contains("EncryptedXmlDecryptor", xml, StringComparison.Ordinal));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Makes a first key, sealed with this certificate.</summary>
    private async Task SealAsync(string certificate)
    {
        await RunAsync(certificate, "migrate");
        var made = await RunAsync(certificate, "keys", "rotate");
        Assert.True(made.ExitCode == 0, made.Error);
        Assert.Contains("EncryptedXmlDecryptor", Assert.Single(await KeysAsync()), StringComparison.Ordinal);
    }

    private async Task<CommandResult> RunAsync(string? certificate, params string[] args)
    {
        using var commands = new CommandRunner();
        return await commands.RunAsync(
            new()
            {
                ["ConnectionStrings:AuthServer"] = _database.ConnectionString,
                ["DataProtection:CertificateFile"] = certificate,
                ["DataProtection:Password"] = certificate is null ? null : "a password",
            },
            args
        );
    }

    private static string OneLine(CommandResult result) =>
        Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));

    private async Task<List<string>> KeysAsync()
    {
        List<string> keys = [];
        await using var connection = new SqliteConnection(_database.ConnectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT xml FROM data_protection_keys ORDER BY name";
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            keys.Add(reader.GetString(0));
        }

        return keys;
    }

    private Task<AuthServerFixture> StartAsync(Dictionary<string, string?> settings) =>
        AuthServerFixture.StartAsync(database: _database, settings: settings);

    private static IDataProtector Protector(AuthServerFixture server) =>
        server.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test");

    private string Pfx(string name, string password)
    {
        using var certificate = Certificate();
        var file = _folder.File(name + ".pfx");
        File.WriteAllBytes(file, certificate.Export(X509ContentType.Pfx, password));
        return file;
    }

    private (string Certificate, string Key) Pem(string name)
    {
        using var certificate = Certificate();
        using var key = certificate.GetRSAPrivateKey()!;
        var files = (_folder.File(name + ".crt"), _folder.File(name + ".key"));
        File.WriteAllText(files.Item1, certificate.ExportCertificatePem());
        File.WriteAllText(files.Item2, key.ExportPkcs8PrivateKeyPem());
        return files;
    }

    private static X509Certificate2 Certificate()
    {
        using var key = RSA.Create(2048);
        var now = TimeProvider.System.GetUtcNow();
        return new CertificateRequest(
            "CN=seal",
            key,
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        ).CreateSelfSigned(now.AddDays(-1), now.AddDays(90));
    }
}
