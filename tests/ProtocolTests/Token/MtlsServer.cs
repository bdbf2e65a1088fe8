using TestSupport;

namespace ProtocolTests.Token;

/// <summary>
/// For <c>IClassFixture</c>: a server on https that asks for certificates, and an authority that it trusts.
/// </summary>
public sealed class MtlsServer : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private AuthServerFixture? _server;

    public AuthServerFixture Server => _server ?? throw new InvalidOperationException("The server has not started.");

    internal TestAuthority Authority { get; } = new(TimeProvider.System.GetUtcNow());

    public async Task InitializeAsync()
    {
        var authorities = _folder.File("authorities.pem");
        await File.WriteAllTextAsync(authorities, Authority.Pem);
        _server = await AuthServerFixture.StartAsync(
            https: true,
            settings: new Dictionary<string, string?>
            {
                ["Mtls:Enabled"] = "true",
                ["Mtls:CertificateAuthorities"] = authorities,
            }
        );
    }

    public async Task DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        Authority.Dispose();
        _folder.Dispose();
    }
}
