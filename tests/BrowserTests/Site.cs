using TestSupport;
using TestSupport.Browser;

namespace BrowserTests;

/// <summary>A server whose clock stands still, an app, and a second client of the app that asks for consent.</summary>
public sealed class Site : IAsyncLifetime
{
    private AuthServerFixture? _server;
    private SmallApp? _app;
    private RelyingParty? _client;
    private RelyingParty? _asking;
    private int _number = 4820;

    public AuthServerFixture Server => Started(_server);

    internal SmallApp App => Started(_app);

    internal RelyingParty Client => Started(_client);

    /// <summary>The same app, registered with <c>require_consent</c> and every scope.</summary>
    internal RelyingParty Asking => Started(_asking);

    public async Task InitializeAsync()
    {
        _server = await AuthServerFixture.StartAsync(new FixedClock("2026-01-31T09:00:00Z"));
        _app = await SmallApp.StartAsync();
        _client = await _server.Given.RelyingPartyAsync(_app.Metadata);
        _asking = await _server.Given.RelyingPartyAsync(
            _app.Metadata with
            {
                RequireConsent = true,
                Scope = "openid profile email phone address professional offline_access",
                GrantTypes = ["authorization_code", "refresh_token"],
            }
        );
    }

    public async Task DisposeAsync()
    {
        await App.DisposeAsync();
        await Server.DisposeAsync();
    }

    /// <summary>The four digits of a username that nobody has yet.</summary>
    public int NextNumber() => Interlocked.Increment(ref _number);

    public Task<Visitor> ArriveAsync(Device device = Device.Desktop, bool javaScript = true) =>
        Visitor.ArriveAsync([Server.Issuer, App.Receives, App.Home], device, javaScript);

    private static T Started<T>(T? part) => part ?? throw new InvalidOperationException("The site has not started.");
}
