using System.Net;
using System.Net.Http.Headers;
using System.Text;
using AuthServer.Clients;
using Microsoft.EntityFrameworkCore;
using TestSupport;

namespace ProtocolTests.Token;

/// <summary>Clients say who they are in the one way they registered (RFC 6749 §2.3).</summary>
[Trait("oidc", "T1")]
[Trait("oidc", "T7")]
[Trait("spec", "RFC 6749 2.3.1")]
public sealed class ClientAuthenticationTests(AuthServerFixture server) : IClassFixture<AuthServerFixture>
{
    private const string OddId = "app:with space/and+more%";
    private const string OddSecret = "p@ss:w%rd+ü &=";

    [Theory]
    [InlineData("client_secret_basic")]
    [InlineData("client_secret_post")]
    [InlineData("none")]
    public async Task The_registered_method_works(string method)
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync(Metadata(method));

        Assert.NotNull((await app.SignInAsync(browser)).AccessToken);
    }

    [Theory]
    [InlineData("client_secret_basic", "client_secret_post")]
    [InlineData("client_secret_post", "client_secret_basic")]
    [InlineData("client_secret_basic", "none")]
    [InlineData("client_secret_post", "none")]
    [Trait("spec", "RFC 6749 5.2")]
    public async Task Another_method_than_the_registered_one_is_refused(string registered, string used)
    {
        var client = await server.Given.ClientAsync(Metadata(registered));
        var app = new RelyingParty(server, client with { Metadata = Metadata(used) });

        (await app.RefreshAsync("whatever")).IsError("invalid_client", HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Id_and_secret_are_form_decoded_after_base64()
    {
        var client = await OddClientAsync();
        var encoded = $"{WebUtility.UrlEncode(client.ClientId)}:{WebUtility.UrlEncode(client.Secret)}";

        var page = await SendAsync(new AuthenticationHeaderValue("Basic", Base64(encoded)));

        page.IsError("invalid_grant"); // the client was believed; its code was not
    }

    [Fact]
    public async Task A_secret_that_nobody_encoded_is_believed_too()
    {
        var client = await server.Given.ClientAsync(Metadata("client_secret_basic"));
        await AddSecretAsync(client.ClientId, "50%off+vat");

        var page = await SendAsync(new AuthenticationHeaderValue("Basic", Base64($"{client.ClientId}:50%off+vat")));

        page.IsError("invalid_grant");
    }

    [Fact]
    public async Task The_name_of_the_scheme_may_be_written_in_any_case()
    {
        var client = await server.Given.ClientAsync(Metadata("client_secret_basic"));

        var page = await SendAsync(
            new AuthenticationHeaderValue("bAsIc", Base64($"{client.ClientId}:{client.Secret}"))
        );

        page.IsError("invalid_grant");
    }

    [Theory]
    [InlineData("wrong")]
    [InlineData("")]
    [Trait("oidc", "N6")]
    [Trait("spec", "RFC 6749 5.2")]
    public async Task A_wrong_secret_is_401_with_a_challenge_when_the_header_was_used(string secret)
    {
        var client = await server.Given.ClientAsync(Metadata("client_secret_basic"));

        var page = await SendAsync(new AuthenticationHeaderValue("Basic", Base64($"{client.ClientId}:{secret}")));

        page.IsError("invalid_client", HttpStatusCode.Unauthorized);
        Assert.StartsWith("Basic ", page.Headers["WWW-Authenticate"], StringComparison.Ordinal);
    }

    [Fact]
    [Trait("spec", "RFC 6749 5.2")]
    public async Task A_wrong_secret_in_the_form_is_refused()
    {
        var client = await server.Given.ClientAsync(Metadata("client_secret_post"));
        var app = new RelyingParty(server, client with { Secret = "wrong" });

        (await app.RefreshAsync("whatever")).IsError("invalid_client", HttpStatusCode.Unauthorized);
    }

    [Fact]
    [Trait("spec", "RFC 6749 5.2")]
    public async Task An_unknown_client_looks_like_a_wrong_secret()
    {
        var known = await server.Given.ClientAsync(Metadata("client_secret_basic"));

        var wrong = await SendAsync(new AuthenticationHeaderValue("Basic", Base64($"{known.ClientId}:wrong")));
        var unknown = await SendAsync(new AuthenticationHeaderValue("Basic", Base64("nobody:wrong")));

        Assert.Equal(wrong.Body, unknown.Body);
        Assert.Equal(wrong.Status, unknown.Status);
        Assert.Equal(wrong.Headers["WWW-Authenticate"], unknown.Headers["WWW-Authenticate"]);
    }

    [Fact]
    [Trait("spec", "RFC 6749 5.2")]
    public async Task Nobody_at_all_is_invalid_client()
    {
        (await SendAsync(null)).IsError("invalid_client", HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("Basic", "%%%")]
    [InlineData("Basic", "bm9jb2xvbg==")]
    [InlineData("Basic", "//79")]
    [InlineData("Basic", "AAAA")]
    [InlineData("Bearer", "abc")]
    [Trait("spec", "RFC 6749 5.2")]
    public async Task A_header_that_makes_no_sense_is_invalid_client(string scheme, string parameter)
    {
        var page = await SendAsync(new AuthenticationHeaderValue(scheme, parameter));

        page.IsError("invalid_client", HttpStatusCode.Unauthorized);
        Assert.StartsWith("Basic ", page.Headers["WWW-Authenticate"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_methods_at_once_are_refused()
    {
        var client = await server.Given.ClientAsync(Metadata("client_secret_basic"));

        var page = await SendAsync(
            RelyingParty.Basic(client.ClientId, client.Secret!),
            new() { ["client_id"] = client.ClientId, ["client_secret"] = client.Secret! }
        );

        page.IsError("invalid_request");
    }

    [Fact]
    public async Task The_client_id_may_be_in_the_form_as_well_if_it_is_the_same()
    {
        var client = await server.Given.ClientAsync(Metadata("client_secret_basic"));
        var basic = RelyingParty.Basic(client.ClientId, client.Secret!);

        (await SendAsync(basic, new() { ["client_id"] = client.ClientId })).IsError("invalid_grant");
        (await SendAsync(basic, new() { ["client_id"] = "another" })).IsError("invalid_request");
    }

    [Fact]
    [Trait("oidc", "N6")]
    [Trait("spec", "RFC 6749 5.2")]
    public async Task The_right_secret_by_another_method_is_refused_with_the_name_of_the_registered_one()
    {
        var client = await server.Given.ClientAsync(Metadata("client_secret_post"));

        var page = await SendAsync(RelyingParty.Basic(client.ClientId, client.Secret!));

        page.IsError("invalid_client", HttpStatusCode.Unauthorized);
        Assert.Contains(
            "client_secret_post",
            page.Json.GetProperty("error_description").GetString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_secret_in_the_address_is_not_looked_at()
    {
        var client = await server.Given.ClientAsync(Metadata("client_secret_post"));
        using var app = server.NewBrowser();

        var page = await app.PostAsync(
            $"{RelyingParty.TokenPath}?client_id={client.ClientId}&client_secret={client.Secret}",
            new Dictionary<string, string> { ["grant_type"] = "refresh_token", ["refresh_token"] = "whatever" }
        );

        page.IsError("invalid_client", HttpStatusCode.Unauthorized);
    }

    private static ClientMetadata Metadata(string method) =>
        new()
        {
            RedirectUris = [Given.RedirectUri],
            GrantTypes = ["authorization_code", "refresh_token"],
            TokenEndpointAuthMethod = method,
        };

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private Task<GivenClient> OddClientAsync() =>
        server.Given.ClientAsync(Metadata("client_secret_basic"), OddId + Guid.NewGuid(), OddSecret);

    private Task<int> AddSecretAsync(string clientId, string secret) =>
        server.InDatabaseAsync(async db =>
        {
            var application = await db
                .Applications.Where(app => app.ClientId == clientId)
                .Select(app => app.Id)
                .SingleAsync();
            db.ClientSecrets.Add(ClientSecret.Of(application, secret, server.Now));
            return await db.SaveChangesAsync();
        });

    private async Task<Page> SendAsync(
        AuthenticationHeaderValue? authorization,
        Dictionary<string, string>? more = null
    )
    {
        using var app = server.NewBrowser();
        var fields = new Dictionary<string, string>(more ?? [])
        {
            ["grant_type"] = "authorization_code",
            ["code"] = "whatever",
            ["redirect_uri"] = Given.RedirectUri,
        };
        var request = new HttpRequestMessage(HttpMethod.Post, RelyingParty.TokenPath)
        {
            Content = new FormUrlEncodedContent(fields),
        };
        request.Headers.Authorization = authorization;
        return await app.SendAsync(request);
    }
}
