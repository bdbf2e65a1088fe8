using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
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
        await using (var server = await StartAsync(new()
        {
            ["DataProtection:CertificateFile"] = old,
            ["DataProtection:Password"] = "a password",
        }))
        {
            token = Protector(server).Protect("sealed");
            var keys = await server.InDatabaseAsync(db => db.DataProtectionKeys.Select(key => key.Xml).ToListAsync());
            Assert.All(keys, xml => Assert.Contains("EncryptedXmlDecryptor", xml, StringComparison.Ordinal));
        }

        await using var successor = await StartAsync(new()
        {
            ["DataProtection:CertificateFile"] = next.Certificate,
            ["DataProtection:KeyFile"] = next.Key,
            ["DataProtection:Earlier:0:CertificateFile"] = old,
            ["DataProtection:Earlier:0:Password"] = "a password",
        });

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

    public Task InitializeAsync() => Task.CompletedTask;

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _folder.Dispose();
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
        return new CertificateRequest("CN=seal", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(now.AddDays(-1), now.AddDays(90));
    }
}
