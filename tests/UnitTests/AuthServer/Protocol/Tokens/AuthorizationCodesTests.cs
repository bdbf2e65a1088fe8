using AuthServer.Protocol;
using AuthServer.Protocol.Tokens;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using TestSupport;

namespace UnitTests.AuthServer.Protocol.Tokens;

/// <summary>Codes are sealed envelopes: nothing is stored, and nobody else can make or read one.</summary>
[Trait("spec", "RFC 6749 4.1.2")]
public sealed class AuthorizationCodesTests
{
    private readonly FixedClock clock = new();
    private readonly AuthorizationCodes codes;

    public AuthorizationCodesTests() => codes = New(new EphemeralDataProtectionProvider());

    [Fact]
    public void It_is_opened_as_it_was_sealed()
    {
        var code = Code();

        Assert.True(codes.Open(codes.Seal(code)).TryGet(out var opened, out _));

        Assert.Equal(code, opened);
    }

    [Theory]
    [InlineData(59.9, true)]
    [InlineData(60, false)]
    [Trait("oidc", "T5")]
    public void It_lives_for_less_than_a_minute(double seconds, bool lives)
    {
        var text = codes.Seal(Code());

        clock.Advance(TimeSpan.FromSeconds(seconds));

        Assert.Equal(lives, codes.Open(text).TryGet(out _, out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("not base64url +/=")]
    [InlineData("é")]
    [Trait("oidc", "T7")]
    public void What_was_not_sealed_here_is_invalid_grant(string text)
    {
        Assert.False(codes.Open(text).TryGet(out _, out var error));
        Assert.False(codes.Open(New(new EphemeralDataProtectionProvider()).Seal(Code())).TryGet(out _, out _));

        Assert.Equal("invalid_grant", error.Code);
    }

    [Fact]
    [Trait("oidc", "T7")]
    public void A_ticket_or_a_cookie_sealed_with_the_same_keys_is_no_code()
    {
        var keys = new EphemeralDataProtectionProvider();
        var other = System.Buffers.Text.Base64Url.EncodeToString(
            keys.CreateProtector("AuthServer.Session.v1").Protect("{}"u8.ToArray())
        );

        Assert.False(New(keys).Open(other).TryGet(out _, out _));
    }

    private AuthorizationCodes New(IDataProtectionProvider keys) =>
        new(keys, Options.Create(new ProtocolOptions()), clock);

    private AuthorizationCode Code() =>
        new()
        {
            GrantId = Guid.NewGuid(),
            ApplicationId = Guid.NewGuid(),
            RedirectUri = "https://app.example.test/callback",
            AccountId = Guid.NewGuid(),
            Sid = "sid",
            SecurityStamp = Guid.NewGuid(),
            Scopes = "openid é",
            AuthenticatedAt = clock.GetUtcNow().AddTicks(1234567),
            Methods = "pwd",
            SessionExpiresAt = clock.GetUtcNow().AddHours(12),
            IssuedAt = clock.GetUtcNow(),
            Nonce = new string('n', 384),
            CodeChallenge = "challenge",
            ClaimsRequest = """{"i":["email"]}""",
        };
}
