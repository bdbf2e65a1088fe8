using TestSupport;

namespace ProtocolTests.EndSession;

/// <summary>What apps and people do to log out.</summary>
internal static class EndSessionSteps
{
    public const string EndSessionPath = "/connect/endsession";

    /// <summary>A person in a browser, logged in to an app.</summary>
    public static async Task<(TestBrowser Browser, RelyingParty App, Tokens Tokens)> SignedInToAnAppAsync(
        this AuthServerFixture server
    )
    {
        var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();
        return (browser, app, await app.SignInAsync(browser));
    }

    public static Task<Page> AskAsync(TestBrowser browser, string method, Dictionary<string, string?> parameters)
    {
        var fields = parameters.Where(p => p.Value is not null).Select(p => KeyValuePair.Create(p.Key, p.Value!));
        return method == "GET"
            ? browser.GetAsync($"{EndSessionPath}?{Query.Of(fields)}")
            : browser.PostAsync(EndSessionPath, fields);
    }

    /// <summary>The user presses "Log out" on the page, and the browser follows where that leads.</summary>
    public static async Task<Page> ConfirmAsync(TestBrowser browser, Page asked)
    {
        Assert.NotEmpty(asked.TicketFor("/log-out"));
        var confirmed = await browser.SubmitAsync(
            await browser.GetAsync(asked.Location!.PathAndQuery),
            new Dictionary<string, string>(),
            "main form"
        );
        return await browser.GetAsync(confirmed.Location!.PathAndQuery);
    }

    public static Task<Page> ComeBackAsync(TestBrowser browser, Page putAside) =>
        browser.GetAsync(putAside.Location!.PathAndQuery);

    public static async Task IsLoggedOutAsync(TestBrowser browser, RelyingParty app) =>
        Assert.Equal(
            "login_required",
            await app.RefusedAsync(
                browser,
                app.Authorize(more: new Dictionary<string, string?> { ["prompt"] = "none" })
            )
        );
}
