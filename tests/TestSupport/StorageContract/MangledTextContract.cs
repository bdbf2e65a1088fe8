using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Recovery.Cases;
using Xunit;

namespace TestSupport.StorageContract;

/// <summary>
/// Every token, cookie, ticket, path, query and form field that the program reads, mangled: the answer says that the
/// sender is wrong, never that the server is. On both databases, because they differ in what text they take.
/// </summary>
public abstract class MangledTextContract : StorageContract
{
    /// <summary>A page that ends the session of the browser that posts to it: it is sent no cookies.</summary>
    private const string LogOut = "log-out";

    protected override IReadOnlyDictionary<string, string?> Settings =>
        new Dictionary<string, string?>
        {
            ["Limits:PerAddress:PagesPerSecond"] = "10000000",
            ["Limits:PerAddress:LogInsPerMinute"] = "10000000",
        };

    [Fact]
    public async Task A_mangled_reset_link_is_not_complete()
    {
        var link = await ResetLinkAsync();
        using var browser = Server.NewBrowser();
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

        foreach (
            var mangled in Alphabet
                .Where(last => last != link[^1])
                .Select(last => link[..^1] + last)
                .Append(link.ToLowerInvariant())
        )
        {
            var page = await browser.GetAsync(mangled);
            Assert.Equal((404, "This link is not complete"), ((int)page.Status, page.Heading));
        }

        Assert.Equal(200, (int)(await browser.GetAsync(link)).Status);
    }

    [Fact]
    public async Task No_mangled_link_is_answered_with_a_500()
    {
        using var person = new Claimant(Server);
        var confirm = await person.SendAsync();
        string[] links =
        [
            await ResetLinkAsync(),
            confirm,
            .. new[] { CasePaths.Status, CasePaths.Answer, CasePaths.Stop, CasePaths.Resume }.Select(path =>
                $"{path}/{confirm.Split('/')[^1]}"
            ),
        ];
        using var browser = Server.NewBrowser();
        var (headers, form) = await FormAsync(browser, "/forgotten-login-details");
        var requests = new List<string>();
        foreach (var link in links)
        {
            var (path, token) = (link[..(link.LastIndexOf('/') + 1)], link.Split('/')[^1]);
            foreach (
                var mangled in MangledText
                    .Of(token, every: path.StartsWith("/reset", StringComparison.Ordinal) ? 1 : 5)
                    .Concat(MangledText.Odd)
            )
            {
                requests.Add(ManyRequests.Get(path + mangled));
                requests.Add(ManyRequests.Post(path + mangled, form, headers));
            }
        }

        foreach (var mangled in MangledText.Of(links[0].Split('/')[^1], every: 3).Concat(MangledText.Odd))
        {
            requests.Add(
                ManyRequests.Post(
                    "/reset-password",
                    $"{form}&Token={mangled}&NewPassword=four+green+bicycles+uphill",
                    headers
                )
            );
            requests.Add(
                ManyRequests.Post("/reset-password?handler=strength", $"{form}&Token={mangled}&NewPassword=x", headers)
            );
        }

        await Server.NoneFailsAsync(requests);
    }

    [Fact]
    public async Task No_mangled_cookie_is_answered_with_a_500()
    {
        var account = await Server.Given.AccountAsync("o\u2019brien4821");
        using var browser = await Server.Given.LoggedInAsync(account);
        using var person = new Claimant(Server);
        await person.BeginAsync();
        using var failed = Server.NewBrowser();
        await failed.LogInAsync(await failed.GetAsync("/log-in"), "nobody1234", "a wrong password");
        using var known = Server.NewBrowser();
        var logIn = await known.GetAsync("/log-in");
        await known.SubmitAsync(
            logIn,
            new Dictionary<string, string>
            {
                ["Username"] = account.Username,
                ["Password"] = account.Password,
                ["RememberUsername"] = "true",
            }
        );
        var cookies = new[] { browser, person.Browser, failed, known }
            .SelectMany(each => each.Cookies)
            .DistinctBy(cookie => cookie.Name)
            .ToList();
        Assert.InRange(cookies.Count, 5, 20);
        string[] pages =
        [
            "/log-in",
            "/account",
            "/help/unable-to-log-in",
            "/support-case",
            "/support-case/name",
            "/connect/authorize",
            "/consent",
        ];

        await Server.NoneFailsAsync([
            .. from cookie in cookies
            from value in MangledText
                .Of(cookie.Value, every: Math.Max(1, cookie.Value.Length / 20))
                .Concat(MangledText.Odd)
            from page in cookie.Name == "session" ? pages : pages[..5]
            select ManyRequests.Get(page, $"Cookie: {cookie.Name}={value}\r\n"),
            .. from cookie in cookies
            from value in MangledText
                .Of(cookie.Value, every: Math.Max(1, cookie.Value.Length / 20))
                .Concat(MangledText.Odd)
            select ManyRequests.Post("/log-in", "Username=nobody1234&Password=x", $"Cookie: {cookie.Name}={value}\r\n"),
        ]);
    }

    [Fact]
    public async Task No_field_of_any_page_however_odd_is_answered_with_a_500()
    {
        var (_, browser) = await Server.OfficerAsync();
        using var closing = browser;
        using var person = new Claimant(Server);
        await person.BeginAsync();
        foreach (
            var cookie in person.Browser.Cookies.Where(cookie => browser.Cookies.All(own => own.Name != cookie.Name))
        )
        {
            browser.Keep(cookie);
        }

        var reference = (await Server.OpenCaseAsync()).Reference;
        var token = (await ResetLinkAsync()).Split('/')[^1];
        var (headers, form) = await FormAsync(browser, "/support-case/name");
        var (_, anonymousForm) = await FormAsync(browser, "/log-in?again=true");
        var requests = new List<string>();
        foreach (var page in await PagesAsync())
        {
            var template = page.AttributeRouteInfo?.Template ?? "";
            var path =
                "/"
                + template
                    .Replace("{reference}", reference, StringComparison.Ordinal)
                    .Replace("{token}", token, StringComparison.Ordinal)
                    .Replace("/{token?}", "", StringComparison.Ordinal)
                    .Replace("/{name?}", "", StringComparison.Ordinal)
                    .Replace("/{handler?}", "", StringComparison.Ordinal);
            var sent = template == LogOut ? "" : headers;
            string[] fields =
            [
                .. page.BoundProperties.Select(property => property.BindingInfo?.BinderModelName ?? property.Name),
            ];
            foreach (
                var (name, value) in from name in fields.Append("handler").Append("change")
                from value in MangledText.Odd
                select (name, value)
            )
            {
                requests.Add(ManyRequests.Get($"{path}?{name}={value}", sent));
            }

            requests.AddRange(
                MangledText
                    .Odd.Where(odd => odd.Length > 0)
                    .Select(odd =>
                        ManyRequests.Get(
                            "/"
                                + template
                                    .Replace("{reference}", odd, StringComparison.Ordinal)
                                    .Replace("{token}", odd, StringComparison.Ordinal)
                                    .Replace("{token?}", odd, StringComparison.Ordinal)
                                    .Replace("{name?}", odd, StringComparison.Ordinal)
                                    .Replace("{handler?}", odd, StringComparison.Ordinal),
                            sent
                        )
                    )
            );
            foreach (var handler in page.HandlerMethods.Where(handler => handler.HttpMethod == "POST"))
            {
                var target = handler.Name is { } named ? $"{path}?handler={named}" : path;
                string[] all = [.. fields, .. handler.Parameters.Select(parameter => parameter.Name), "later"];
                var working = await WorkingFormAsync(target, sent, form, anonymousForm);
                foreach (var (name, value) in from name in all from value in MangledText.Odd select (name, value))
                {
                    var others = string.Concat(
                        all[..^1].Where(other => other != name).Select(other => $"&{other}={Usual(other, token)}")
                    );
                    requests.Add(ManyRequests.Post(target, $"{working}{others}&{name}={value}", sent));
                }

                requests.Add(ManyRequests.Post(target, $"{working}&{all[0]}={new string('x', 60_000)}", sent));
                requests.Add(ManyRequests.Post(target, $"{working}&{all[0]}={new string('x', 80_000)}", sent));
            }
        }

        Assert.InRange(requests.Count, 4_000, 20_000);
        await Server.NoneFailsAsync(requests);
    }

    [Fact]
    [Trait("spec", "RFC 9110 15.6")]
    public async Task No_mangled_token_of_an_app_is_answered_with_a_500()
    {
        var app = await Server.Given.RelyingPartyAsync();
        var account = await Server.Given.AccountAsync();
        using var browser = await Server.Given.LoggedInAsync(account);
        var tokens = await app.SignInAsync(browser);
        var attempt = app.Authorize();
        var code = app.Callback(await browser.OpenAsync(attempt.Url), attempt)["code"];
        using var stranger = Server.NewBrowser();
        var logIn = (await stranger.GetAsync(app.Authorize().Url)).Location!;
        var ticket = Query.Read(logIn).Values.First();
        var authorization = $"Authorization: {RelyingParty.Basic(app.Client.ClientId, app.Client.Secret!)}\r\n";
        var redirect = Uri.EscapeDataString(app.RedirectUri);

        await Server.NoneFailsAsync([
            .. Few(code)
                .Select(odd =>
                    ManyRequests.Post(
                        "/connect/token",
                        $"grant_type=authorization_code&code={odd}&redirect_uri={redirect}&code_verifier={attempt.Verifier}",
                        authorization
                    )
                ),
            .. Few(attempt.Verifier)
                .Select(odd =>
                    ManyRequests.Post(
                        "/connect/token",
                        $"grant_type=authorization_code&code=x&redirect_uri={redirect}&code_verifier={odd}",
                        authorization
                    )
                ),
            .. Few(tokens.RefreshToken!)
                .SelectMany(odd =>
                    new[]
                    {
                        ManyRequests.Post(
                            "/connect/token",
                            $"grant_type=refresh_token&refresh_token={odd}",
                            authorization
                        ),
                        ManyRequests.Post("/connect/revoke", $"token={odd}", authorization),
                        ManyRequests.Post("/connect/introspect", $"token={odd}", authorization),
                    }
                ),
            .. Few(tokens.AccessToken)
                .SelectMany(odd =>
                    new[]
                    {
                        ManyRequests.Get("/connect/userinfo", $"Authorization: Bearer {odd}\r\n"),
                        ManyRequests.Post("/connect/userinfo", $"access_token={odd}"),
                        ManyRequests.Post("/connect/introspect", $"token={odd}", authorization),
                    }
                ),
            .. Few(tokens.IdToken)
                .SelectMany(odd =>
                    new[]
                    {
                        ManyRequests.Get($"/connect/endsession?id_token_hint={odd}"),
                        ManyRequests.Get($"/connect/authorize?{attempt.Url.Split('?')[1]}&id_token_hint={odd}"),
                    }
                ),
            .. Few(ticket)
                .SelectMany(odd =>
                    new[]
                    {
                        "/log-in",
                        "/consent",
                        "/connect/authorize",
                        "/log-out",
                        "/connect/endsession",
                        "/forgotten-login-details",
                    }.Select(path => ManyRequests.Get($"{path}?ticket={odd}"))
                ),
            .. Few(app.Client.Secret!)
                .Select(odd =>
                    ManyRequests.Post(
                        "/connect/token",
                        $"grant_type=client_credentials&client_id={app.Client.ClientId}&client_secret={odd}"
                    )
                ),
            .. Few(app.Client.ClientId)
                .SelectMany(odd =>
                    new[]
                    {
                        ManyRequests.Get(
                            $"/connect/authorize?response_type=code&client_id={odd}&redirect_uri={redirect}"
                        ),
                        ManyRequests.Get($"/app-logo/{odd}"),
                    }
                ),
        ]);
    }

    private static IEnumerable<string> Few(string text) =>
        MangledText.Of(text, every: Math.Max(1, text.Length / 12)).Concat(MangledText.Odd);

    private static string Usual(string field, string token) =>
        field switch
        {
            "Token" => token,
            "Email" => "anna%40example.test",
            "Username" => "nobody1234",
            "Password" or "NewPassword" => "four+green+bicycles+uphill",
            _ => "x",
        };

    private async Task<string> ResetLinkAsync()
    {
        var email = $"{Guid.NewGuid():N}@example.test";
        await Server.Given.AccountAsync(more: account => (account.Email, account.EmailVerified) = (email, true));
        return await new Forgotten(Server).LinkAsync(email);
    }

    /// <returns>The cookies of a browser as a header, and the hidden field that its forms carry.</returns>
    private static async Task<(string Headers, string Field)> FormAsync(TestBrowser browser, string path)
    {
        var page = (await browser.GetAsync(path)).Ok();
        var token = page.All("input[name=__RequestVerificationToken]")[0].GetAttribute("value");
        return (
            $"Cookie: {string.Join("; ", browser.Cookies.Select(cookie => $"{cookie.Name}={cookie.Value}"))}\r\n",
            $"__RequestVerificationToken={token}"
        );
    }

    /// <summary>Forms of some pages are tied to who is logged in, forms of others are not.</summary>
    private async Task<string> WorkingFormAsync(string target, string headers, string form, string anonymousForm) =>
        await RawRequest.StatusAsync(Server.Issuer, ManyRequests.Post(target, form, headers)) == 400
            ? anonymousForm
            : form;

    private Task<IReadOnlyList<CompiledPageActionDescriptor>> PagesAsync() =>
        Server.InScopeAsync(async services =>
        {
            var loader = services.GetRequiredService<PageLoader>();
            var pages = new List<CompiledPageActionDescriptor>();
            foreach (
                var page in services
                    .GetRequiredService<IActionDescriptorCollectionProvider>()
                    .ActionDescriptors.Items.OfType<PageActionDescriptor>()
            )
            {
                pages.Add(await loader.LoadAsync(page, Microsoft.AspNetCore.Http.EndpointMetadataCollection.Empty));
            }

            return (IReadOnlyList<CompiledPageActionDescriptor>)pages;
        });
}
