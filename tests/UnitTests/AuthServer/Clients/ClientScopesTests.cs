using AuthServer.Clients;

namespace UnitTests.AuthServer.Clients;

public sealed class ClientScopesTests
{
    [Theory]
    [InlineData(null, null, "openid profile email phone address offline_access")]
    [InlineData("openid  email openid", null, "openid email")]
    [InlineData("openid professional", null, "openid professional")]
    [InlineData("openid email", "email,professional", "email")]
    [InlineData(null, "openid,professional", "openid")]
    [InlineData("", null, "")]
    [InlineData("openid", "", "")]
    public void A_client_may_ask_for_what_is_registered_and_not_taken_away(
        string? scope,
        string? allowed,
        string expected
    )
    {
        var metadata = new ClientMetadata
        {
            Scope = scope,
            AllowedScopes = allowed?.Split(',', StringSplitOptions.RemoveEmptyEntries),
        };

        Assert.Equal(expected, string.Join(' ', ClientScopes.AllowedFor(metadata)));
    }
}
