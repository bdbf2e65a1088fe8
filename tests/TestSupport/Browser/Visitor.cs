using System.Collections.Concurrent;
using Microsoft.Playwright;
using Xunit;

namespace TestSupport.Browser;

/// <summary>
/// One person at a browser of their own (a fresh profile). When they leave, the test fails if a page asked any other
/// origin than the test's own servers for anything, broke its content security policy, or threw in its script.
/// </summary>
public sealed class Visitor : IAsyncDisposable
{
    private readonly ConcurrentBag<string> _complaints = [];
    private readonly HashSet<string> _origins;
    private readonly IBrowserContext _context;

    private Visitor(IBrowserContext context, IPage page, IEnumerable<string> origins)
    {
        (_context, Page) = (context, page);
        _origins = [.. origins.Select(origin => new Uri(origin).GetLeftPart(UriPartial.Authority))];
        _context.Request += (_, request) => CheckOrigin(request.Url);
        _context.Console += (_, message) => CheckConsole(message.Text);
        _context.WebError += (_, error) => _complaints.Add($"A script threw on {error.Page?.Url}: {error.Error}");
    }

    /// <summary>The tab they look at.</summary>
    public IPage Page { get; }

    public IBrowserContext Context => _context;

    /// <param name="origins">The test's servers: the issuer, and the apps if there are any.</param>
    /// <param name="device">The size of the window, and touch.</param>
    /// <param name="javaScript">False: as for somebody who has it switched off.</param>
    public static async Task<Visitor> ArriveAsync(
        IEnumerable<string> origins,
        Device device = Device.Desktop,
        bool javaScript = true
    )
    {
        var browser = await Chromium.GetAsync();
        var options = device.Options();
        options.JavaScriptEnabled = javaScript;
        options.IgnoreHTTPSErrors = true;
        options.Locale = "en-GB";
        options.TimezoneId = "Europe/London";
        var context = await browser.NewContextAsync(options);
        context.SetDefaultTimeout(30_000);
        return new Visitor(context, await context.NewPageAsync(), origins);
    }

    /// <summary>
    /// As <see cref="ArriveAsync(IEnumerable{string}, Device, bool)"/>, where there is one server and no app.
    /// </summary>
    public static Task<Visitor> ArriveAsync(
        AuthServerFixture server,
        Device device = Device.Desktop,
        bool javaScript = true
    ) => ArriveAsync([server.Issuer], device, javaScript);

    /// <summary>Types both into the log-in page that is shown, as they are, and presses the button.</summary>
    public async Task LogInAsync(string username, string password)
    {
        await Page.FillAsync("input[name=Username]", username);
        await Page.FillAsync("input[name=Password]", password);
        await Page.ClickAsync("main form button[type=submit]");
    }

    /// <summary>Types a new password into the page behind a link, and presses the button.</summary>
    public async Task ChooseAsync(string password)
    {
        await Page.FillAsync("input[name=NewPassword]", password);
        await Page.ClickAsync("main form button[type=submit]");
    }

    /// <summary>Keeps a picture of the whole page for somebody to look at.</summary>
    /// <returns>The file: <c>TestResults/screenshots/NAME.png</c> of the project that runs.</returns>
    public async Task<string> PictureAsync(string name)
    {
        var file = Path.GetFullPath(
            Path.Combine(AppContext.BaseDirectory, "../../../TestResults/screenshots", name + ".png")
        );
        await Page.ScreenshotAsync(new PageScreenshotOptions { Path = file, FullPage = true });
        return file;
    }

    public async ValueTask DisposeAsync()
    {
        await _context.CloseAsync();
        Assert.Empty(_complaints);
    }

    private void CheckOrigin(string url)
    {
        var uri = new Uri(url);
        if (
            uri.Scheme is "http" or "https" or "ws" or "wss"
            && !_origins.Contains(uri.GetLeftPart(UriPartial.Authority))
        )
        {
            _complaints.Add($"A page asked a stranger for something: {url}");
        }
    }

    private void CheckConsole(string message)
    {
        if (message.Contains("Content Security Policy", StringComparison.OrdinalIgnoreCase))
        {
            _complaints.Add($"A page broke its content security policy: {message}");
        }
    }
}
