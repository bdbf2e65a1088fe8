using AuthServer.Protocol.Claims;

namespace UnitTests.AuthServer.Protocol.Claims;

/// <summary>The <c>claims</c> parameter (OIDC Core §5.5).</summary>
[Trait("oidc", "A11")]
[Trait("spec", "OIDC Core 5.5")]
public sealed class ClaimsRequestTests
{
    [Theory]
    [InlineData(null, "", "")]
    [InlineData("{}", "", "")]
    [InlineData("""{"userinfo":{"name":{"essential":true}}}""", "", "name")]
    [InlineData("""{"id_token":{"email":null,"acr":null},"userinfo":{"gmc_number":null}}""", "email acr", "gmc_number")]
    [InlineData("""{"id_token":{"unknown":null,"sub":null},"other":{"name":null}}""", "", "")]
    [InlineData("""{"id_token":null,"userinfo":null}""", "", "")]
    public void Known_names_are_kept_in_two_lists(string? json, string idToken, string userInfo)
    {
        Assert.True(ClaimsRequest.Parse(json).TryGet(out var request, out _));

        Assert.Equal(idToken, string.Join(' ', request.IdToken));
        Assert.Equal(userInfo, string.Join(' ', request.UserInfo));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("42")]
    [InlineData("""{"userinfo":[]}""")]
    [InlineData("""{"userinfo":"name"}""")]
    [InlineData("""{"userinfo":{"name":1}}""")]
    [InlineData("""{"userinfo":{"name":null}} trailing""")]
    [InlineData("""{"id_token":{"sub":{"value":"\ud800"}}}""")]
    [InlineData("""{"id_token":{"\ud800":null}}""")]
    public void What_is_no_such_object_is_invalid_request(string json)
    {
        Assert.False(ClaimsRequest.Parse(json).TryGet(out _, out var error));

        Assert.Equal("invalid_request", error.Code);
    }

    [Fact]
    public void Json_nested_without_end_is_invalid_request()
    {
        Assert.False(
            ClaimsRequest.Parse(string.Concat(Enumerable.Repeat("""{"id_token":""", 5000))).TryGet(out _, out _)
        );
    }

    [Theory]
    [InlineData("""{"id_token":{"sub":{"value":"abc"}}}""", "abc")]
    [InlineData("""{"userinfo":{"sub":{"value":"abc"}}}""", "abc")]
    [InlineData("""{"id_token":{"sub":null}}""", null)]
    [InlineData("""{"id_token":{"sub":{"value":7}}}""", null)]
    [Trait("spec", "OIDC Core 5.5.1")]
    public void A_sub_with_a_value_is_a_demand(string json, string? subject)
    {
        Assert.True(ClaimsRequest.Parse(json).TryGet(out var request, out _));

        Assert.Equal(subject, request.RequiredSubject);
    }

    [Theory]
    [InlineData("""{"id_token":{"acr":{"essential":true,"values":["a","b"]}}}""", "a b")]
    [InlineData("""{"id_token":{"acr":{"essential":true,"value":"a"}}}""", "a")]
    [InlineData("""{"id_token":{"acr":{"essential":true}}}""", null)]
    [InlineData("""{"id_token":{"acr":{"essential":"true","value":"a"}}}""", null)]
    [InlineData("""{"id_token":{"acr":{"value":"a"}}}""", null)]
    [Trait("spec", "OIDC Core 5.5.1.1")]
    public void An_essential_acr_with_values_is_a_demand(string json, string? values)
    {
        Assert.True(ClaimsRequest.Parse(json).TryGet(out var request, out _));

        Assert.Equal(values, request.RequiredAcr is null ? null : string.Join(' ', request.RequiredAcr));
    }

    [Fact]
    public void It_is_kept_with_the_grant_without_its_demands()
    {
        Assert.True(
            ClaimsRequest
                .Parse("""{"id_token":{"email":null,"sub":{"value":"x"}},"userinfo":{"name":null}}""")
                .TryGet(out var request, out _)
        );

        var read = ClaimsRequest.Read(request.Store());

        Assert.Equal(["email"], read.IdToken);
        Assert.Equal(["name"], read.UserInfo);
        Assert.Null(ClaimsRequest.Nothing.Store());
        Assert.Same(ClaimsRequest.Nothing, ClaimsRequest.Read(null));
    }
}
