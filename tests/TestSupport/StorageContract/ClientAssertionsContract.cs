using System.Net;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace TestSupport.StorageContract;

/// <summary>A client assertion is used once, however many requests bring it at the same moment (RFC 7523 §3).</summary>
public abstract class ClientAssertionsContract : StorageContract
{
    [Fact]
    public async Task Of_ten_requests_with_the_same_assertion_one_is_believed()
    {
        using var key = new ClientKey();
        var client = await Server.Given.ClientAsync(ClientKey.Service(key));
        var assertion = key.Sign(ClientKey.Claims(client.ClientId, Server.Issuer, Server.Now));

        var pages = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => AskAsync(assertion)));

        Assert.Single(pages, page => page.Status == HttpStatusCode.OK);
        Assert.Equal(9, pages.Count(page => page.Status == HttpStatusCode.Unauthorized));
        var row = Assert.Single(await Server.InDatabaseAsync(db => db.Tokens.AsNoTracking().ToListAsync()));
        Assert.Equal(Server.Now.AddMinutes(1).UtcDateTime, row.ExpirationDate);
        Assert.Equal(client.ClientId, row.Subject);
    }

    private async Task<Page> AskAsync(string assertion)
    {
        using var app = Server.NewBrowser();
        return await app.PostAsync(
            RelyingParty.TokenPath,
            new Dictionary<string, string>
            {
                ["grant_type"] = "client_credentials",
                ["client_assertion"] = assertion,
                ["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            }
        );
    }
}
