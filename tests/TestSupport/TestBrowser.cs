using System.Net;
using System.Security.Cryptography.X509Certificates;
using AngleSharp.Html.Dom;
using Xunit;

namespace TestSupport;

/// <summary>
/// One person's browser, without JavaScript: it keeps cookies, shows each redirect instead of following it, and sends
/// forms with all that stands in them, so antiforgery stays on.
/// </summary>
public sealed class TestBrowser : IDisposable
{
    private readonly AuthServerFixture _server;
    private readonly CookieContainer _cookies = new();
    private readonly HttpClient _http;

    /// <param name="server">Where it goes.</param>
    /// <param name="certificate">What it shows when it is asked for a certificate, with its private key.</param>
    public TestBrowser(AuthServerFixture server, X509Certificate2? certificate = null)
    {
        _server = server;
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = _cookies };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) =>
            certificate?.GetCertHashString() == server.Certificate?.Thumbprint;
        if (certificate is not null)
        {
            handler.SslOptions.ClientCertificates = [certificate];
            handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate;
        }

        _http = new HttpClient(handler) { BaseAddress = new Uri(server.Issuer) };
        _http.DefaultRequestHeaders.UserAgent.ParseAdd("Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36");
        _http.DefaultRequestHeaders.Accept.ParseAdd("text/html,application/xhtml+xml,*/*;q=0.8");
    }

    public IReadOnlyList<Cookie> Cookies => [.. _cookies.GetAllCookies().Cast<Cookie>()];

    /// <summary>Puts a cookie into the browser.</summary>
    public void Keep(Cookie cookie) => _cookies.Add(new Uri(_server.Issuer), cookie);

    /// <summary>Removes a cookie, as a person does who clears their browser.</summary>
    public void Forget(string name)
    {
        foreach (var cookie in _cookies.GetAllCookies().Where(cookie => cookie.Name == name))
        {
            cookie.Expired = true;
        }
    }

    /// <param name="url">A path of the server, or an absolute URL.</param>
    public Task<Page> GetAsync(string url) => SendAsync(new HttpRequestMessage(HttpMethod.Get, url));

    /// <summary>Sends fields as they are: for requests that are not made by one of our forms.</summary>
    public Task<Page> PostAsync(string url, IEnumerable<KeyValuePair<string, string>> fields) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, url) { Content = new FormUrlEncodedContent(fields) });

    /// <summary>Fills in a form of the page and presses its button.</summary>
    /// <param name="page">A page that was got before.</param>
    /// <param name="typed">What is typed, by field name.</param>
    /// <param name="form">Which form, as a CSS selector; null: the only one there is in <c>main</c>, or on the
    /// page.</param>
    /// <param name="button">The name of the button, when it has one that matters.</param>
    public Task<Page> SubmitAsync(
        Page page,
        IReadOnlyDictionary<string, string>? typed = null,
        string? form = null,
        string? button = null
    )
    {
        var inMain = page.All(form ?? "main form");
        var found = inMain.Count == 0 && form is null ? page.All("form") : inMain;
        var chosen = Assert.IsAssignableFrom<IHtmlFormElement>(Assert.Single(found));
        var fields = Html.Fill(chosen, typed ?? new Dictionary<string, string>(), button);
        var action = new Uri(page.Url, chosen.GetAttribute("action") ?? "");
        return chosen.Method == "post"
            ? PostAsync(action.AbsoluteUri, fields)
            : GetAsync($"{action.GetLeftPart(UriPartial.Path)}?{Query.Of(fields)}");
    }

    /// <summary>Follows redirects for as long as they stay on this server.</summary>
    /// <returns>The first answer that is no redirect, or that redirects to somebody else.</returns>
    public async Task<Page> FollowAsync(Page page)
    {
        for (
            var hops = 0;
            page.Location is { } next && next.GetLeftPart(UriPartial.Authority) == _server.Issuer;
            hops++
        )
        {
            Assert.True(hops < 10, $"Redirects without end, last to {next}.");
            page = await GetAsync(next.AbsoluteUri);
        }

        return page;
    }

    /// <summary>Opens an address and follows its redirects on this server.</summary>
    public async Task<Page> OpenAsync(string url) => await FollowAsync(await GetAsync(url));

    /// <summary>Logs in on the log-in page that is shown, and goes on to where that leads.</summary>
    public async Task<Page> LogInAsync(Page logInPage, string username, string password) =>
        await FollowAsync(
            await SubmitAsync(
                logInPage,
                new Dictionary<string, string> { ["Username"] = username, ["Password"] = password }
            )
        );

    /// <summary>Sends any request with this browser's cookies.</summary>
    public async Task<Page> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            using var response = await _http.SendAsync(request);
            var headers = response
                .Headers.Concat(response.Content.Headers)
                .ToDictionary(
                    header => header.Key,
                    header => string.Join(", ", header.Value),
                    StringComparer.OrdinalIgnoreCase
                );
            var url = request.RequestUri ?? throw new InvalidOperationException("The request has no address.");
            return new Page(
                url.IsAbsoluteUri ? url : new Uri(new Uri(_server.Issuer), url),
                response.StatusCode,
                headers,
                await response.Content.ReadAsStringAsync()
            );
        }
    }

    public void Dispose() => _http.Dispose();
}
