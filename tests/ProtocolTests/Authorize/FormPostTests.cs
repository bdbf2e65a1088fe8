using System.Net;
using AngleSharp.Html.Dom;
using TestSupport;

namespace ProtocolTests.Authorize;

/// <summary>
/// <c>response_mode=form_post</c>: a page that posts the answer to the app (OAuth 2.0 Form Post Response Mode §2).
/// </summary>
[Trait("oidc", "A4")]
[Trait("spec", "OAuth 2.0 Form Post Response Mode 2")]
public sealed class FormPostTests(AuthServerFixture server) : IClassFixture<AuthServerFixture>
{
    private static readonly Dictionary<string, string?> FormPost = new() { ["response_mode"] = "form_post" };

    [Fact]
    [Trait("oidc", "A15")]
    public async Task The_code_is_in_a_form_that_posts_itself_and_in_no_address()
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();
        var attempt = app.Authorize(more: FormPost);

        var page = (await browser.GetAsync(attempt.Url)).Ok();

        var fields = FieldsOf(page, app);
        Assert.Equal(["code", "iss", "state"], fields.Keys.Order());
        Assert.Equal(attempt.State, fields["state"]);
        Assert.Equal(server.Issuer, fields["iss"]);
        Assert.Equal(HttpStatusCode.OK, (await app.RedeemAsync(fields["code"], attempt.Verifier)).Status);
        Assert.Null(page.Location);
        Assert.Equal("no-store", page.Headers["Cache-Control"]);
    }

    [Fact]
    public async Task The_script_that_posts_it_is_a_file_because_the_policy_allows_no_other()
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();

        var page = (await browser.GetAsync(app.Authorize(more: FormPost).Url)).Ok();
        var script = (await browser.GetAsync(page.One("script").GetAttribute("src")!)).Ok();

        Assert.Equal("", page.One("script").TextContent);
        Assert.Empty(page.All("[onload],[onclick],[style],style"));
        Assert.Contains("script-src 'self'", page.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", page.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", page.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.DoesNotContain("form-action", page.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.StartsWith("text/javascript", script.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.Contains("submit()", script.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_scripts_a_button_posts_it()
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();

        var page = (await browser.GetAsync(app.Authorize(more: FormPost).Url)).Ok();

        // With scripts off, what is in noscript is on the page.
        Assert.Equal("submit", page.One("noscript button").GetAttribute("type"));
    }

    [Theory]
    [InlineData("response_type", "token", "unsupported_response_type")]
    [InlineData("prompt", "dance", "invalid_request")]
    [InlineData("request", "abc", "request_not_supported")]
    [InlineData("max_age", "soon", "invalid_request")]
    [Trait("oidc", "A3")]
    public async Task Errors_are_posted_too(string name, string value, string error)
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();
        var attempt = app.Authorize(more: new Dictionary<string, string?>(FormPost) { [name] = value });

        var fields = FieldsOf((await browser.GetAsync(attempt.Url)).Ok(), app);

        Assert.Equal(["error", "error_description", "iss", "state"], fields.Keys.Order());
        Assert.Equal(error, fields["error"]);
        Assert.Equal(attempt.State, fields["state"]);
    }

    [Fact]
    [Trait("oidc", "A6")]
    public async Task Nobody_logged_in_is_posted_too()
    {
        using var stranger = server.NewBrowser();
        var app = await server.Given.RelyingPartyAsync();
        var attempt = app.Authorize(more: new Dictionary<string, string?>(FormPost) { ["prompt"] = "none" });

        Assert.Equal("login_required", FieldsOf((await stranger.GetAsync(attempt.Url)).Ok(), app)["error"]);
    }

    [Theory]
    [InlineData("\"><script>alert(1)</script>")]
    [InlineData("' onmouseover='alert(1)")]
    [InlineData("&quot;&amp;<b>é€😀")]
    [Trait("oidc", "X6")]
    public async Task A_state_full_of_markup_comes_back_as_it_was_and_does_nothing(string state)
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();
        var attempt = app.Authorize(more: new Dictionary<string, string?>(FormPost) { ["state"] = state });

        var page = (await browser.GetAsync(attempt.Url)).Ok();

        Assert.Equal(state, FieldsOf(page, app)["state"]);
        Assert.Single(page.All("script"));
        Assert.DoesNotContain("<script>alert", page.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_with_a_query_and_ampersands_is_the_forms_target_unchanged()
    {
        const string Uri = "https://app.example.test/callback?a=1&b=\"2\"";
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync(ProtocolSteps.EveryScope with { RedirectUris = [Uri] });

        var page = (await browser.GetAsync(app.Authorize(more: FormPost).Url)).Ok();

        Assert.Equal(Uri, page.One("form").GetAttribute("action"));
    }

    private static Dictionary<string, string> FieldsOf(Page page, RelyingParty app)
    {
        var form = Assert.IsAssignableFrom<IHtmlFormElement>(page.One("form"));
        Assert.Equal("text/html; charset=utf-8", page.Headers["Content-Type"]);
        Assert.Equal(app.RedirectUri, form.GetAttribute("action"));
        Assert.Equal("post", form.Method);

        // Left at the default, the browser sends exactly application/x-www-form-urlencoded.
        Assert.Null(form.GetAttribute("enctype"));
        return page.All("form input")
            .Cast<IHtmlInputElement>()
            .ToDictionary(input => input.Name!, input => input.Type == "hidden" ? input.Value : "not hidden");
    }
}
