using Microsoft.Playwright;

namespace TestSupport.Browser;

/// <summary>
/// The Chromium of this machine, started when the first test asks for it and closed when the tests are over.
/// </summary>
public static class Chromium
{
    private static readonly string[] Flags =
    [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
        // Whatever a page asks for from elsewhere fails at once, the same on every machine; the visitor notes that it
        // was asked.
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    ];

    private static readonly string[] Paths =
    [
        "/usr/bin/chromium",
        "/usr/bin/chromium-browser",
        "/usr/bin/google-chrome",
    ];

    /// <summary>A machine that runs all the tests may be slow.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private static readonly Lazy<Task<IBrowser>> Started = new(StartAsync);

    internal static Task<IBrowser> GetAsync() => Started.Value;

    private static async Task<IBrowser> StartAsync()
    {
        var program =
            Paths.FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException("Chromium is not installed. On Debian: apt-get install chromium.");
        Assertions.SetDefaultExpectTimeout((float)LongestWait.TotalMilliseconds);
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions
            {
                ExecutablePath = program,
                Headless = true,
                Args = Flags,
            }
        );
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            browser.CloseAsync().Wait(TimeSpan.FromSeconds(5));
            playwright.Dispose();
        };
        return browser;
    }
}
