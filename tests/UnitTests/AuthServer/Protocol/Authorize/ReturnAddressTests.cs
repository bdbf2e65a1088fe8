using AuthServer.Protocol.Authorize;

namespace UnitTests.AuthServer.Protocol.Authorize;

/// <summary>The only way to an address that can be redirected to.</summary>
[Trait("oidc", "A2")]
[Trait("spec", "RFC 6749 4.1.2.1")]
public sealed class ReturnAddressTests
{
    [Theory]
    [InlineData(null, false)]
    [InlineData("query", false)]
    [InlineData("form_post", true)]
    [InlineData("dance", false)]
    public void A_registered_address_is_kept_with_state_and_mode(string? mode, bool formPost)
    {
        var request = Requests.Request(("state", " a&b "), ("response_mode", mode));

        Assert.True(ReturnAddress.For(Requests.Client(), request).TryGet(out var address, out _));

        Assert.Equal((Requests.RedirectUri, " a&b ", formPost), (address.Uri, address.State, address.FormPost));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("https://elsewhere.example.test/callback")]
    public void Anything_else_is_an_error(string? uri)
    {
        Assert.False(
            ReturnAddress.For(Requests.Client(), Requests.Request(("redirect_uri", uri))).TryGet(out _, out var error)
        );

        Assert.Equal("invalid_request", error.Code);
    }

    [Fact]
    public void Two_addresses_are_none()
    {
        var request = new AuthorizeRequest(
            Requests.Read(("a", ["1", "2"]), ("redirect_uri", [Requests.RedirectUri, Requests.RedirectUri]))
        );

        Assert.False(ReturnAddress.For(Requests.Client(), request).TryGet(out _, out _));
    }
}
