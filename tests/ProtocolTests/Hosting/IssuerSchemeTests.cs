using System.Net.Http.Headers;
using TestSupport;

namespace ProtocolTests.Hosting;

/// <summary>TLS ends at a proxy, and the server behind it is asked over http.</summary>
public sealed class IssuerSchemeTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("spec", "RFC 6265bis 4.1.3.2")]
    public async Task Cookies_are_secure_because_of_the_issuer_whatever_the_proxy_says(bool proxySaysWhoAsks)
    {
        await using var server = await BehindProxyAsync();
        var account = await server.Given.AccountAsync();
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });

        var form = await SendAsync(http, server, HttpMethod.Get, proxySaysWhoAsks);
        var loggedIn = await SendAsync(
            http,
            server,
            HttpMethod.Post,
            proxySaysWhoAsks,
            form.Cookies,
            new()
            {
                ["Username"] = account.Username,
                ["Password"] = account.Password,
                ["__RequestVerificationToken"] =
                    Html.Parse(form.Body).QuerySelector("[name=__RequestVerificationToken]")?.GetAttribute("value")
                    ?? "",
            }
        );

        string[] cookies = [.. form.Cookies, .. loggedIn.Cookies];
        Assert.Contains(cookies, cookie => cookie.StartsWith("__Host-form=", StringComparison.Ordinal));
        Assert.Contains(cookies, cookie => cookie.StartsWith("__Host-session=", StringComparison.Ordinal));
        Assert.All(cookies, cookie => Assert.Contains("secure", cookie, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task One_warning_names_the_proxy_that_is_not_trusted()
    {
        await using var server = await BehindProxyAsync();
        using var http = new HttpClient();
        for (var i = 0; i < 3; i++)
        {
            await SendAsync(http, server, HttpMethod.Get, proxySaysWhoAsks: true);
        }

        var warning = Assert.Single(server.Log.Lines, line => line.Id == 1006);
        Assert.Contains("127.0.0.1", warning.Text, StringComparison.Ordinal);
        Assert.Contains("ForwardedHeaders:KnownProxies", warning.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1", true)] // trusted
    [InlineData(null, false)] // no proxy: a health check of the machine itself, say
    public async Task There_is_no_warning_otherwise(string? trusted, bool proxySaysWhoAsks)
    {
        await using var server = await BehindProxyAsync(trusted);
        using var http = new HttpClient();

        await SendAsync(http, server, HttpMethod.Get, proxySaysWhoAsks);

        Assert.DoesNotContain(server.Log.Lines, line => line.Id == 1006);
    }

    private static Task<AuthServerFixture> BehindProxyAsync(string? trusted = null) =>
        AuthServerFixture.StartAsync(
            settings: new Dictionary<string, string?>
            {
                ["Issuer"] = "https://auth.example.nhs.uk",
                ["ForwardedHeaders:KnownProxies:0"] = trusted,
            }
        );

    private static async Task<(string Body, string[] Cookies)> SendAsync(
        HttpClient http,
        AuthServerFixture server,
        HttpMethod method,
        bool proxySaysWhoAsks,
        string[]? cookies = null,
        Dictionary<string, string>? fields = null
    )
    {
        using var request = new HttpRequestMessage(method, $"{server.Issuer}/log-in");
        request.Headers.Host = "auth.example.nhs.uk";
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/html"));
        request.Content = fields is null ? null : new FormUrlEncodedContent(fields);
        if (cookies is not null)
        {
            request.Headers.Add("Cookie", cookies.Select(cookie => cookie.Split(';')[0]));
        }

        if (proxySaysWhoAsks)
        {
            request.Headers.Add("X-Forwarded-For", "192.0.2.7");
            request.Headers.Add("X-Forwarded-Proto", "https");
        }

        using var answer = await http.SendAsync(request);
        return (
            await answer.Content.ReadAsStringAsync(),
            answer.Headers.TryGetValues("Set-Cookie", out var set) ? [.. set] : []
        );
    }
}
