using AuthServer.Clients;

namespace UnitTests.AuthServer.Clients;

[Trait("oidc", "A2")]
public sealed class RedirectUriRulesTests
{
    [Theory]
    [InlineData("https://app.example/cb", "https://app.example/cb")]
    [InlineData("https://app.example/cb?tenant=1", "https://app.example/cb?tenant=1")]
    [InlineData("org.example.app:/cb", "org.example.app:/cb")]
    [InlineData("http://localhost:3000/cb", "http://localhost:3000/cb")]
    public void A_registered_address_is_known_character_by_character(string registered, string asked) =>
        Assert.True(RedirectUriRules.IsRegistered(ClientWith(registered), asked));

    [Theory]
    [InlineData("https://app.example/cb", "https://app.example/cb/")]
    [InlineData("https://app.example/cb", "https://app.example/CB")]
    [InlineData("https://app.example/cb", "https://APP.example/cb")]
    [InlineData("https://app.example/cb", "https://app.example:443/cb")]
    [InlineData("https://app.example/cb", "https://app.example/cb?x=1")]
    [InlineData("https://app.example/cb", "https://app.example/cb#x")]
    [InlineData("https://app.example/cb", "https://app.example/%63b")]
    [InlineData("https://app.example/cb", "https://app.example/x/../cb")]
    [InlineData("https://app.example/cb", "https://app.example.evil.example/cb")]
    [InlineData("https://app.example/cb", "http://app.example/cb")]
    [InlineData("https://app.example/cb", "")]
    public void An_address_that_differs_anywhere_is_not_registered(string registered, string asked) =>
        Assert.False(RedirectUriRules.IsRegistered(ClientWith(registered), asked));

    [Theory]
    [Trait("spec", "RFC 8252 7.3")]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:49152/cb")]
    [InlineData("http://127.0.0.1:9999/cb", "http://127.0.0.1:1/cb")]
    [InlineData("http://127.0.0.1:9999/cb", "http://127.0.0.1/cb")]
    [InlineData("http://[::1]:9999/cb?a=b", "http://[::1]:65535/cb?a=b")]
    [InlineData("http://127.0.0.1", "http://127.0.0.1:8080")]
    public void The_port_of_a_loopback_address_may_differ(string registered, string asked) =>
        Assert.True(RedirectUriRules.IsRegistered(ClientWith(registered), asked));

    [Theory]
    [Trait("spec", "RFC 8252 8.3")]
    [InlineData("http://localhost:9999/cb", "http://localhost:9998/cb")]
    [InlineData("http://127.0.0.1:9999/cb", "http://[::1]:9999/cb")]
    [InlineData("http://127.0.0.1:9999/cb", "http://127.0.0.1:9998/other")]
    [InlineData("http://127.0.0.1:9999/cb", "http://127.0.0.1:9999@evil.example/cb")]
    [InlineData("http://127.0.0.1:9999/cb", "http://127.0.0.1.evil.example/cb")]
    [InlineData("http://127.0.0.1:9999/cb", "http://127.0.0.1:99999/cb")]
    [InlineData("http://127.0.0.1:9999/cb", "http://127.0.0.1:0/cb")]
    [InlineData("http://127.0.0.1:9999/cb", "http://127.0.0.1:/cb")]
    [InlineData("http://127.0.0.1:9999/cb", "http://127.0.0.1:+9/cb")]
    [InlineData("http://127.0.0.1:9999/cb", "https://127.0.0.1:9998/cb")]
    [InlineData("http://127.0.0.1:9999/cb", "http://127.0.0.1:9998/cb#x")]
    [InlineData("https://127.0.0.1:9999/cb", "https://127.0.0.1:9998/cb")]
    public void No_other_part_of_any_address_may_differ(string registered, string asked) =>
        Assert.False(RedirectUriRules.IsRegistered(ClientWith(registered), asked));

    [Fact]
    public void An_address_for_logging_out_is_not_one_for_logging_in()
    {
        var client = new RegisteredClient(
            "app",
            new ClientMetadata { PostLogoutRedirectUris = ["https://app.example/bye"] },
            []
        );

        Assert.True(RedirectUriRules.IsRegisteredForLogOut(client, "https://app.example/bye"));
        Assert.False(RedirectUriRules.IsRegistered(client, "https://app.example/bye"));
    }

    private static RegisteredClient ClientWith(string redirectUri) =>
        new("app", new ClientMetadata { RedirectUris = ["https://first.example/", redirectUri] }, []);
}
