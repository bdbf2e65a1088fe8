using AuthServer.Protocol.Claims;

namespace UnitTests.AuthServer.Protocol.Claims;

public sealed class ScopesTests
{
    [Theory]
    [InlineData(null, "")]
    [InlineData("", "")]
    [InlineData("   ", "")]
    [InlineData("openid", "openid")]
    [InlineData("  profile   openid profile", "profile openid")]
    [InlineData("OpenID openid", "OpenID openid")]
    [Trait("oidc", "A22")]
    [Trait("spec", "RFC 6749 3.3")]
    public void A_scope_is_a_list_in_its_order_without_repeats(string? scope, string list)
    {
        Assert.Equal(list, Scopes.Join(Scopes.Split(scope)));
    }
}
