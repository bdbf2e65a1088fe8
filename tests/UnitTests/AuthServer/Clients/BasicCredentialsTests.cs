using System.Text;
using AuthServer.Clients;

namespace UnitTests.AuthServer.Clients;

[Trait("oidc", "T1")]
[Trait("spec", "RFC 6749 2.3.1")]
public sealed class BasicCredentialsTests
{
    [Theory]
    [InlineData("app:secret", "app", "secret")]
    [InlineData("my+app:a%3Ab%2Bc", "my app", "a:b+c")]
    [InlineData("app:with:colons", "app", "with:colons")]
    [InlineData("app:", "app", "")]
    [InlineData("caf%C3%A9:s", "café", "s")]
    public void Id_and_secret_are_form_decoded(string pair, string id, string secret)
    {
        var read = BasicCredentials.Read(Header(pair));

        Assert.NotNull(read);
        Assert.Equal((id, secret), (read.ClientId, read.Secret));
    }

    [Theory]
    [InlineData("basic")]
    [InlineData("BASIC")]
    [InlineData("Basic  ")]
    public void The_scheme_is_known_in_any_case_and_with_spaces(string scheme) =>
        Assert.NotNull(BasicCredentials.Read(scheme + " " + Convert.ToBase64String("a:b"u8)));

    [Theory]
    [InlineData("Basic")]
    [InlineData("Basic ")]
    [InlineData("Basic ***")]
    [InlineData("Basic YTpi=")]
    [InlineData("Basicx YTpi")]
    [InlineData("Bearer YTpi")]
    [InlineData("Basic YWI=")] // "ab": no colon
    [InlineData("Basic /zo6")] // not UTF-8
    [InlineData("Basic YTpi,Basic YTpi")]
    public void Anything_else_is_no_credentials(string header) => Assert.Null(BasicCredentials.Read(header));

    private static string Header(string pair) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(pair));
}
