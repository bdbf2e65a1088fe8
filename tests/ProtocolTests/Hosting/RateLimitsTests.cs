using System.Net;
using TestSupport;

namespace ProtocolTests.Hosting;

public sealed class RateLimitsTests
{
    private static readonly Dictionary<string, string?> Few = new()
    {
        ["Limits:PerAddress:LogInsPerMinute"] = "2",
        ["Limits:PerAddress:ProtocolPerSecond"] = "1",
    };

    [Fact]
    public async Task Too_many_log_ins_from_one_address_are_told_when_to_try_again()
    {
        await using var server = await AuthServerFixture.StartAsync(settings: Few);
        using var browser = server.NewBrowser();

        Page[] answers = [.. await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => browser.PostAsync("/log-in", [])))];

        var refused = Assert.Single(answers, answer => answer.Status == HttpStatusCode.TooManyRequests);
        Assert.InRange(int.Parse(refused.Headers["Retry-After"], null), 1, 60);
        Assert.NotEqual(HttpStatusCode.TooManyRequests, (await browser.GetAsync("/log-in")).Status);
    }

    [Fact]
    [Trait("spec", "RFC 6585 4")]
    public async Task Too_many_token_requests_get_an_error_that_an_app_can_read()
    {
        await using var server = await AuthServerFixture.StartAsync(settings: Few);
        using var browser = server.NewBrowser();

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => browser.PostAsync("/connect/token", [])));

        var refused = answers.First(answer => answer.Status == HttpStatusCode.TooManyRequests);
        Assert.Equal("temporarily_unavailable", refused.Json.GetProperty("error").GetString());
        Assert.True(refused.Headers.ContainsKey("Retry-After"));
    }

    [Theory]
    [InlineData(null, null, true)]
    [InlineData("ForwardedHeaders:KnownProxies:0", "127.0.0.1", false)]
    [InlineData("ForwardedHeaders:KnownNetworks:0", "127.0.0.0/8", false)]
    [InlineData("ForwardedHeaders:KnownProxies:0", "10.1.1.1", true)]
    public async Task Only_a_trusted_proxy_is_believed_about_who_asks(string? key, string? value, bool counted)
    {
        var settings = new Dictionary<string, string?>(Few);
        if (key is not null)
        {
            settings[key] = value;
        }

        await using var server = await AuthServerFixture.StartAsync(settings: settings);
        using var browser = server.NewBrowser();
        List<HttpStatusCode> answers = [];
        for (var i = 1; i <= 5; i++)
        {
            var request = new HttpRequestMessage(HttpMethod.Post, "/log-in");
            request.Headers.Add("X-Forwarded-For", $"192.0.2.{i}");
            answers.Add((await browser.SendAsync(request)).Status);
        }

        Assert.Equal(counted, answers.Contains(HttpStatusCode.TooManyRequests));
    }
}
