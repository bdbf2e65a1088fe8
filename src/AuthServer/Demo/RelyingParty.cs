using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AuthServer.Protocol;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AuthServer.Demo;

/// <summary>
/// What the app must remember between sending a browser away and getting it back (RFC 6749 §10.12, RFC 7636, OIDC Core
/// §15.5.2).
/// </summary>
internal sealed record LogInUnderWay(string State, string Nonce, string Verifier);

/// <summary>What the app got for a person: the tokens as they came, and what they were proved to say.</summary>
internal sealed record LoggedInPerson(
    string IdToken,
    string AccessToken,
    string? RefreshToken,
    string Subject,
    JsonObject UserInfo
);

/// <summary>
/// The server's answer was not what the standard asks for, or it was an error. The message is for the app's developer.
/// </summary>
internal sealed class RelyingPartyException(string message) : Exception(message);

/// <summary>
/// The demo app's half of OpenID Connect: an honest relying party that knows nothing of this server but its issuer URL,
/// and talks to it over HTTP like any other. It is kept small to be read; an app of yours uses a library.
/// </summary>
internal sealed class RelyingParty(IOptions<ProtocolOptions> options) : IDisposable
{
    public const string ClientId = "demo";

    /// <summary>No secret at all: it is printed here. The app exists in Development only.</summary>
    public const string ClientSecret = "demo-app-secret-that-everybody-knows-0123456789";

    public const string Scope = "openid profile email phone address professional";

    // Away from Development this class is not registered; there, a developer's own certificate on loopback will do.
    private readonly HttpClient _http = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            SslOptions =
            {
                RemoteCertificateValidationCallback = (_, _, _, _) => new Uri(options.Value.Issuer).IsLoopback,
            },
        }
    );

    private string Issuer => options.Value.Issuer;

    /// <summary>The app's first page.</summary>
    public string HomeUri => Issuer + "/demo";

    /// <summary>Where the server sends the browser back to; registered.</summary>
    public string RedirectUri => Issuer + "/demo/callback";

    /// <summary>Where the server sends the browser after a log-out; registered.</summary>
    public string PostLogoutRedirectUri => Issuer + "/demo/left";

    /// <summary>Begins a log-in.</summary>
    /// <returns>Where to send the browser, and what to remember until it comes back.</returns>
    public async Task<(string Address, LogInUnderWay UnderWay)> StartAsync(CancellationToken cancellationToken)
    {
        var server = await DiscoverAsync(cancellationToken);
        var underWay = new LogInUnderWay(Random(), Random(), Random());
        var challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(underWay.Verifier)));
        return (
            QueryHelpers.AddQueryString(
                Text(server, "authorization_endpoint"),
                new Dictionary<string, string?>
                {
                    ["response_type"] = "code",
                    ["client_id"] = ClientId,
                    ["redirect_uri"] = RedirectUri,
                    ["scope"] = Scope,
                    ["state"] = underWay.State,
                    ["nonce"] = underWay.Nonce,
                    ["code_challenge"] = challenge,
                    ["code_challenge_method"] = "S256",
                }
            ),
            underWay
        );
    }

    /// <summary>
    /// Ends a log-in: checks the answer, trades the code for tokens, proves the ID token, asks for the claims.
    /// </summary>
    /// <param name="answer">The callback's query.</param>
    /// <param name="underWay">What was remembered of this browser.</param>
    public async Task<LoggedInPerson> FinishAsync(
        IQueryCollection answer,
        LogInUnderWay underWay,
        CancellationToken cancellationToken
    )
    {
        if (answer["state"] != underWay.State)
        {
            throw new RelyingPartyException(
                "The state is not the one that this browser was sent away with (RFC 6749 §10.12)."
            );
        }

        var server = await DiscoverAsync(cancellationToken);
        if (answer["iss"] != Issuer)
        {
            throw new RelyingPartyException("The answer comes from another issuer (RFC 9207 §2.4).");
        }

        if (answer["error"].ToString() is { Length: > 0 } error)
        {
            throw new RelyingPartyException($"{error}: {answer["error_description"]}");
        }

        var tokens = await TokensAsync(
            server,
            new Dictionary<string, string>
            {
                ["grant_type"] = "authorization_code",
                ["code"] = answer["code"].ToString(),
                ["redirect_uri"] = RedirectUri,
                ["code_verifier"] = underWay.Verifier,
            },
            cancellationToken
        );
        var idToken = await ProveAsync(server, Text(tokens, "id_token"), cancellationToken);
        if (idToken.GetClaim("nonce").Value != underWay.Nonce)
        {
            throw new RelyingPartyException("The nonce is not the one that was sent (OIDC Core §3.1.3.7).");
        }

        return await PersonAsync(server, tokens, idToken, null, cancellationToken);
    }

    /// <summary>Gets fresh tokens for a person (OIDC Core §12).</summary>
    public async Task<LoggedInPerson> RefreshAsync(LoggedInPerson person, CancellationToken cancellationToken)
    {
        var server = await DiscoverAsync(cancellationToken);
        var tokens = await TokensAsync(
            server,
            new Dictionary<string, string>
            {
                ["grant_type"] = "refresh_token",
                ["refresh_token"] =
                    person.RefreshToken ?? throw new RelyingPartyException("There is no refresh token."),
            },
            cancellationToken
        );
        var idToken = await ProveAsync(
            server,
            tokens["id_token"]?.GetValue<string>() ?? person.IdToken,
            cancellationToken
        );
        return idToken.Subject == person.Subject
            ? await PersonAsync(server, tokens, idToken, person.RefreshToken, cancellationToken)
            : throw new RelyingPartyException("The refreshed tokens are somebody else's (OIDC Core §12.2).");
    }

    /// <summary>Asks for the claims again.</summary>
    public async Task<LoggedInPerson> AskAgainAsync(LoggedInPerson person, CancellationToken cancellationToken)
    {
        var server = await DiscoverAsync(cancellationToken);
        return person with
        {
            UserInfo = await UserInfoAsync(server, person.AccessToken, person.Subject, cancellationToken),
        };
    }

    /// <summary>Where to send the browser to log the person out here and there (OIDC RP-Initiated Logout §2).</summary>
    public async Task<(string Address, string State)> LogOutAsync(
        LoggedInPerson person,
        CancellationToken cancellationToken
    )
    {
        var server = await DiscoverAsync(cancellationToken);
        var state = Random();
        return (
            QueryHelpers.AddQueryString(
                Text(server, "end_session_endpoint"),
                new Dictionary<string, string?>
                {
                    ["id_token_hint"] = person.IdToken,
                    ["post_logout_redirect_uri"] = PostLogoutRedirectUri,
                    ["state"] = state,
                }
            ),
            state
        );
    }

    public void Dispose() => _http.Dispose();

    private async Task<JsonObject> DiscoverAsync(CancellationToken cancellationToken)
    {
        var server = await JsonAsync(
            new HttpRequestMessage(HttpMethod.Get, Issuer + "/.well-known/openid-configuration"),
            cancellationToken
        );
        return Text(server, "issuer") == Issuer
            ? server
            : throw new RelyingPartyException("The discovery document is another issuer's (OIDC Discovery §4.3).");
    }

    private async Task<JsonObject> TokensAsync(
        JsonObject server,
        Dictionary<string, string> grant,
        CancellationToken cancellationToken
    )
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Text(server, "token_endpoint"))
        {
            Content = new FormUrlEncodedContent(grant),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "Basic",
            Convert.ToBase64String(Encoding.ASCII.GetBytes($"{ClientId}:{ClientSecret}"))
        );
        return await JsonAsync(request, cancellationToken);
    }

    // OIDC Core §3.1.3.7: signed by the issuer, for this app, now.
    private async Task<JsonWebToken> ProveAsync(JsonObject server, string idToken, CancellationToken cancellationToken)
    {
        var jwks = await JsonAsync(new HttpRequestMessage(HttpMethod.Get, Text(server, "jwks_uri")), cancellationToken);
        var proof = await new JsonWebTokenHandler().ValidateTokenAsync(
            idToken,
            new TokenValidationParameters
            {
                ValidIssuer = Issuer,
                ValidAudience = ClientId,
                ValidAlgorithms = [SecurityAlgorithms.RsaSha256],
                IssuerSigningKeys = new JsonWebKeySet(jwks.ToJsonString()).GetSigningKeys(),
                ClockSkew = TimeSpan.FromMinutes(1),
            }
        );
        return proof is { IsValid: true, SecurityToken: JsonWebToken token }
            ? token
            : throw new RelyingPartyException($"The ID token is not proved: {proof.Exception?.Message}");
    }

    private async Task<LoggedInPerson> PersonAsync(
        JsonObject server,
        JsonObject tokens,
        JsonWebToken idToken,
        string? refreshToken,
        CancellationToken cancellationToken
    )
    {
        var accessToken = Text(tokens, "access_token");
        var half = SHA256.HashData(Encoding.ASCII.GetBytes(accessToken)).AsSpan(0, 16);
        if (idToken.TryGetClaim("at_hash", out var hash) && hash.Value != Base64Url.EncodeToString(half))
        {
            throw new RelyingPartyException("The access token does not belong to the ID token (OIDC Core §3.1.3.8).");
        }

        return new LoggedInPerson(
            idToken.EncodedToken,
            accessToken,
            tokens["refresh_token"]?.GetValue<string>() ?? refreshToken,
            idToken.Subject,
            await UserInfoAsync(server, accessToken, idToken.Subject, cancellationToken)
        );
    }

    private async Task<JsonObject> UserInfoAsync(
        JsonObject server,
        string accessToken,
        string subject,
        CancellationToken cancellationToken
    )
    {
        var request = new HttpRequestMessage(HttpMethod.Get, Text(server, "userinfo_endpoint"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        var claims = await JsonAsync(request, cancellationToken);
        return Text(claims, "sub") == subject
            ? claims
            : throw new RelyingPartyException("The claims are somebody else's (OIDC Core §5.3.4).");
    }

    private async Task<JsonObject> JsonAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _http.SendAsync(request, cancellationToken);
            var body = await response.Content.ReadAsStringAsync(cancellationToken);
            return response.IsSuccessStatusCode && JsonNode.Parse(body) is JsonObject json
                ? json
                : throw new RelyingPartyException(
                    $"{request.RequestUri?.AbsolutePath} answered {(int)response.StatusCode}: {body}"
                );
        }
        catch (Exception e) when (e is HttpRequestException or JsonException)
        {
            throw new RelyingPartyException(
                $"{request.RequestUri?.GetLeftPart(UriPartial.Path)} cannot be read: {e.Message}"
            );
        }
        finally
        {
            request.Dispose();
        }
    }

    private static string Text(JsonObject json, string name) =>
        json[name]?.GetValue<string>() ?? throw new RelyingPartyException($"The answer lacks {name}.");

    private static string Random() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
}
