using System.Net.Http.Headers;
using System.Text.Json;
using AuthServer.Accounts;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using TestSupport;

namespace ProtocolTests.UserInfo;

/// <summary>Who somebody is, for an app that holds a token (OIDC Core §5.3).</summary>
[Trait("spec", "OIDC Core 5.3")]
public sealed class UserInfoTests(AuthServerFixture server) : IClassFixture<AuthServerFixture>
{
    private const string AllScopes = "openid profile email phone address professional";

    [Theory]
    [InlineData("*/*")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("text/html")]
    [InlineData("application/jwt")]
    [Trait("oidc", "U7")]
    [Trait("spec", "RFC 9110 12.5.1")]
    public async Task Any_accept_header_is_answered_with_json(string accept)
    {
        var (_, tokens) = await SignedInAsync("openid");
        using var app = server.NewBrowser();
        var request = new HttpRequestMessage(HttpMethod.Get, RelyingParty.UserInfoPath);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", tokens.AccessToken);
        request.Headers.TryAddWithoutValidation("Accept", accept);

        Assert.Equal("application/json", (await app.SendAsync(request)).Ok().Headers["Content-Type"]);
    }

    [Fact]
    [Trait("oidc", "U2")]
    [Trait("oidc", "U3")]
    [Trait("oidc", "D18")]
    [Trait("spec", "OIDC Core 5.1")]
    [Trait("spec", "OIDC Core 5.4")]
    public async Task Every_claim_of_every_scope_has_the_type_the_standard_gives_it()
    {
        var (app, tokens) = await SignedInAsync(AllScopes, Fill);

        var claims = (await app.UserInfoAsync(tokens.AccessToken)).Ok().Json;

        Assert.Equal(tokens.Claims.Subject, claims.GetProperty("sub").GetString());
        foreach (
            var name in new[]
            {
                "name",
                "given_name",
                "family_name",
                "middle_name",
                "nickname",
                "preferred_username",
                "profile",
                "picture",
                "website",
                "gender",
                "zoneinfo",
                "locale",
                "email",
                "phone_number",
                "gmc_number",
                "nmc_number",
                "ntn",
                "college_number",
            }
        )
        {
            Assert.Equal(JsonValueKind.String, claims.GetProperty(name).ValueKind);
            Assert.NotEmpty(claims.GetProperty(name).GetString()!);
        }

        Assert.Matches(@"\A\d{4}-\d\d-\d\d\z", claims.GetProperty("birthdate").GetString());
        Assert.Equal(JsonValueKind.True, claims.GetProperty("email_verified").ValueKind);
        Assert.Equal(JsonValueKind.False, claims.GetProperty("phone_number_verified").ValueKind);
        Assert.InRange(claims.GetProperty("updated_at").GetInt64(), 1_500_000_000, server.Now.ToUnixTimeSeconds());
        Assert.Equal(
            ["trainee", "supervisor"],
            claims.GetProperty("portfolio_roles").EnumerateArray().Select(r => r.GetString())
        );
        var address = claims.GetProperty("address");
        Assert.Equal("1 High Street\nLeeds\nLS1 1AA\nUnited Kingdom", address.GetProperty("formatted").GetString());
        Assert.Equal(
            ["country", "formatted", "locality", "postal_code", "street_address"],
            address.EnumerateObject().Select(part => part.Name).Order()
        );
    }

    [Theory]
    [InlineData("openid", "sub")]
    [InlineData("openid email", "email email_verified sub")]
    [InlineData("openid phone", "phone_number phone_number_verified sub")]
    [InlineData("openid address", "address sub")]
    [InlineData("openid professional", "college_number gmc_number nmc_number ntn portfolio_roles sub")]
    [InlineData(
        "openid profile",
        "birthdate family_name gender given_name locale middle_name name nickname picture preferred_username profile sub updated_at website zoneinfo"
    )]
    [Trait("oidc", "U3")]
    [Trait("spec", "OIDC Core 5.4")]
    public async Task A_scope_brings_its_own_claims_and_no_others(string scope, string claims)
    {
        var (app, tokens) = await SignedInAsync(scope, Fill);

        var answer = (await app.UserInfoAsync(tokens.AccessToken)).Ok().Json;

        Assert.Equal(claims.Split(' '), answer.EnumerateObject().Select(claim => claim.Name).Order());
    }

    [Fact]
    [Trait("oidc", "U2")]
    [Trait("spec", "OIDC Core 5.3.2")]
    public async Task What_is_not_known_is_left_out_and_never_empty_or_null()
    {
        var (app, tokens) = await SignedInAsync(
            AllScopes,
            account => (account.GivenName, account.Nickname) = ("Máire", "")
        );

        var answer = (await app.UserInfoAsync(tokens.AccessToken)).Ok().Json;

        Assert.Equal(
            ["given_name", "name", "preferred_username", "sub", "updated_at"],
            answer.EnumerateObject().Select(claim => claim.Name).Order()
        );
        Assert.Equal("Máire", answer.GetProperty("name").GetString());
    }

    [Fact]
    [Trait("oidc", "A11")]
    [Trait("oidc", "D18")]
    [Trait("spec", "OIDC Core 5.5")]
    public async Task A_name_asked_for_in_the_claims_parameter_is_here_and_not_in_the_id_token()
    {
        const string Claims = """{"userinfo":{"name":{"essential":true}}}""";
        var (app, tokens) = await SignedInAsync("openid", account => account.Name = "Ada Lovelace", Claims);

        var answer = (await app.UserInfoAsync(tokens.AccessToken)).Ok().Json;

        Assert.Equal("Ada Lovelace", answer.GetProperty("name").GetString());
        Assert.False(answer.TryGetProperty("preferred_username", out _));
        Assert.False(tokens.Claims.TryGetPayloadValue<string>("name", out _));
    }

    [Theory]
    [InlineData("RS256")]
    [InlineData("ES256")]
    [Trait("oidc", "U4")]
    [Trait("oidc", "D7")]
    [Trait("oidc", "J3")]
    [Trait("spec", "OIDC Core 5.3.2")]
    public async Task A_client_that_registered_for_it_gets_it_signed(string algorithm)
    {
        using var browser = await server.Given.LoggedInAsync(await server.Given.AccountAsync(more: Fill));
        var app = await server.Given.RelyingPartyAsync(
            ProtocolSteps.EveryScope with
            {
                UserinfoSignedResponseAlg = algorithm,
            }
        );
        var tokens = await app.SignInAsync(browser, "openid email");

        var page = (await app.UserInfoAsync(tokens.AccessToken)).Ok();
        using var anybody = server.NewBrowser();
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(
            page.Body,
            new TokenValidationParameters
            {
                ValidIssuer = server.Issuer,
                ValidAudience = app.Client.ClientId,
                IssuerSigningKeys = new JsonWebKeySet(
                    (await anybody.GetAsync("/.well-known/jwks.json")).Body
                ).GetSigningKeys(),
                ValidAlgorithms = [algorithm],
                RequireExpirationTime = false,
            }
        );

        Assert.Equal("application/jwt", page.Headers["Content-Type"]);
        Assert.True(result.IsValid, result.Exception?.Message);
        Assert.Equal(tokens.Claims.Subject, result.Claims["sub"]);
        Assert.Equal("ada@example.test", result.Claims["email"]);
        Assert.False(result.Claims.ContainsKey("nonce"));
    }

    private static void Fill(Account account)
    {
        (account.Name, account.GivenName, account.FamilyName, account.MiddleName) = (
            "Ada Lovelace",
            "Ada",
            "Lovelace",
            "King"
        );
        (account.Nickname, account.Profile, account.Picture) = (
            "Ada",
            "https://example.test/ada",
            "https://example.test/ada.png"
        );
        (account.Website, account.Gender, account.Birthdate) = ("https://ada.example.test", "female", "1815-12-10");
        (account.Zoneinfo, account.Locale) = ("Europe/London", "en-GB");
        (account.Email, account.EmailVerified, account.PhoneNumber) = ("ada@example.test", true, "+44 113 496 0000");
        account.Address = new PostalAddress
        {
            StreetAddress = "1 High Street",
            Locality = "Leeds",
            PostalCode = "LS1 1AA",
            Country = "United Kingdom",
        };
        (account.GmcNumber, account.NmcNumber, account.Ntn, account.CollegeNumber) = (
            "1234567",
            "12A3456E",
            "LON/001/001/D",
            "654321"
        );
        account.PortfolioRoles = ["trainee", "supervisor"];
    }

    private async Task<(RelyingParty App, Tokens Tokens)> SignedInAsync(
        string scope,
        Action<Account>? more = null,
        string? claims = null
    )
    {
        using var browser = await server.Given.LoggedInAsync(await server.Given.AccountAsync(more: more));
        var app = await server.Given.RelyingPartyAsync(ProtocolSteps.EveryScope);
        return (app, await app.SignInAsync(browser, scope, new Dictionary<string, string?> { ["claims"] = claims }));
    }
}
