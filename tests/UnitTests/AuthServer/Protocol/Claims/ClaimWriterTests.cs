using System.Text;
using System.Text.Json;
using AuthServer.Accounts;
using AuthServer.Protocol.Claims;

namespace UnitTests.AuthServer.Protocol.Claims;

/// <summary>Claims with the JSON types of OIDC Core §5.1, and nothing where nothing is known.</summary>
[Trait("oidc", "U2")]
[Trait("spec", "OIDC Core 5.1")]
public sealed class ClaimWriterTests
{
    [Theory]
    [InlineData("name", "\"Ada Lovelace\"")]
    [InlineData("given_name", "\"Ada\"")]
    [InlineData("middle_name", null)]
    [InlineData("nickname", null)]
    [InlineData("updated_at", "1769850000")]
    [InlineData("email", "\"ada@example.test\"")]
    [InlineData("email_verified", "false")]
    [InlineData("phone_number", null)]
    [InlineData("phone_number_verified", null)]
    [InlineData("portfolio_roles", "[\"trainee\"]")]
    [InlineData("address", "{\"formatted\":\"Leeds\\nLS1 1AA\",\"locality\":\"Leeds\",\"postal_code\":\"LS1 1AA\"}")]
    public void A_claim_has_its_type_or_is_left_out(string name, string? json)
    {
        Assert.Equal(json is null ? "{}" : $"{{\"{name}\":{json}}}", Written(name, Ada()));
    }

    [Theory]
    [InlineData("portfolio_roles")]
    [InlineData("address")]
    [InlineData("email_verified")]
    public void A_claim_of_nothing_is_left_out(string name)
    {
        var account = Ada();
        (account.PortfolioRoles, account.Address, account.Email) = ([], new PostalAddress { Country = "" }, null);

        Assert.Equal("{}", Written(name, account));
    }

    [Fact]
    [Trait("oidc", "U3")]
    [Trait("spec", "OIDC Core 5.4")]
    public void Profile_has_fourteen_claims_email_and_phone_two_and_address_one()
    {
        Assert.Equal(14, ClaimCatalogue.ForScopes(["profile"]).Count());
        Assert.Equal(["email", "email_verified"], ClaimCatalogue.ForScopes(["email"]).Select(claim => claim.Name));
        Assert.Equal(
            ["phone_number", "phone_number_verified"],
            ClaimCatalogue.ForScopes(["phone"]).Select(claim => claim.Name)
        );
        Assert.Equal(["address"], ClaimCatalogue.ForScopes(["address"]).Select(claim => claim.Name));
        Assert.Empty(ClaimCatalogue.ForScopes(["openid", "offline_access"]));
    }

    private static string Written(string name, Account account)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            ClaimWriter.Write(json, ClaimCatalogue.Find(name)!, account);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static Account Ada() =>
        new()
        {
            Id = Guid.Empty,
            Username = "lovelace1815",
            GivenName = "Ada",
            FamilyName = "Lovelace",
            Nickname = "",
            Email = "ada@example.test",
            Address = new PostalAddress { Locality = "Leeds", PostalCode = "LS1 1AA" },
            PortfolioRoles = ["trainee"],
            CreatedAt = DateTimeOffset.UnixEpoch,
            UpdatedAt = new DateTimeOffset(2026, 1, 31, 9, 0, 0, TimeSpan.Zero),
        };
}
