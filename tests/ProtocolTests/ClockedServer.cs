using TestSupport;

namespace ProtocolTests;

/// <summary>
/// For <c>IClassFixture</c>: a server on a clock that stands still until a test moves it. Each test of the class starts
/// where the one before left it.
/// </summary>
public sealed class ClockedServer : IAsyncLifetime
{
    private AuthServerFixture? _server;

    public AuthServerFixture Server => _server ?? throw new InvalidOperationException("The server has not started.");

    public async Task InitializeAsync() => _server = await AuthServerFixture.StartAsync(new FixedClock());

    public async Task DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
