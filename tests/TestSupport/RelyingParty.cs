using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Xunit;

namespace TestSupport;

/// <summary>One authorization request: what the app remembers until the person comes back.</summary>
internal sealed record AuthorizeAttempt(string Url, string State, string Nonce, string Verifier);

/// <summary>An app, as small as it can be: the code flow with PKCE, by the book.</summary>
internal sealed class RelyingParty(AuthServerFixture server, GivenClient client)
{
    public const string AuthorizePath = "/connect/authorize";
    public const string TokenPath = "/connect/token";
    public const string UserInfoPath = "/connect/userinfo";

    public GivenClient Client => client;

    public string RedirectUri => client.Metadata.RedirectUris[0];

    /// <summary>A new authorization request, fresh state, nonce and verifier.</summary>
    /// <param name="scope">Space separated.</param>
    /// <param name="more">Further parameters; they replace the usual ones, and null takes one away.</param>
    public AuthorizeAttempt Authorize(string scope = "openid", IReadOnlyDictionary<string, string?>? more = null)
    {
        var (state, nonce, verifier) = (Random(), Random(), Random());
        var parameters = new Dictionary<string, string?>
        {
            ["response_type"] = "code",
            ["client_id"] = client.ClientId,
            ["redirect_uri"] = RedirectUri,
            ["scope"] = scope,
            ["state"] = state,
            ["nonce"] = nonce,
            ["code_challenge"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier))),
            ["code_challenge_method"] = "S256",
        };
        foreach (var (name, value) in more ?? new Dictionary<string, string?>())
        {
            parameters[name] = value;
        }

        var query = Query.Of(
            parameters.Where(p => p.Value is not null).Select(p => KeyValuePair.Create(p.Key, p.Value!))
        );
        return new AuthorizeAttempt($"{AuthorizePath}?{query}", state, nonce, verifier);
    }

    /// <summary>
    /// Reads what came back to the redirect URI; anything but an answer to <paramref name="attempt"/> fails the test.
    /// </summary>
    public IReadOnlyDictionary<string, string> Callback(Page page, AuthorizeAttempt attempt)
    {
        Assert.True(page.Location is not null, $"No redirect to the app but {page}");
        Assert.Equal(RedirectUri, page.Location.GetLeftPart(UriPartial.Path));
        var answer = Query.Read(page.Location);
        Assert.Equal(attempt.State, answer["state"]);
        Assert.Equal(server.Issuer, answer["iss"]);
        return answer;
    }

    /// <summary>The whole way for a browser that is logged in: authorize, redeem, verify.</summary>
    public async Task<Tokens> SignInAsync(
        TestBrowser browser,
        string scope = "openid",
        IReadOnlyDictionary<string, string?>? more = null
    )
    {
        var attempt = Authorize(scope, more);
        var code = Callback(await browser.OpenAsync(attempt.Url), attempt)["code"];
        return await RedeemedAsync(code, attempt);
    }

    /// <summary>Redeems a code; anything but tokens, with an ID token that verifies, fails the test.</summary>
    public async Task<Tokens> RedeemedAsync(string code, AuthorizeAttempt attempt)
    {
        var answer = (await RedeemAsync(code, attempt.Verifier)).Ok();
        var idToken = answer.Json.GetProperty("id_token").GetString()!;
        return new Tokens(
            answer.Json.GetProperty("access_token").GetString()!,
            idToken,
            await VerifyIdTokenAsync(idToken, attempt.Nonce),
            answer.Json.TryGetProperty("refresh_token", out var refresh) ? refresh.GetString() : null
        );
    }

    public Task<Page> RedeemAsync(string code, string verifier) =>
        TokenAsync(
            new Dictionary<string, string>
            {
                ["grant_type"] = "authorization_code",
                ["code"] = code,
                ["redirect_uri"] = RedirectUri,
                ["code_verifier"] = verifier,
            }
        );

    public Task<Page> RefreshAsync(string refreshToken, string? scope = null)
    {
        var fields = new Dictionary<string, string>
        {
            ["grant_type"] = "refresh_token",
            ["refresh_token"] = refreshToken,
        };
        if (scope is not null)
        {
            fields["scope"] = scope;
        }

        return TokenAsync(fields);
    }

    /// <summary>Posts to the token endpoint, authenticated as this client is registered to.</summary>
    public Task<Page> TokenAsync(IReadOnlyDictionary<string, string> fields) => PostAsync(TokenPath, fields);

    /// <summary>Posts to an endpoint where clients authenticate.</summary>
    public async Task<Page> PostAsync(string path, IReadOnlyDictionary<string, string> fields)
    {
        var sent = new Dictionary<string, string>(fields);
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        switch (client.Metadata.TokenEndpointAuthMethod)
        {
            case null or "client_secret_basic":
                request.Headers.Authorization = Basic(client.ClientId, client.Secret!);
                break;
            case "client_secret_post":
                (sent["client_id"], sent["client_secret"]) = (client.ClientId, client.Secret!);
                break;
            default:
                sent["client_id"] = client.ClientId;
                break;
        }

        request.Content = new FormUrlEncodedContent(sent);
        using var app = server.NewBrowser();
        return await app.SendAsync(request);
    }

    public async Task<Page> UserInfoAsync(string accessToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, UserInfoPath);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        using var app = server.NewBrowser();
        return await app.SendAsync(request);
    }

    /// <summary>
    /// Checks an ID token as OIDC Core §3.1.3.7 tells the client to, with the keys that the server publishes.
    /// </summary>
    public async Task<JsonWebToken> VerifyIdTokenAsync(string idToken, string? nonce)
    {
        using var app = server.NewBrowser();
        var keys = (await app.GetAsync("/.well-known/jwks.json")).Ok();
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(
            idToken,
            new TokenValidationParameters
            {
                ValidIssuer = server.Issuer,
                ValidAudience = client.ClientId,
                IssuerSigningKeys = new JsonWebKeySet(keys.Body).GetSigningKeys(),
                ValidAlgorithms = [client.Metadata.IdTokenSignedResponseAlg],
                LifetimeValidator = (_, expires, _, _) => expires > server.Now.UtcDateTime,
            }
        );

        Assert.True(result.IsValid, result.Exception?.Message);
        var token = Assert.IsType<JsonWebToken>(result.SecurityToken);
        if (nonce is not null)
        {
            Assert.Equal(nonce, token.GetPayloadValue<string>("nonce"));
        }

        return token;
    }

    /// <summary>RFC 6749 §2.3.1: both halves are form-encoded before they are joined.</summary>
    public static AuthenticationHeaderValue Basic(string clientId, string secret) =>
        new(
            "Basic",
            Convert.ToBase64String(
                Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(clientId)}:{Uri.EscapeDataString(secret)}")
            )
        );

    private static string Random() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
}

/// <summary>What an app holds after a sign-in.</summary>
internal sealed record Tokens(string AccessToken, string IdToken, JsonWebToken Claims, string? RefreshToken);
