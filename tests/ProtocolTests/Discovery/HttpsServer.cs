using TestSupport;

namespace ProtocolTests.Discovery;

/// <summary>For <c>IClassFixture</c>: a server on https, with a certificate of the test's own.</summary>
public sealed class HttpsServer : IAsyncLifetime
{
    private AuthServerFixture? _server;

    public AuthServerFixture Server => _server ?? throw new InvalidOperationException("The server has not started.");

    public async Task InitializeAsync() => _server = await AuthServerFixture.StartAsync(https: true);

    public async Task DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
