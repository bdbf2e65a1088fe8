using AuthServer.Protocol.Tokens;

namespace UnitTests.AuthServer.Protocol.Tokens;

/// <summary>Proof Key for Code Exchange, S256.</summary>
[Trait("oidc", "A12")]
[Trait("oidc", "T6")]
public sealed class PkceTests
{
    // The example of RFC 7636 appendix B.
    private const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    private const string Challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    [Theory]
    [InlineData(null, null, true)]
    [InlineData(Challenge, Verifier, true)]
    [InlineData(Challenge, null, false)]
    [InlineData(null, Verifier, false)]
    [InlineData(Challenge, "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXK", false)]
    [InlineData(Challenge, Challenge, false)]
    [InlineData(Challenge, "short", false)]
    [InlineData(Challenge, Verifier + "=", false)]
    [Trait("spec", "RFC 7636 4.6")]
    public void A_verifier_belongs_to_its_challenge_and_to_no_other(string? challenge, string? verifier, bool belongs)
    {
        Assert.Equal(belongs, Pkce.Mismatch(challenge, verifier) is null);
    }

    [Theory]
    [InlineData(42, false)]
    [InlineData(43, true)]
    [InlineData(128, true)]
    [InlineData(129, false)]
    [Trait("spec", "RFC 7636 4.1")]
    public void A_verifier_has_43_to_128_characters(int length, bool may)
    {
        var mismatch = Pkce.Mismatch(Challenge, new string('~', length));

        Assert.Equal(may ? "code_verifier does not match" : "code_verifier malformed", mismatch);
    }

    [Theory]
    [InlineData(Challenge, true)]
    [InlineData("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-c", false)]
    [InlineData("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cMM", false)]
    [InlineData("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw.cM", false)]
    [InlineData("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cé", false)]
    [Trait("spec", "RFC 7636 4.2")]
    public void A_challenge_is_a_sha_256_in_base64url(string challenge, bool is256)
    {
        Assert.Equal(is256, Pkce.IsChallenge(challenge));
    }
}
