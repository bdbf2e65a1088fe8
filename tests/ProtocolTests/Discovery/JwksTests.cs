using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using TestSupport;

namespace ProtocolTests.Discovery;

public sealed class JwksTests(AuthServerFixture server) : IClassFixture<AuthServerFixture>
{
    [Fact]
    [Trait("oidc", "J1")]
    public async Task It_holds_public_keys_only_in_the_members_of_their_type()
    {
        var keys = await KeysAsync();

        Assert.Equal(
            ["alg crv kid kty use x y", "alg e kid kty n use"],
            keys.Select(key =>
                    string.Join(' ', key.EnumerateObject().Select(m => m.Name).Order(StringComparer.Ordinal))
                )
                .Order()
        );
        Assert.All(
            keys.SelectMany(key => key.EnumerateObject()),
            m => Assert.Matches("^[A-Za-z0-9_-]+$", m.Value.GetString())
        );
    }

    [Fact]
    [Trait("oidc", "J2")]
    public async Task Every_key_has_a_kid_of_its_own_and_says_what_it_is_for()
    {
        var keys = await KeysAsync();

        Assert.Equal(keys.Count, keys.Select(key => key.GetProperty("kid").GetString()).Distinct().Count());
        Assert.All(keys, key => Assert.Equal("sig", key.GetProperty("use").GetString()));
        Assert.Equal(["ES256", "RS256"], keys.Select(key => key.GetProperty("alg").GetString()).Order());
    }

    [Fact]
    [Trait("oidc", "X3")]
    public async Task It_is_JSON_that_anybody_may_read_and_keep_for_a_minute()
    {
        using var http = new HttpClient { BaseAddress = new Uri(server.Issuer) };

        var answer = await http.GetAsync("/.well-known/jwks.json");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.ToString());
        Assert.Equal("public, max-age=60", answer.Headers.CacheControl?.ToString());
        Assert.Equal("*", Assert.Single(answer.Headers.GetValues("Access-Control-Allow-Origin")));
    }

    [Fact]
    public async Task Who_has_it_already_is_not_sent_it_again()
    {
        using var http = new HttpClient { BaseAddress = new Uri(server.Issuer) };
        var first = await http.GetAsync("/.well-known/jwks.json");
        using var again = new HttpRequestMessage(HttpMethod.Get, "/.well-known/jwks.json");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag ?? new EntityTagHeaderValue("\"none\""));

        var answer = await http.SendAsync(again);

        Assert.Equal(HttpStatusCode.NotModified, answer.StatusCode);
    }

    [Fact]
    [Trait("oidc", "N5")]
    public async Task HEAD_answers_the_headers_and_POST_is_not_allowed()
    {
        using var http = new HttpClient { BaseAddress = new Uri(server.Issuer) };

        var head = await http.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/.well-known/jwks.json"));
        var post = await http.PostAsync("/.well-known/jwks.json", content: null);

        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.True(head.Content.Headers.ContentLength > 0);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, post.StatusCode);
    }

    private async Task<List<JsonElement>> KeysAsync()
    {
        using var http = new HttpClient();
        var jwks = JsonDocument.Parse(await http.GetStringAsync(server.Issuer + "/.well-known/jwks.json"));
        return [.. jwks.RootElement.GetProperty("keys").EnumerateArray()];
    }
}
