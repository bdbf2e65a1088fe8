using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Driver;

internal sealed record Tokens(string AccessToken, string? RefreshToken, string? IdToken);

/// <summary>One user agent plus one client: signs in once, then makes protocol requests. Used by one thread.</summary>
internal sealed class OidcSession(Config config, Endpoints endpoints, Http http, ClientConfig client, LoginConfig login)
{
    private readonly Browser _browser = new(http);
    private readonly string? _authorization = BasicHeader(client);
    private readonly string _authorizeBase =
        endpoints.Authorization.AbsoluteUri
        + (endpoints.Authorization.Query.Length > 0 ? "&" : "?")
        + Browser.Query([
            new("client_id", client.Id),
            new("response_type", "code"),
            new("redirect_uri", config.RedirectUri),
            new("scope", client.Scope ?? config.Scope),
            new("code_challenge_method", "S256"),
        ]);

    public int Requests => _browser.Requests;

    /// <summary>
    /// Signs in (and consents), ending with a session in which an authorization request answers with a code at once.
    /// </summary>
    public void SignIn()
    {
        var back =
            _browser.Walk(AuthorizeUrl(NewVerifier()), login, config.RedirectUri)
            ?? throw new InvalidOperationException("sign-in ended on a page with no form, not at the redirect URI");
        CodeOf(back);
    }

    /// <summary>One authorization request in the signed-in session; returns the code and the PKCE verifier.</summary>
    public (string Code, string Verifier) Authorize()
    {
        var verifier = NewVerifier();
        var reply = _browser.Get(AuthorizeUrl(verifier));
        if (!reply.IsRedirect || !reply.Location!.StartsWith(config.RedirectUri, StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"authorize: {reply}");
        }

        return (CodeOf(reply.Location), verifier);
    }

    public Tokens Redeem(string code, string verifier) =>
        Token(
            "code",
            $"grant_type=authorization_code&code={Uri.EscapeDataString(code)}&redirect_uri={Uri.EscapeDataString(config.RedirectUri)}&code_verifier={verifier}"
        );

    public Tokens Refresh(string refreshToken) =>
        Token("refresh", $"grant_type=refresh_token&refresh_token={Uri.EscapeDataString(refreshToken)}");

    public Tokens ClientCredentials() =>
        Token(
            "client_credentials",
            "grant_type=client_credentials" + (client.Scope is { } s ? "&scope=" + Uri.EscapeDataString(s) : "")
        );

    public void UserInfo(string accessToken)
    {
        var reply = http.Get(endpoints.UserInfo!, $"Authorization: Bearer {accessToken}\r\n");
        if (reply.Status != 200 || reply.Body.AsSpan().IndexOf("\"sub\""u8) < 0)
        {
            throw new InvalidOperationException($"userinfo: {reply}");
        }
    }

    public void Introspect(string token)
    {
        var reply = http.PostForm(
            endpoints.Introspection!,
            Credentials($"token={Uri.EscapeDataString(token)}"),
            _authorization
        );
        using var json =
            reply.Status == 200
                ? JsonDocument.Parse(reply.Body)
                : throw new InvalidOperationException($"introspection: {reply}");
        if (!json.RootElement.GetProperty("active").GetBoolean())
        {
            throw new InvalidOperationException($"introspection: {reply}");
        }
    }

    private Tokens Token(string what, string body)
    {
        var reply = http.PostForm(endpoints.Token, Credentials(body), _authorization);
        if (reply.Status != 200)
        {
            throw new InvalidOperationException($"{what}: {reply}");
        }

        string? access = null,
            refresh = null,
            id = null;
        var json = new Utf8JsonReader(reply.Body);
        while (json.Read())
        {
            if (json.TokenType != JsonTokenType.PropertyName || json.CurrentDepth != 1)
            {
                continue;
            }

            if (json.ValueTextEquals("access_token"u8))
            {
                json.Read();
                access = json.GetString();
            }
            else if (json.ValueTextEquals("refresh_token"u8))
            {
                json.Read();
                refresh = json.GetString();
            }
            else if (json.ValueTextEquals("id_token"u8))
            {
                json.Read();
                id = json.GetString();
            }
        }
        return new(access ?? throw new InvalidOperationException($"{what}: no access_token: {reply}"), refresh, id);
    }

    private string Credentials(string body) =>
        client.Auth switch
        {
            "basic" => body,
            "post" =>
                $"{body}&client_id={Uri.EscapeDataString(client.Id)}&client_secret={Uri.EscapeDataString(client.Secret!)}",
            "none" => $"{body}&client_id={Uri.EscapeDataString(client.Id)}",
            _ => throw new InvalidOperationException($"client auth \"{client.Auth}\": use basic, post or none"),
        };

    private static string? BasicHeader(ClientConfig client) =>
        client.Auth != "basic"
            ? null
            : "Authorization: Basic "
                + Convert.ToBase64String(
                    Encoding.UTF8.GetBytes(
                        Uri.EscapeDataString(client.Id) + ":" + Uri.EscapeDataString(client.Secret ?? "")
                    )
                )
                + "\r\n";

    private Uri AuthorizeUrl(string verifier)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.ASCII.GetBytes(verifier), hash);
        return new Uri(
            $"{_authorizeBase}&state={verifier.AsSpan(0, 16)}&nonce={verifier.AsSpan(16, 16)}&code_challenge={Base64Url.EncodeToString(hash)}"
        );
    }

    private static string NewVerifier()
    {
        Span<byte> random = stackalloc byte[32];
        RandomNumberGenerator.Fill(random);
        return Base64Url.EncodeToString(random);
    }

    private static string CodeOf(string location)
    {
        foreach (var pair in new Uri(location).Query.TrimStart('?').Split('&'))
        {
            if (pair.StartsWith("code=", StringComparison.Ordinal))
            {
                return Uri.UnescapeDataString(pair[5..]);
            }
        }

        throw new InvalidOperationException($"authorize: no code in {location}");
    }
}
