using System.Text;
using AuthServer.Protocol;
using Microsoft.AspNetCore.Http;

namespace UnitTests.AuthServer.Protocol;

/// <summary>How parameters are read (RFC 6749 §3.1, §3.2).</summary>
[Trait("spec", "RFC 6749 3.1")]
public sealed class ParametersTests
{
    [Fact]
    public void An_empty_parameter_is_one_that_was_left_out()
    {
        var parameters = Read("scope=&state=x");

        Assert.Null(parameters["scope"]);
        Assert.Equal("x", parameters["state"]);
        Assert.Null(parameters["nonce"]);
    }

    [Fact]
    public void Every_parameter_that_is_there_twice_is_known()
    {
        var parameters = Read("a=1&a=2&b=1&c=&c=2");

        Assert.Equal("a", parameters.Repeated);
        Assert.True(parameters.IsRepeated("c"));
        Assert.False(parameters.IsRepeated("b"));
        Assert.Equal("1", parameters["a"]);
    }

    [Fact]
    [Trait("spec", "RFC 8707 2")]
    public void Only_resource_may_be_there_twice()
    {
        var parameters = Read("resource=https://a&resource=https://b");

        Assert.Null(parameters.Repeated);
        Assert.Equal(["https://a", "https://b"], parameters.Resources);
    }

    [Fact]
    [Trait("oidc", "N4")]
    public void Names_are_case_sensitive()
    {
        var parameters = Read("state=a&State=b");

        Assert.Null(parameters.Repeated);
        Assert.Equal("a", parameters["state"]);
        Assert.Equal("b", parameters["State"]);
    }

    [Theory]
    [InlineData("state=a%00b")]
    [InlineData("%00=a")]
    public void A_parameter_that_is_not_text_is_refused(string query)
    {
        Assert.False(Parameters.Parse(query).TryGet(out _, out var error));
        Assert.Equal("invalid_request", error.Code);
    }

    private static Parameters Read(string query) =>
        Parameters.Parse(query).TryGet(out var parameters, out _)
            ? parameters
            : throw new InvalidOperationException("They cannot be read.");

    [Theory]
    [InlineData("application/x-www-form-urlencoded", true)]
    [InlineData("application/x-www-form-urlencoded; charset=UTF-8", true)]
    [InlineData("Application/X-WWW-Form-UrlEncoded", true)]
    [InlineData("multipart/form-data; boundary=x", false)]
    [InlineData("application/json", false)]
    [InlineData("application/x-www-form-urlencoded; =;", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public async Task Only_a_form_is_read(string? type, bool read)
    {
        var http = new DefaultHttpContext();
        http.Request.ContentType = type;
        http.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes("a=1+2%26"));

        var result = await Parameters.ReadFormAsync(http.Request, CancellationToken.None);

        Assert.Equal(read, result.TryGet(out var form, out var error));
        Assert.Equal(read ? "1 2&" : null, form?["a"]);
        Assert.Equal(read ? null : "invalid_request", error?.Code);
    }

    [Theory]
    [InlineData("a=1&a=2", "The parameter 'a' must not appear more than once.")]
    [InlineData("%22%0d%0a=1&%22%0d%0a=2", "The parameter '(one with an odd name)' must not appear more than once.")]
    [Trait("oidc", "X2")]
    [Trait("spec", "RFC 6749 5.2")]
    public async Task A_repeated_field_is_named_only_when_its_name_is_harmless(string body, string description)
    {
        var http = new DefaultHttpContext();
        http.Request.ContentType = "application/x-www-form-urlencoded";
        http.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));

        Assert.False(
            (await Parameters.ReadFormAsync(http.Request, CancellationToken.None)).TryGet(out _, out var error)
        );

        Assert.Equal(description, error.Description);
    }
}
