using System.Net;
using AuthServer.Clients;
using TestSupport;

namespace ProtocolTests.Token;

/// <summary>
/// A client's keys are fetched from its <c>jwks_uri</c>, within limits, and kept (OIDC Core §10.1.1).
/// </summary>
[Trait("oidc", "T1")]
[Trait("spec", "RFC 7523 3")]
public sealed class ClientKeysAtAnAddressTests(ClockedServer clocked) : IClassFixture<ClockedServer>
{
    private readonly AuthServerFixture server = clocked.Server;

    [Fact]
    [Trait("oidc", "R4")]
    [Trait("spec", "OIDC Core 10.1.1")]
    public async Task Keys_at_an_address_are_fetched_once_and_again_for_an_unknown_key_at_most_once_a_minute()
    {
        using var first = new ClientKey(keyId: "one");
        using var second = new ClientKey(keyId: "two");
        using var third = new ClientKey(keyId: "three");
        await using var site = await KeySite.StartAsync(ClientKey.SetOf(first));
        var client = await server.Given.ClientAsync(At(site));

        (await AskAsync(client, first)).Ok();
        (await AskAsync(client, first)).Ok();
        Assert.Equal(1, site.Fetches);

        site.Body = ClientKey.SetOf(first, second);
        Refused(await AskAsync(client, second));
        server.Clock.Advance(TimeSpan.FromSeconds(61));
        (await AskAsync(client, second)).Ok();
        Assert.Equal(2, site.Fetches);

        site.Body = ClientKey.SetOf(third);
        Refused(await AskAsync(client, third));
        Assert.Equal(2, site.Fetches);
        server.Clock.Advance(TimeSpan.FromMinutes(5));
        Refused(await AskAsync(client, first)); // withdrawn
        Assert.Equal(3, site.Fetches);
    }

    [Fact]
    [Trait("oidc", "R4")]
    public async Task A_new_key_under_the_same_kid_is_fetched_when_the_signature_fails()
    {
        using var before = new ClientKey();
        using var after = new ClientKey();
        await using var site = await KeySite.StartAsync(ClientKey.SetOf(before));
        var client = await server.Given.ClientAsync(At(site));
        (await AskAsync(client, before)).Ok();

        site.Body = ClientKey.SetOf(after);
        server.Clock.Advance(TimeSpan.FromSeconds(61));

        (await AskAsync(client, after)).Ok();
    }

    [Theory]
    [InlineData(500, false)]
    [InlineData(302, false)]
    [InlineData(200, true)]
    [Trait("oidc", "R4")]
    public async Task Keys_that_cannot_be_fetched_prove_nothing_and_the_kept_ones_still_work(int status, bool tooLong)
    {
        using var key = new ClientKey();
        var body = ClientKey.SetOf(key);
        await using var site = await KeySite.StartAsync(tooLong ? body + new string(' ', 64 * 1024) : body);
        site.Status = status;
        var client = await server.Given.ClientAsync(At(site));

        Refused(await AskAsync(client, key));

        (site.Status, site.Body) = (200, body);
        server.Clock.Advance(TimeSpan.FromSeconds(11));
        (await AskAsync(client, key)).Ok();
        (site.Status, site.Body) = (status, tooLong ? body + new string(' ', 64 * 1024) : body);
        server.Clock.Advance(TimeSpan.FromMinutes(6));
        (await AskAsync(client, key)).Ok();
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{ "keys": {} }""")]
    [InlineData(
        """{ "keys": [1, null, "x", {}, { "kty": 7 }, { "kty": "oct", "k": "AAAA" }, { "kty": "EC", "crv": "P-256", "x": "A", "y": "B" }] }"""
    )]
    [Trait("spec", "RFC 7517 5")]
    public async Task What_is_no_key_set_holds_no_keys(string body)
    {
        using var key = new ClientKey();
        await using var site = await KeySite.StartAsync(body);
        var client = await server.Given.ClientAsync(At(site));

        Refused(await AskAsync(client, key));
    }

    private static ClientMetadata At(KeySite site) => ClientKey.Service() with { Jwks = null, JwksUri = site.Uri };

    private static void Refused(Page page) => page.IsError("invalid_client", HttpStatusCode.Unauthorized);

    /// <summary>Asks for a token with an assertion that is signed by this key.</summary>
    private async Task<Page> AskAsync(GivenClient client, ClientKey key)
    {
        using var app = server.NewBrowser();
        return await app.PostAsync(
            RelyingParty.TokenPath,
            new Dictionary<string, string>
            {
                ["grant_type"] = "client_credentials",
                ["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                ["client_assertion"] = key.Sign(ClientKey.Claims(client.ClientId, server.Issuer, server.Now)),
            }
        );
    }
}
