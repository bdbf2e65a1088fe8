using System.Data.Common;
using System.Net;
using System.Text.RegularExpressions;
using AuthServer.Clients;
using AuthServer.Protocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using TestSupport;

namespace ProtocolTests.Pages;

/// <summary>What happened, what to do, the way back, and a reference that the log has too.</summary>
public sealed partial class ErrorPageTests : IAsyncLifetime
{
    private AuthServerFixture _server = null!;
    private string _clientId = "";

    public async Task InitializeAsync()
    {
        _server = await StartAsync("Production");
        _clientId = (
            await _server.Given.ClientAsync(
                new ClientMetadata
                {
                    ClientName = "Portfolio",
                    ClientUri = "https://app.example.test/",
                    RedirectUris = [Given.RedirectUri],
                }
            )
        ).ClientId;
    }

    public Task DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task An_unknown_address_is_a_page_that_says_so()
    {
        using var browser = _server.NewBrowser();

        var page = await browser.GetAsync("/nothing-is-here");

        Assert.Equal(HttpStatusCode.NotFound, page.Status);
        Assert.Equal("Page not found", page.Heading);
        Assert.Equal("Page not found – NHS ePortfolios", page.Document.Title);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    [InlineData("DELETE")]
    public async Task A_failure_shows_a_reference_that_is_in_the_log_and_nothing_of_the_failure(string method)
    {
        using var browser = _server.NewBrowser();

        var page = await browser.SendAsync(new HttpRequestMessage(new HttpMethod(method), "/fault?kind=bug"));

        Assert.Equal(HttpStatusCode.InternalServerError, page.Status);
        Assert.Equal("There is a problem with this service", page.Heading);
        var reference = page.One(".reference").TextContent;
        Assert.Matches(Reference(), reference);
        Assert.Contains(_server.Log.Lines, line => line.Text.Contains(reference, StringComparison.Ordinal));
        Assert.DoesNotContain("Exception", page.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("broken on purpose", page.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/nothing-is-here", null)]
    [InlineData("/fault?kind=bug", "")]
    [InlineData("/fault?kind=outage", "")]
    public async Task Every_error_page_has_a_way_on(string path, string? again)
    {
        using var browser = _server.NewBrowser();

        var page = await browser.GetAsync(path);

        Assert.Equal(
            "/",
            page.All("main a").Single(a => a.TextContent == "Go to the NHS ePortfolios homepage").GetAttribute("href")
        );
        Assert.Equal(
            again,
            page.All("main a").SingleOrDefault(a => a.TextContent == "Try again")?.GetAttribute("href")
        );
    }

    [Fact]
    public async Task A_person_whose_account_may_not_open_a_page_can_log_out()
    {
        using var browser = await _server.Given.LoggedInAsync(await _server.Given.AccountAsync());

        var page = await browser.GetAsync("/support");

        Assert.Equal(HttpStatusCode.Forbidden, page.Status);
        Assert.Equal("/log-out", page.All("main a").Single(a => a.TextContent == "Log out").GetAttribute("href"));
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("application/json")]
    [Trait("spec", "RFC 9110 15.6.4")]
    public async Task While_the_database_is_away_people_and_programs_are_asked_to_come_back(string accept)
    {
        using var browser = _server.NewBrowser();
        var request = new HttpRequestMessage(HttpMethod.Get, "/fault?kind=outage")
        {
            Headers = { { "Accept", accept } },
        };

        var answer = await browser.SendAsync(request);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.Equal("5", answer.Headers["Retry-After"]);
        Assert.Contains(
            accept == "text/html" ? "The service is busy" : "temporarily_unavailable",
            answer.Body,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_developer_reads_the_failure_in_the_log_too()
    {
        await using var server = await StartAsync("Development");
        using var browser = server.NewBrowser();

        var page = await browser.GetAsync("/fault?kind=bug");

        Assert.Equal("There is a problem with this service", page.Heading);
        Assert.DoesNotContain("broken on purpose", page.Body, StringComparison.Ordinal);
        Assert.Contains(server.Log.Lines, line => line.Text.Contains("broken on purpose", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_program_gets_its_failure_as_json()
    {
        using var browser = _server.NewBrowser();

        var answer = await browser.SendAsync(
            new HttpRequestMessage(HttpMethod.Get, "/fault?kind=bug") { Headers = { { "Accept", "application/json" } } }
        );

        Assert.Equal(HttpStatusCode.InternalServerError, answer.Status);
        Assert.Equal("server_error", answer.Json.GetProperty("error").GetString());
    }

    [Theory]
    [InlineData("*/*")]
    [InlineData(null)]
    public async Task An_endpoint_for_programs_fails_in_json_whatever_the_program_says_it_reads(string? accept)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{_server.Issuer}/fault?kind=program");
        if (accept is not null)
        {
            request.Headers.Add("Accept", accept);
        }

        using var answer = await http.SendAsync(request);

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
    }

    [Theory]
    [InlineData("cors", "*/*", false)]
    [InlineData("no-cors", "image/*,*/*;q=0.8", false)]
    [InlineData("navigate", "text/html,*/*;q=0.8", true)]
    [InlineData(null, "application/json", false)]
    [InlineData(null, null, true)]
    public async Task The_page_is_only_sent_where_a_person_would_see_it(string? mode, string? accept, bool page)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{_server.Issuer}/nothing-is-here");
        if (mode is not null)
        {
            request.Headers.Add("Sec-Fetch-Mode", mode);
        }

        if (accept is not null)
        {
            request.Headers.Add("Accept", accept);
        }

        using var answer = await http.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal(
            page,
            (await answer.Content.ReadAsStringAsync()).Contains("Page not found", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task The_address_of_the_error_page_is_no_page_by_itself()
    {
        using var browser = _server.NewBrowser();

        var page = await browser.GetAsync("/error");

        Assert.Equal(HttpStatusCode.NotFound, page.Status);
        Assert.Equal("Page not found", page.Heading);
    }

    [Fact]
    public async Task An_endpoint_that_wrote_a_body_keeps_it()
    {
        using var browser = _server.NewBrowser();

        var answer = await browser.GetAsync("/fault?kind=json");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("""{"error":"invalid_grant"}""", answer.Body);
    }

    [Fact]
    public async Task What_cannot_be_sent_to_the_app_is_shown_with_the_way_back_to_it()
    {
        using var browser = _server.NewBrowser();

        var page = await browser.GetAsync($"/fault?kind=shown&client={_clientId}");

        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Equal("Something is <odd>", page.Heading);
        Assert.Equal("https://app.example.test/", page.One("main a.nhsuk-button").GetAttribute("href"));
        Assert.Equal("Go back to Portfolio", page.One("main a.nhsuk-button").TextContent);
        Assert.Contains("The parameter 'redirect_uri' is missing.", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_error_page_has_the_headers_of_every_page()
    {
        using var browser = _server.NewBrowser();

        var page = await browser.GetAsync("/fault?kind=bug");

        Assert.Contains("default-src 'none'", page.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Equal("no-store", page.Headers["Cache-Control"]);
    }

    [Fact]
    public async Task A_form_beyond_the_limits_is_refused_and_is_no_fault_of_ours()
    {
        using var browser = _server.NewBrowser();
        var fields = Enumerable.Range(0, 2000).Select(n => KeyValuePair.Create($"f{n}", "x"));

        var page = await browser.PostAsync("/log-in", fields);

        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
    }

    [Fact]
    public async Task A_form_that_breaks_off_is_refused_and_is_no_fault_of_ours()
    {
        using var browser = _server.NewBrowser();
        var content = new StringContent("no part of it");
        content.Headers.Remove("Content-Type");
        content.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=x");

        var page = await browser.SendAsync(
            new HttpRequestMessage(HttpMethod.Post, "/log-in?ticket=abc") { Content = content }
        );

        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Equal("/log-in?ticket=abc", page.One("main a.nhsuk-button").GetAttribute("href"));
    }

    [Theory]
    [InlineData("PUT", "/log-in", HttpStatusCode.MethodNotAllowed)]
    [InlineData("TRACE", "/log-in", HttpStatusCode.MethodNotAllowed)]
    [InlineData("OPTIONS", "/log-in", HttpStatusCode.MethodNotAllowed)]
    [InlineData("OPTIONS", "/connect/authorize", HttpStatusCode.MethodNotAllowed)]
    [InlineData("OPTIONS", "/nothing-is-here", HttpStatusCode.NotFound)]
    [InlineData("PUT", "/nothing-is-here", HttpStatusCode.NotFound)]
    public async Task A_method_that_no_page_answers_to_is_said_to_be_wrong(
        string method,
        string path,
        HttpStatusCode status
    )
    {
        using var browser = _server.NewBrowser();

        var page = await browser.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        Assert.Equal(status, page.Status);
        Assert.Equal(status == HttpStatusCode.MethodNotAllowed, page.Headers.ContainsKey("Allow"));
    }

    private static Task<AuthServerFixture> StartAsync(string environment) =>
        AuthServerFixture.StartAsync(
            environment: environment,
            configure: builder => builder.Services.AddSingleton<IStartupFilter>(new Faults())
        );

    [GeneratedRegex("^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$")]
    private static partial Regex Reference();

    /// <summary>An address that goes wrong in the ways that endpoints do.</summary>
    private sealed class Faults : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) =>
            app =>
            {
                next(app);
                app.Map(
                    "/fault",
                    fault =>
                        fault.Run(http =>
                            http.Request.Query["kind"].ToString() switch
                            {
                                "json" => Json(http),
                                "shown" => Shown(http),
                                "program" => Program(http),
                                "outage" => throw new InvalidOperationException(
                                    "A database is away on purpose.",
                                    new Outage()
                                ),
                                _ => throw new InvalidOperationException("This is broken on purpose."),
                            }
                        )
                );
            };

        private static Task Json(HttpContext http)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return http.Response.WriteAsJsonAsync(new { error = "invalid_grant" });
        }

        private sealed class Outage : DbException
        {
            public override bool IsTransient => true;
        }

        private static Task Program(HttpContext http)
        {
            var answersWithJson = new ProducesResponseTypeMetadata(
                StatusCodes.Status200OK,
                type: null,
                ["application/json"]
            );
            http.SetEndpoint(new Endpoint(null, new EndpointMetadataCollection(answersWithJson), "for programs"));
            throw new InvalidOperationException("This is broken on purpose.");
        }

        private static Task Shown(HttpContext http)
        {
            ShownError.Set(
                http,
                new ShownError(
                    400,
                    "Something is <odd>",
                    "Go back and start again.",
                    "The parameter 'redirect_uri' is missing.",
                    http.Request.Query["client"]
                )
            );
            return Task.CompletedTask;
        }
    }
}
