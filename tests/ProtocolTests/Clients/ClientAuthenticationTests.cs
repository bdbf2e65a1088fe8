using System.Net;
using System.Net.Http.Headers;
using System.Text;
using AuthServer.Clients;
using Microsoft.Extensions.DependencyInjection;
using TestSupport;

namespace ProtocolTests.Clients;

[Trait("oidc", "T1")]
[Trait("spec", "RFC 6749 2.3.1")]
public sealed class ClientAuthenticationTests(AuthServerFixture server) : IClassFixture<AuthServerFixture>
{
    [Fact]
    public async Task client_secret_basic_is_form_encoded_inside_base64()
    {
        var client = await MachineAsync("client_secret_basic", secret: "a+b%20c:d/0123456789abcdef0123456789");

        var answer = await AskAsync(Basic(client.ClientId, Uri.EscapeDataString(client.Secret ?? "")));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }

    [Fact]
    public async Task A_secret_that_was_not_form_encoded_is_taken_as_it_came()
    {
        var client = await MachineAsync("client_secret_basic", secret: "a+b%20c:d/0123456789abcdef0123456789");

        var answer = await AskAsync(Basic(client.ClientId, client.Secret));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }

    [Fact]
    public async Task client_secret_post_is_two_fields_of_the_form()
    {
        var client = await MachineAsync("client_secret_post");

        var answer = await AskAsync(null, ("client_id", client.ClientId), ("client_secret", client.Secret));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }

    [Fact]
    public async Task A_public_client_just_names_itself()
    {
        var client = await server.Given.ClientAsync(
            new ClientMetadata { RedirectUris = [Given.RedirectUri], TokenEndpointAuthMethod = "none" }
        );

        var answer = await AskAsync(
            null,
            ("client_id", client.ClientId),
            ("client_secret", ""),
            ("grant_type", "authorization_code"),
            ("code", "x"),
            ("redirect_uri", Given.RedirectUri),
            ("code_verifier", new string('v', 43))
        );

        Assert.Equal("invalid_grant", answer.Error); // so it was known, and its code was not
    }

    [Fact]
    [Trait("spec", "RFC 6749 2.3")]
    public async Task More_than_one_method_at_once_is_an_invalid_request()
    {
        var client = await MachineAsync("client_secret_basic");

        var both = await AskAsync(
            Basic(client.ClientId, client.Secret),
            ("client_id", client.ClientId),
            ("client_secret", client.Secret)
        );
        var twoIds = await AskAsync(Basic(client.ClientId, client.Secret), ("client_id", "another"));
        var sameId = await AskAsync(Basic(client.ClientId, client.Secret), ("client_id", client.ClientId));

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (both.Status, both.Error));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (twoIds.Status, twoIds.Error));
        Assert.Equal(HttpStatusCode.OK, sameId.Status);
    }

    [Fact]
    [Trait("oidc", "N6")]
    public async Task A_method_that_is_not_registered_is_refused_with_the_right_secret_too()
    {
        var basic = await MachineAsync("client_secret_basic");
        var post = await MachineAsync("client_secret_post");

        var basicAsPost = await AskAsync(null, ("client_id", basic.ClientId), ("client_secret", basic.Secret));
        var postAsBasic = await AskAsync(Basic(post.ClientId, post.Secret));
        var basicAsNone = await AskAsync(null, ("client_id", basic.ClientId));

        Assert.All(
            [basicAsPost, postAsBasic, basicAsNone],
            answer => Assert.Equal((HttpStatusCode.Unauthorized, "invalid_client"), (answer.Status, answer.Error))
        );
    }

    [Fact]
    public async Task An_unknown_client_and_a_wrong_secret_look_alike()
    {
        var client = await MachineAsync("client_secret_basic");

        var wrong = await AskAsync(Basic(client.ClientId, "wrong"));
        var empty = await AskAsync(Basic(client.ClientId, ""));
        var unknown = await AskAsync(Basic("nobody", client.Secret));

        Assert.Equal(HttpStatusCode.Unauthorized, wrong.Status);
        Assert.Equal(wrong, unknown);
        Assert.Equal(wrong, empty);
    }

    [Fact]
    [Trait("oidc", "T7")]
    [Trait("spec", "RFC 6749 5.2")]
    public async Task A_refused_Authorization_header_is_answered_with_a_challenge()
    {
        var refused = await AskAsync(Basic("nobody", "wrong"));
        var otherScheme = await AskAsync(new AuthenticationHeaderValue("Bearer", "abc"));

        Assert.StartsWith("Basic", refused.Challenge, StringComparison.Ordinal);
        Assert.StartsWith("Basic", otherScheme.Challenge, StringComparison.Ordinal);
        Assert.Equal("invalid_client", otherScheme.Error);
    }

    [Fact]
    public async Task Nobody_at_all_is_an_invalid_client()
    {
        var answer = await AskAsync(null);

        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_client"), (answer.Status, answer.Error));
    }

    [Fact]
    public async Task A_secret_never_reaches_the_log()
    {
        var client = await MachineAsync("client_secret_basic");
        await AskAsync(Basic(client.ClientId, client.Secret));
        await AskAsync(Basic(client.ClientId, "a-wrong-secret-that-was-typed"));

        Assert.DoesNotContain(
            server.Log.Lines,
            line =>
                line.Text.Contains(client.Secret ?? "", StringComparison.Ordinal)
                || line.Text.Contains("a-wrong-secret-that-was-typed", StringComparison.Ordinal)
        );
    }

    private async Task<GivenClient> MachineAsync(string method, string? secret = null)
    {
        var described = new DescribedClient(
            new ClientMetadata
            {
                GrantTypes = ["client_credentials"],
                TokenEndpointAuthMethod = method,
                Scope = "api",
            },
            ClientSecret: secret
        );
        var outcome = await server.InScopeAsync(services =>
            services
                .GetRequiredService<RegisterClient>()
                .HandleAsync(new RegisterClientCommand([described], "test"), CancellationToken.None)
        );
        var written = Assert.Single(Assert.IsType<ClientRegistration.Registered>(outcome).Clients);
        return new GivenClient(written.Client.ClientId, written.Secret, written.Client.Metadata);
    }

    private async Task<Answer> AskAsync(
        AuthenticationHeaderValue? authorization,
        params (string Name, string? Value)[] fields
    )
    {
        var form = fields.ToDictionary(field => field.Name, field => field.Value ?? "");
        form.TryAdd("grant_type", "client_credentials");
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Issuer + "/connect/token");
        request.Content = new FormUrlEncodedContent(form);
        request.Headers.Authorization = authorization;
        var response = await http.SendAsync(request);
        var json = System.Text.Json.JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        return new Answer(
            response.StatusCode,
            json.TryGetProperty("error", out var error) ? error.GetString() : null,
            json.TryGetProperty("error_description", out var description) ? description.GetString() : null,
            response.Headers.WwwAuthenticate.ToString()
        );
    }

    private static AuthenticationHeaderValue Basic(string id, string? secret) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{id}:{secret}")));

    private sealed record Answer(HttpStatusCode Status, string? Error, string? Description, string Challenge);
}
