using AuthServer.Clients;
using Xunit;

namespace TestSupport.StorageContract;

/// <summary>Device and user codes (RFC 8628): one answer, one redemption, polls that are counted together.</summary>
public abstract class DeviceCodesContract : StorageContract
{
    private const string DeviceCodeGrant = "urn:ietf:params:oauth:grant-type:device_code";

    private static readonly ClientMetadata WardApp = new()
    {
        ClientName = "Ward tablet",
        GrantTypes = [DeviceCodeGrant],
        ResponseTypes = [],
        Scope = "openid",
        TokenEndpointAuthMethod = "none",
    };

    [Fact]
    public async Task Of_several_answers_to_one_code_the_first_one_counts()
    {
        using var browser = await Server.Given.LoggedInAsync(await Server.Given.AccountAsync());
        var (app, device, user) = await StartAsync();
        var question = (await browser.GetAsync($"/device?user_code={user}")).Ok();

        var answers = await Task.WhenAll(
            new[] { "Allow", "Deny", "Allow", "Deny" }.Select(button => browser.SubmitAsync(question, button: button))
        );

        var first = Assert.Single(answers, answer => answer.Location is not null).Location;
        var polled = await PollAsync(app, device);
        Assert.Equal(first?.AbsolutePath == "/device/allowed" ? "tokens" : "access_denied", polled);
    }

    [Fact]
    public async Task Of_several_polls_at_once_one_is_answered_and_one_gets_the_tokens()
    {
        using var browser = await Server.Given.LoggedInAsync(await Server.Given.AccountAsync());
        var (app, device, user) = await StartAsync();

        var pending = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => PollAsync(app, device)));
        await browser.SubmitAsync(await browser.GetAsync($"/device?user_code={user}"), button: "Allow");
        var allowed = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => PollAsync(app, device)));

        Assert.Equal(["authorization_pending", "slow_down", "slow_down", "slow_down"], pending.Order());
        Assert.Equal(["invalid_grant", "invalid_grant", "invalid_grant", "tokens"], allowed.Order());
    }

    private async Task<(RelyingParty App, string DeviceCode, string UserCode)> StartAsync()
    {
        var app = await Server.Given.RelyingPartyAsync(WardApp);
        var codes = (await app.PostAsync("/connect/device", new Dictionary<string, string> { ["scope"] = "openid" }))
            .Ok()
            .Json;
        return (app, codes.GetProperty("device_code").GetString()!, codes.GetProperty("user_code").GetString()!);
    }

    private static async Task<string> PollAsync(RelyingParty app, string deviceCode)
    {
        var answer = (
            await app.TokenAsync(
                new Dictionary<string, string> { ["grant_type"] = DeviceCodeGrant, ["device_code"] = deviceCode }
            )
        ).Json;
        return answer.TryGetProperty("error", out var error) ? error.GetString()! : "tokens";
    }
}
