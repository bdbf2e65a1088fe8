using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using AuthServer.Clients;
using Microsoft.IdentityModel.JsonWebTokens;
using TestSupport;

namespace ProtocolTests.Token;

/// <summary>Clients authenticate by a TLS certificate, and access tokens are bound to it (RFC 8705).</summary>
[Trait("oidc", "T12")]
[Trait("spec", "RFC 8705 2")]
public sealed class MutualTlsTests(MtlsServer mtls) : IClassFixture<MtlsServer>
{
    private const string Subject = "CN=reports, OU=\"Leeds, York\", O=Example Trust, C=GB";

    private readonly AuthServerFixture server = mtls.Server;

    [Fact]
    [Trait("spec", "RFC 8705 2.2")]
    public async Task A_registered_self_signed_certificate_authenticates_its_client()
    {
        using var certificate = TestAuthority.SelfSigned(server.Now);
        using var another = TestAuthority.SelfSigned(server.Now);
        var client = await server.Given.ClientAsync(SelfSigned(KeyOf(certificate, withChain: true)));

        (await AskAsync(client, certificate)).Ok();
        Refused(await AskAsync(client, another));
        Refused(await AskAsync(client, null));
    }

    [Fact]
    [Trait("spec", "RFC 8705 2.2.2")]
    public async Task A_new_certificate_of_a_registered_key_works_unless_the_certificate_itself_is_registered()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=app", key, HashAlgorithmName.SHA256);
        using var first = request.CreateSelfSigned(server.Now.AddHours(-1), server.Now.AddHours(1));
        using var second = request.CreateSelfSigned(server.Now.AddHours(-1), server.Now.AddHours(2));
        var byKey = await server.Given.ClientAsync(SelfSigned(KeyOf(first, withChain: false)));
        var byCertificate = await server.Given.ClientAsync(SelfSigned(KeyOf(first, withChain: true)));

        (await AskAsync(byKey, second)).Ok();
        Refused(await AskAsync(byCertificate, second));
    }

    [Fact]
    public async Task An_expired_certificate_is_refused()
    {
        using var certificate = TestAuthority.SelfSigned(server.Now.AddDays(-40));
        var client = await server.Given.ClientAsync(SelfSigned(KeyOf(certificate, withChain: true)));

        Refused(await AskAsync(client, certificate));
    }

    [Fact]
    [Trait("spec", "RFC 8705 2.2.2")]
    public async Task Self_signed_certificates_may_be_published_at_an_address()
    {
        using var certificate = TestAuthority.SelfSigned(server.Now);
        await using var site = await KeySite.StartAsync(SetOf(KeyOf(certificate, withChain: true)));
        var client = await server.Given.ClientAsync(SelfSigned() with { Jwks = null, JwksUri = site.Uri });

        (await AskAsync(client, certificate)).Ok();
    }

    [Theory]
    [InlineData(@"CN=reports,OU=Leeds\, York,O=Example Trust,C=GB")]
    [InlineData(@"cn=Reports, ou=Leeds\2C  York, o=example trust, c=gb")]
    [InlineData(@"2.5.4.3=reports,OU=Leeds\, York,O=Example Trust,C=GB")]
    [Trait("spec", "RFC 8705 2.1.2")]
    [Trait("spec", "RFC 4514 2")]
    public async Task The_registered_subject_may_be_written_in_any_way_of_the_standard(string registered)
    {
        using var certificate = mtls.Authority.Issue(Subject);
        var client = await server.Given.ClientAsync(Issued() with { TlsClientAuthSubjectDn = registered });

        (await AskAsync(client, certificate)).Ok();
    }

    [Theory]
    [InlineData("CN=reports")]
    [InlineData("CN=reports,O=Example Trust,C=GB")]
    [InlineData(@"C=GB,O=Example Trust,OU=Leeds\, York,CN=reports")]
    [InlineData(@"CN=reports,OU=Leeds\, York,O=Example Trust,C=GB,")]
    [InlineData(@"CN=reports+OU=Leeds\, York,O=Example Trust,C=GB")]
    [InlineData(@"CN=reports,OU=Leeds\, York,O=Example Trust,C=G\")]
    [InlineData("reports")]
    [InlineData("=")]
    [Trait("spec", "RFC 8705 2.1.2")]
    public async Task Another_subject_is_refused(string registered)
    {
        using var certificate = mtls.Authority.Issue(Subject);
        var client = await server.Given.ClientAsync(Issued() with { TlsClientAuthSubjectDn = registered });

        Refused(await AskAsync(client, certificate));
    }

    [Fact]
    [Trait("spec", "RFC 8705 2.1.2")]
    public async Task An_alternative_name_may_be_registered_instead()
    {
        using var certificate = mtls.Authority.Issue(
            "CN=reports",
            names =>
            {
                names.AddDnsName("reports.example.nhs.uk");
                names.AddUri(new Uri("https://reports.example.nhs.uk/service"));
                names.AddIpAddress(IPAddress.Parse("2001:db8::1"));
                names.AddEmailAddress("reports@example.nhs.uk");
            }
        );
        ClientMetadata[] registered =
        [
            Issued() with
            {
                TlsClientAuthSanDns = "Reports.example.nhs.uk",
            },
            Issued() with
            {
                TlsClientAuthSanUri = "https://reports.example.nhs.uk/service",
            },
            Issued() with
            {
                TlsClientAuthSanIp = "2001:db8:0::1",
            },
            Issued() with
            {
                TlsClientAuthSanEmail = "reports@example.nhs.uk",
            },
        ];
        ClientMetadata[] others =
        [
            Issued() with
            {
                TlsClientAuthSanDns = "example.nhs.uk",
            },
            Issued() with
            {
                TlsClientAuthSanUri = "https://reports.example.nhs.uk/",
            },
            Issued() with
            {
                TlsClientAuthSanIp = "2001:db8::2",
            },
            Issued() with
            {
                TlsClientAuthSanEmail = "reports.example.nhs.uk",
            },
            Issued(),
        ];

        foreach (var metadata in registered)
        {
            (await AskAsync(await server.Given.ClientAsync(metadata), certificate)).Ok();
        }

        foreach (var metadata in others)
        {
            Refused(await AskAsync(await server.Given.ClientAsync(metadata), certificate));
        }
    }

    [Fact]
    [Trait("spec", "RFC 8705 2.1")]
    public async Task The_name_counts_only_in_a_certificate_of_a_trusted_authority_for_clients()
    {
        using var stranger = new TestAuthority(server.Now);
        using var foreign = stranger.Issue("CN=reports");
        using var selfSigned = TestAuthority.SelfSigned(server.Now, "CN=reports");
        using var forServers = mtls.Authority.Issue("CN=reports", purpose: "1.3.6.1.5.5.7.3.1");
        using var right = mtls.Authority.Issue("CN=reports");
        var client = await server.Given.ClientAsync(Issued() with { TlsClientAuthSubjectDn = "CN=reports" });

        (await AskAsync(client, right)).Ok();
        Refused(await AskAsync(client, foreign));
        Refused(await AskAsync(client, selfSigned));
        Refused(await AskAsync(client, forServers));
    }

    [Fact]
    [Trait("spec", "RFC 6749 2.3")]
    public async Task A_certificate_is_no_way_around_the_registered_method()
    {
        using var certificate = TestAuthority.SelfSigned(server.Now);
        var client = await server.Given.ClientAsync(
            SelfSigned(KeyOf(certificate, withChain: true)) with
            {
                TokenEndpointAuthMethod = "client_secret_post",
            }
        );

        Refused(await AskAsync(client, certificate));
        (await AskAsync(client, certificate, new() { ["client_secret"] = client.Secret! })).Ok();
    }

    [Fact]
    [Trait("spec", "RFC 8705 3.1")]
    [Trait("spec", "RFC 8705 3.2")]
    public async Task A_bound_access_token_works_with_its_certificate_only()
    {
        using var certificate = TestAuthority.SelfSigned(server.Now);
        using var another = TestAuthority.SelfSigned(server.Now);
        var app = await BoundAppAsync(certificate);
        var (code, attempt) = await app.CodeAsync(await server.NewPersonAsync());

        var tokens = (await RedeemAsync(app, code, attempt, certificate)).Ok();
        var refreshed = (
            await AskAsync(
                app.Client,
                certificate,
                new() { ["grant_type"] = "refresh_token", ["refresh_token"] = tokens.RefreshToken() }
            )
        ).Ok();

        var hash = Base64Url.EncodeToString(SHA256.HashData(certificate.RawData));
        foreach (var token in new[] { tokens.AccessToken(), refreshed.AccessToken() })
        {
            Assert.Equal(
                hash,
                new JsonWebToken(token).GetPayloadValue<JsonElement>("cnf").GetProperty("x5t#S256").GetString()
            );
            (await UserInfoAsync(token, certificate)).Ok();
            (await UserInfoAsync(token, null)).IsError("invalid_token", HttpStatusCode.Unauthorized);
            (await UserInfoAsync(token, another)).IsError("invalid_token", HttpStatusCode.Unauthorized);
        }

        var introspected = await AskAsync(
            app.Client,
            certificate,
            new() { ["token"] = tokens.AccessToken() },
            "/connect/introspect"
        );
        Assert.Equal(hash, introspected.Ok().Json.GetProperty("cnf").GetProperty("x5t#S256").GetString());
    }

    [Fact]
    [Trait("spec", "RFC 8693 2.1")]
    [Trait("spec", "RFC 8705 3")]
    public async Task A_bound_token_is_exchanged_with_its_certificate_only_and_the_new_one_is_bound_to_it()
    {
        const string Exchange = "urn:ietf:params:oauth:grant-type:token-exchange";
        using var certificate = TestAuthority.SelfSigned(server.Now);
        using var another = TestAuthority.SelfSigned(server.Now);
        var app = await BoundAppAsync(certificate);
        var backEnd = await server.Given.ClientAsync(
            new ClientMetadata
            {
                GrantTypes = [Exchange],
                ResponseTypes = [],
                Scope = "openid",
                TokenEndpointAuthMethod = "client_secret_post",
            }
        );
        var (code, attempt) = await app.CodeAsync(await server.NewPersonAsync());
        var subject = (await RedeemAsync(app, code, attempt, certificate)).AccessToken();
        Task<Page> ExchangeAsync(X509Certificate2? presented) =>
            AskAsync(
                backEnd,
                presented,
                new()
                {
                    ["grant_type"] = Exchange,
                    ["client_secret"] = backEnd.Secret!,
                    ["subject_token"] = subject,
                    ["subject_token_type"] = "urn:ietf:params:oauth:token-type:access_token",
                }
            );

        (await ExchangeAsync(null)).IsError("invalid_request");
        (await ExchangeAsync(another)).IsError("invalid_request");
        var exchanged = (await ExchangeAsync(certificate)).AccessToken();

        (await UserInfoAsync(exchanged, certificate)).Ok();
        (await UserInfoAsync(exchanged, null)).IsError("invalid_token", HttpStatusCode.Unauthorized);
    }

    [Fact]
    [Trait("spec", "RFC 8705 3.4")]
    public async Task Without_a_certificate_no_unbound_token_is_issued_and_the_code_is_not_used_up()
    {
        using var certificate = TestAuthority.SelfSigned(server.Now);
        var app = await BoundAppAsync(certificate, method: "none");
        var (code, attempt) = await app.CodeAsync(await server.NewPersonAsync());

        (await RedeemAsync(app, code, attempt, null)).IsError("invalid_request");
        (await RedeemAsync(app, code, attempt, certificate)).Ok();
    }

    [Fact]
    [Trait("spec", "RFC 8705 3.3")]
    public async Task Discovery_tells_what_is_on()
    {
        await using var off = await AuthServerFixture.StartAsync();
        await using var withoutAuthorities = await AuthServerFixture.StartAsync(settings: Settings());

        Assert.Equal(["self_signed_tls_client_auth", "tls_client_auth"], await MethodsAsync(server));
        Assert.Equal(["self_signed_tls_client_auth"], await MethodsAsync(withoutAuthorities));
        Assert.Empty(await MethodsAsync(off));
    }

    [Fact]
    public async Task Certificates_are_off_by_default_and_bound_tokens_are_then_refused()
    {
        using var certificate = TestAuthority.SelfSigned(server.Now);
        await using var off = await AuthServerFixture.StartAsync(https: true);
        var client = await off.Given.ClientAsync(SelfSigned(KeyOf(certificate, withChain: true)));
        var bound = await off.Given.ClientAsync(
            new ClientMetadata
            {
                GrantTypes = ["client_credentials"],
                TokenEndpointAuthMethod = "client_secret_post",
                TlsClientCertificateBoundAccessTokens = true,
            }
        );

        Refused(await AskAsync(client, certificate, at: off));
        (await AskAsync(bound, certificate, new() { ["client_secret"] = bound.Secret! }, at: off)).IsError(
            "invalid_request"
        );
    }

    [Fact]
    [Trait("spec", "RFC 9440 2.2")]
    public async Task A_trusted_proxy_passes_the_certificate_on_in_a_header()
    {
        using var certificate = TestAuthority.SelfSigned(server.Now);
        await using var behind = await AuthServerFixture.StartAsync(settings: Settings("127.0.0.1"));
        var client = await behind.Given.ClientAsync(SelfSigned(KeyOf(certificate, withChain: true)));
        var (encoded, pem) = (
            $":{Convert.ToBase64String(certificate.RawData)}:",
            Uri.EscapeDataString(certificate.ExportCertificatePem())
        );

        (await ThroughProxyAsync(behind, client, encoded)).Ok();
        (await ThroughProxyAsync(behind, client, pem)).Ok();
        Refused(await ThroughProxyAsync(behind, client, encoded, encoded));
        foreach (
            var odd in new[]
            {
                "",
                ":",
                "::",
                ":%:",
                ":AAAA:",
                "-----BEGIN CERTIFICATE-----",
                "%ZZ",
                encoded[1..^1],
                new string('A', 20_000),
            }
        )
        {
            Refused(await ThroughProxyAsync(behind, client, odd));
        }

        Refused(await ThroughProxyAsync(behind, client));
    }

    [Fact]
    public async Task The_header_of_any_other_caller_is_not_believed()
    {
        using var certificate = TestAuthority.SelfSigned(server.Now);
        await using var behind = await AuthServerFixture.StartAsync(settings: Settings("192.0.2.1"));
        var client = await behind.Given.ClientAsync(SelfSigned(KeyOf(certificate, withChain: true)));

        Refused(await ThroughProxyAsync(behind, client, $":{Convert.ToBase64String(certificate.RawData)}:"));
    }

    private static Dictionary<string, string?> Settings(string? proxy = null) =>
        new()
        {
            ["Mtls:Enabled"] = "true",
            ["Mtls:Header"] = proxy is null ? null : "Client-Cert",
            ["ForwardedHeaders:KnownProxies:0"] = proxy,
        };

    private static ClientMetadata SelfSigned(params Dictionary<string, object>[] keys) =>
        new()
        {
            GrantTypes = ["client_credentials"],
            Scope = "reports:read",
            TokenEndpointAuthMethod = "self_signed_tls_client_auth",
            Jwks = JsonSerializer.Deserialize<JsonElement>(SetOf(keys)),
        };

    private static ClientMetadata Issued() =>
        new()
        {
            GrantTypes = ["client_credentials"],
            Scope = "reports:read",
            TokenEndpointAuthMethod = "tls_client_auth",
        };

    private static string SetOf(params Dictionary<string, object>[] keys) => JsonSerializer.Serialize(new { keys });

    private static Dictionary<string, object> KeyOf(X509Certificate2 certificate, bool withChain)
    {
        using var key = certificate.GetECDsaPublicKey()!;
        var q = key.ExportParameters(false).Q;
        var jwk = new Dictionary<string, object>
        {
            ["kty"] = "EC",
            ["crv"] = "P-256",
            ["x"] = Base64Url.EncodeToString(q.X),
            ["y"] = Base64Url.EncodeToString(q.Y),
        };
        if (withChain)
        {
            jwk["x5c"] = new[] { Convert.ToBase64String(certificate.RawData) };
        }

        return jwk;
    }

    private static void Refused(Page page) => page.IsError("invalid_client", HttpStatusCode.Unauthorized);

    private static async Task<IEnumerable<string>> MethodsAsync(AuthServerFixture at)
    {
        using var browser = at.NewBrowser();
        var document = (await browser.GetAsync("/.well-known/openid-configuration")).Ok().Json;
        var methods = document
            .GetProperty("token_endpoint_auth_methods_supported")
            .EnumerateArray()
            .Select(method => method.GetString()!)
            .Where(method => method.Contains("tls", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .ToList();
        Assert.Equal(
            methods.Count > 0,
            document.TryGetProperty("tls_client_certificate_bound_access_tokens", out var bound) && bound.GetBoolean()
        );
        return methods;
    }

    private async Task<RelyingParty> BoundAppAsync(
        X509Certificate2 certificate,
        string method = "self_signed_tls_client_auth"
    ) =>
        await server.Given.RelyingPartyAsync(
            SelfSigned(KeyOf(certificate, withChain: true)) with
            {
                TokenEndpointAuthMethod = method,
                RedirectUris = [Given.RedirectUri],
                GrantTypes = ["authorization_code", "refresh_token"],
                Scope = "openid",
                TlsClientCertificateBoundAccessTokens = true,
            }
        );

    private Task<Page> RedeemAsync(
        RelyingParty app,
        string code,
        AuthorizeAttempt attempt,
        X509Certificate2? certificate
    ) =>
        AskAsync(
            app.Client,
            certificate,
            new()
            {
                ["grant_type"] = "authorization_code",
                ["code"] = code,
                ["redirect_uri"] = app.RedirectUri,
                ["code_verifier"] = attempt.Verifier,
            }
        );

    private async Task<Page> AskAsync(
        GivenClient client,
        X509Certificate2? certificate,
        Dictionary<string, string>? more = null,
        string path = RelyingParty.TokenPath,
        AuthServerFixture? at = null
    )
    {
        using var app = new TestBrowser(at ?? server, certificate);
        return await app.PostAsync(path, Fields(client, more));
    }

    private static Dictionary<string, string> Fields(GivenClient client, Dictionary<string, string>? more = null)
    {
        var fields = new Dictionary<string, string>(more ?? []) { ["client_id"] = client.ClientId };
        fields.TryAdd("grant_type", "client_credentials");
        return fields;
    }

    private async Task<Page> UserInfoAsync(string token, X509Certificate2? certificate)
    {
        using var app = new TestBrowser(server, certificate);
        using var request = new HttpRequestMessage(HttpMethod.Get, RelyingParty.UserInfoPath);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await app.SendAsync(request);
    }

    private static async Task<Page> ThroughProxyAsync(
        AuthServerFixture behind,
        GivenClient client,
        params string[] headers
    )
    {
        using var proxy = behind.NewBrowser();
        using var request = new HttpRequestMessage(HttpMethod.Post, RelyingParty.TokenPath)
        {
            Content = new FormUrlEncodedContent(Fields(client)),
        };
        foreach (var header in headers)
        {
            request.Headers.TryAddWithoutValidation("Client-Cert", header);
        }

        return await proxy.SendAsync(request);
    }
}
