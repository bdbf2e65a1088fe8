using System.Net;
using System.Text;
using TestSupport;

namespace ProtocolTests.Token;

/// <summary>What the token endpoint refuses, and how (RFC 6749 §5.2).</summary>
[Trait("oidc", "T7")]
[Trait("spec", "RFC 6749 5.2")]
public sealed class TokenEndpointTests(AuthServerFixture server) : IClassFixture<AuthServerFixture>
{
    [Theory]
    [InlineData(null, "invalid_request")]
    [InlineData("", "invalid_request")]
    [InlineData("password", "unsupported_grant_type")]
    [InlineData("urn:ietf:params:oauth:grant-type:jwt-bearer", "unsupported_grant_type")]
    [InlineData("Authorization_Code", "unsupported_grant_type")]
    [InlineData("client_credentials", "unauthorized_client")]
    public async Task A_grant_type_that_is_missing_unknown_or_not_the_clients_is_refused(
        string? grantType,
        string error
    )
    {
        var app = await server.Given.RelyingPartyAsync();
        var fields = grantType is null ? [] : new Dictionary<string, string> { ["grant_type"] = grantType };

        (await app.TokenAsync(fields)).IsError(error);
    }

    [Theory]
    [InlineData("authorization_code")]
    [InlineData("refresh_token")]
    [InlineData("urn:ietf:params:oauth:grant-type:device_code")]
    [InlineData("urn:ietf:params:oauth:grant-type:token-exchange")]
    public async Task A_grant_without_what_proves_it_is_invalid_request(string grantType)
    {
        var app = await server.Given.RelyingPartyAsync();

        (await app.TokenAsync(new Dictionary<string, string> { ["grant_type"] = grantType })).IsError(
            "invalid_request"
        );
    }

    [Theory]
    [InlineData("grant_type=refresh_token&grant_type=refresh_token&refresh_token=x", "invalid_request")]
    [InlineData("grant_type=refresh_token&refresh_token=x&refresh_token=y", "invalid_request")]
    [InlineData("grant_type=refresh_token&refresh_token=x&%22%5C=1&%22%5C=2", "invalid_request")]
    [InlineData(
        "grant_type=refresh_token&refresh_token=x&resource=https%3A%2F%2Fa&resource=https%3A%2F%2Fb",
        "invalid_grant"
    )]
    [InlineData("grant_type=refresh_token&refresh_token=x&extra=foobar", "invalid_grant")]
    [Trait("oidc", "X7")]
    [Trait("oidc", "X2")]
    [Trait("spec", "RFC 6749 3.2")]
    public async Task A_parameter_that_is_there_twice_is_refused_and_an_unknown_one_ignored(string body, string error)
    {
        (await SendAsync(new StringContent(body, Encoding.UTF8, "application/x-www-form-urlencoded"))).IsError(error);
    }

    [Theory]
    [InlineData(RelyingParty.TokenPath, "grant_type")]
    [InlineData("/connect/introspect", "token")]
    [InlineData("/connect/revoke", "token")]
    [InlineData("/connect/par", "state")]
    [InlineData("/connect/device", "scope")]
    [Trait("oidc", "X2")]
    [Trait("spec", "RFC 6749 3.2")]
    public async Task At_every_endpoint_that_takes_a_form_a_repeated_parameter_is_named(string path, string name)
    {
        using var app = server.NewBrowser();

        var page = await app.PostAsync(path, [new(name, "x"), new(name, "x")]);

        page.IsError("invalid_request");
        Assert.Equal(
            $"The parameter '{name}' must not appear more than once.",
            page.Json.GetProperty("error_description").GetString()
        );
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/x-www-form-urlencoded; charset=utf-7")]
    [InlineData("text/plain")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("application/x-www-form-urlencoded-not")]
    [InlineData("application/x-www-form-urlencoded; =;")]
    [InlineData(null)]
    public async Task A_body_of_another_type_is_invalid_request(string? type)
    {
        var content = new ByteArrayContent("grant_type=refresh_token&refresh_token=x"u8.ToArray());
        if (type is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        (await SendAsync(content)).IsError("invalid_request");
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded; charset=UTF-8")]
    [InlineData("APPLICATION/X-WWW-FORM-URLENCODED")]
    [InlineData("application/x-www-form-urlencoded; charset=nonsense")]
    public async Task A_charset_and_capitals_in_the_type_do_no_harm(string type)
    {
        var content = new ByteArrayContent("grant_type=refresh_token&refresh_token=x"u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", type);

        (await SendAsync(content)).IsError("invalid_grant");
    }

    [Theory]
    [InlineData("GET", RelyingParty.TokenPath)]
    [InlineData("PUT", RelyingParty.TokenPath)]
    [InlineData("DELETE", RelyingParty.TokenPath)]
    [InlineData("GET", "/connect/introspect")]
    [InlineData("GET", "/connect/revoke")]
    [InlineData("PUT", "/connect/authorize")]
    [InlineData("DELETE", "/connect/userinfo")]
    [InlineData("PATCH", "/connect/endsession")]
    [InlineData("POST", "/.well-known/openid-configuration")]
    [InlineData("POST", "/.well-known/jwks.json")]
    public async Task Another_method_than_the_endpoints_is_405(string method, string path)
    {
        using var browser = server.NewBrowser();

        var page = await browser.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        Assert.Equal(HttpStatusCode.MethodNotAllowed, page.Status);
        Assert.NotEmpty(page.Headers["Allow"]);
    }

    [Theory]
    [InlineData("GET", RelyingParty.TokenPath)]
    [InlineData("PUT", RelyingParty.UserInfoPath)]
    [InlineData("GET", "/connect/introspect")]
    [InlineData("DELETE", "/connect/revoke")]
    [Trait("spec", "RFC 9110 15.5.6")]
    public async Task A_program_that_uses_another_method_is_told_so_in_json(string method, string path)
    {
        using var browser = server.NewBrowser();

        var page = await browser.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        page.IsError("invalid_request", HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    [Trait("spec", "RFC 9110 15.5.14")]
    public async Task A_program_that_sends_too_much_is_told_so_in_json()
    {
        var page = await SendAsync(
            new StringContent("x=" + new string('x', 70_000), Encoding.UTF8, "application/x-www-form-urlencoded")
        );

        page.IsError("invalid_request", HttpStatusCode.RequestEntityTooLarge);
    }

    private async Task<Page> SendAsync(HttpContent content)
    {
        var client = await server.Given.ClientAsync();
        using var app = server.NewBrowser();
        var request = new HttpRequestMessage(HttpMethod.Post, RelyingParty.TokenPath) { Content = content };
        request.Headers.Authorization = RelyingParty.Basic(client.ClientId, client.Secret!);
        return await app.SendAsync(request);
    }
}
