using AuthServer.Clients;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using OpenIddict.Abstractions;
using TestSupport;

namespace ProtocolTests.Token;

/// <summary>An app names the APIs that a token is for (RFC 8707).</summary>
[Trait("spec", "RFC 8707 2")]
public sealed class ResourceIndicatorsTests(ResourceIndicatorsTests.ServerWithApis apis)
    : IClassFixture<ResourceIndicatorsTests.ServerWithApis>
{
    private const string Logbook = "https://logbook.example.test";
    private const string Reports = "https://reports.example.test";
    private const string Elsewhere = "https://elsewhere.example.test";
    private const string DeviceCode = "urn:ietf:params:oauth:grant-type:device_code";
    private const string Everything = "openid offline_access logbook:read reports:read";

    private static readonly ClientMetadata App = ProtocolSteps.EveryScope with
    {
        Scope = Everything,
        AccessTokenAudience = [],
    };

    private static readonly ClientMetadata BackEnd = new()
    {
        GrantTypes = ["urn:ietf:params:oauth:grant-type:token-exchange"],
        ResponseTypes = [],
    };

    private readonly AuthServerFixture server = apis.Server;

    [Fact]
    public async Task Without_one_the_token_is_for_the_apis_of_its_scopes()
    {
        var (app, browser) = await StartAsync();
        using var _ = browser;

        Assert.Equal([Logbook, Reports], Audiences((await app.SignInAsync(browser, Everything)).AccessToken));
        Assert.Equal([Logbook], Audiences((await app.SignInAsync(browser, "openid logbook:read")).AccessToken));
    }

    [Fact]
    public async Task The_token_is_for_the_named_api_alone_and_has_none_of_the_scopes_of_others()
    {
        var (app, browser) = await StartAsync();
        using var _ = browser;

        var tokens = await app.SignInAsync(
            browser,
            Everything,
            new Dictionary<string, string?> { ["resource"] = Logbook }
        );
        var token = new JsonWebToken(tokens.AccessToken);

        Assert.Equal([Logbook], token.Audiences);
        Assert.Equal("openid logbook:read", token.GetPayloadValue<string>("scope"));
    }

    [Fact]
    [Trait("spec", "RFC 8707 2.2")]
    public async Task Several_may_be_authorized_and_each_token_be_for_one_of_them()
    {
        var (app, browser) = await StartAsync();
        using var _ = browser;
        var attempt = app.Authorize(Everything, new Dictionary<string, string?> { ["resource"] = Logbook });
        var page = await browser.OpenAsync($"{attempt.Url}&resource={Uri.EscapeDataString(Reports)}");
        var code = app.CodeOf(page, attempt);

        var first = await app.TokenAsync(
            new Dictionary<string, string>
            {
                ["grant_type"] = "authorization_code",
                ["code"] = code,
                ["redirect_uri"] = app.RedirectUri,
                ["code_verifier"] = attempt.Verifier,
                ["resource"] = Reports,
            }
        );
        var second = await RefreshAsync(app, first.RefreshToken(), Logbook);
        var third = await RefreshAsync(app, second.RefreshToken(), null);

        Assert.Equal([Reports], Audiences(first.AccessToken()));
        Assert.Equal([Logbook], Audiences(second.AccessToken()));
        Assert.Equal([Logbook, Reports], Audiences(third.AccessToken()));
    }

    [Fact]
    public async Task One_that_no_granted_scope_belongs_to_is_an_invalid_target()
    {
        var (app, browser) = await StartAsync();
        using var _ = browser;

        Assert.Equal("invalid_target", await app.RefusedAsync(browser, Naming(app, Everything, Elsewhere)));
        Assert.Equal("invalid_target", await app.RefusedAsync(browser, Naming(app, "openid logbook:read", Reports)));
        Assert.Equal("invalid_target", await app.RefusedAsync(browser, Naming(app, Everything, "not a URI")));
    }

    [Fact]
    [Trait("spec", "RFC 8707 2.2")]
    public async Task A_refresh_for_an_api_that_was_not_authorized_is_refused_and_spends_nothing()
    {
        var (app, browser) = await StartAsync();
        using var _ = browser;
        var tokens = await app.SignInAsync(
            browser,
            Everything,
            new Dictionary<string, string?> { ["resource"] = Logbook }
        );

        (await RefreshAsync(app, tokens.RefreshToken!, Reports)).IsError("invalid_target");
        Assert.Equal([Logbook], Audiences((await RefreshAsync(app, tokens.RefreshToken!, Logbook)).AccessToken()));
    }

    [Fact]
    public async Task A_pushed_request_is_checked_when_it_is_pushed()
    {
        var (app, browser) = await StartAsync();
        using var _ = browser;

        var refused = await app.PostAsync(
            "/connect/par",
            new Dictionary<string, string>
            {
                ["response_type"] = "code",
                ["redirect_uri"] = app.RedirectUri,
                ["scope"] = "openid",
                ["resource"] = Elsewhere,
            }
        );

        refused.IsError("invalid_target");
    }

    [Fact]
    public async Task A_clients_own_token_is_for_the_named_api()
    {
        var app = await server.Given.RelyingPartyAsync(
            new ClientMetadata { GrantTypes = ["client_credentials"], Scope = "logbook:read reports:read" }
        );

        var both = await OwnAsync(app, null);
        var one = await OwnAsync(app, Reports);

        Assert.Equal([Logbook, Reports], Audiences(both.AccessToken()));
        Assert.Equal([Reports], Audiences(one.AccessToken()));
        Assert.Equal("reports:read", one.Json.GetProperty("scope").GetString());
        (await OwnAsync(app, Elsewhere)).IsError("invalid_target");
    }

    [Fact]
    [Trait("spec", "RFC 8693 2.1")]
    public async Task An_exchanged_token_is_for_the_apis_of_its_scopes_or_for_the_one_that_is_named()
    {
        var (app, browser) = await StartAsync();
        using var _ = browser;
        var backEnd = await server.Given.RelyingPartyAsync(BackEnd with { Scope = "openid logbook:read reports:read" });
        var subject = (await app.SignInAsync(browser, Everything)).AccessToken;

        var both = await ExchangeAsync(backEnd, subject, null);
        var one = await ExchangeAsync(backEnd, subject, Reports);

        Assert.Equal([Logbook, Reports], Audiences(both.AccessToken()));
        Assert.Equal([Reports], Audiences(one.AccessToken()));
        Assert.Equal("openid reports:read", one.Json.GetProperty("scope").GetString());
        (await ExchangeAsync(backEnd, subject, Elsewhere)).IsError("invalid_target");
    }

    [Fact]
    [Trait("spec", "RFC 8693 5")]
    public async Task A_token_for_another_api_is_not_exchanged()
    {
        var (app, browser) = await StartAsync();
        using var _ = browser;
        var backEnd = await server.Given.RelyingPartyAsync(BackEnd with { Scope = "openid reports:read" });
        var subject = await app.SignInAsync(
            browser,
            Everything,
            new Dictionary<string, string?> { ["resource"] = Logbook }
        );

        (await ExchangeAsync(backEnd, subject.AccessToken, null)).IsError("invalid_request");
    }

    [Fact]
    public async Task A_refresh_gives_nothing_for_an_api_that_was_taken_from_the_app()
    {
        var (app, browser) = await StartAsync();
        using var _ = browser;
        var tokens = await app.SignInAsync(
            browser,
            Everything,
            new Dictionary<string, string?> { ["resource"] = Logbook }
        );

        await server.InScopeAsync(async services =>
        {
            var applications = services.GetRequiredService<IOpenIddictApplicationManager>();
            var application = (await applications.FindByClientIdAsync(app.Client.ClientId))!;
            var descriptor = new OpenIddictApplicationDescriptor();
            await applications.PopulateAsync(descriptor, application);
            descriptor.Permissions.Remove(OpenIddictConstants.Permissions.Prefixes.Scope + "logbook:read");
            await applications.UpdateAsync(application, descriptor);
            return true;
        });

        (await RefreshAsync(app, tokens.RefreshToken!, null)).IsError("invalid_target");
        server.Clock.Advance(TimeSpan.FromMinutes(1)); // longer than the grace of a token that was replaced
        (await RefreshAsync(app, tokens.RefreshToken!, null)).IsError("invalid_target"); // and no theft
    }

    [Fact]
    [Trait("spec", "RFC 8628 3.1")]
    public async Task A_devices_token_is_for_the_apis_that_it_named_when_it_asked()
    {
        var device = App with { GrantTypes = [DeviceCode, "refresh_token"], TokenEndpointAuthMethod = "none" };
        var app = await server.Given.RelyingPartyAsync(device);
        using var browser = await server.NewPersonAsync();

        (await AskForDeviceAsync(app, Elsewhere)).IsError("invalid_target");
        var asked = (await AskForDeviceAsync(app, Logbook)).Ok().Json;
        var question = await browser.GetAsync($"/device?user_code={asked.GetProperty("user_code").GetString()}");
        await browser.SubmitAsync(question, button: "Allow");
        var poll = new Dictionary<string, string>
        {
            ["grant_type"] = DeviceCode,
            ["device_code"] = asked.GetProperty("device_code").GetString()!,
        };
        (await app.TokenAsync(With(new(poll), Reports))).IsError("invalid_target");
        var tokens = (await app.TokenAsync(poll)).Ok();

        Assert.Equal([Logbook], Audiences(tokens.AccessToken()));
        Assert.Equal("openid offline_access logbook:read", tokens.Json.GetProperty("scope").GetString());
        (await RefreshAsync(app, tokens.RefreshToken(), Reports)).IsError("invalid_target");
        Assert.Equal([Logbook], Audiences((await RefreshAsync(app, tokens.RefreshToken(), null)).AccessToken()));
    }

    private static Task<Page> AskForDeviceAsync(RelyingParty app, string resource) =>
        app.PostAsync(
            "/connect/device",
            new Dictionary<string, string> { ["scope"] = Everything, ["resource"] = resource }
        );

    private static Task<Page> ExchangeAsync(RelyingParty backEnd, string subject, string? resource) =>
        backEnd.TokenAsync(
            With(
                new()
                {
                    ["grant_type"] = "urn:ietf:params:oauth:grant-type:token-exchange",
                    ["subject_token"] = subject,
                    ["subject_token_type"] = "urn:ietf:params:oauth:token-type:access_token",
                },
                resource
            )
        );

    private static AuthorizeAttempt Naming(RelyingParty app, string scope, string resource) =>
        app.Authorize(scope, new Dictionary<string, string?> { ["resource"] = resource });

    private static IEnumerable<string> Audiences(string token) => new JsonWebToken(token).Audiences.Order();

    private static Task<Page> RefreshAsync(RelyingParty app, string token, string? resource) =>
        app.TokenAsync(With(new() { ["grant_type"] = "refresh_token", ["refresh_token"] = token }, resource));

    private static Task<Page> OwnAsync(RelyingParty app, string? resource) =>
        app.TokenAsync(With(new() { ["grant_type"] = "client_credentials" }, resource));

    private static Dictionary<string, string> With(Dictionary<string, string> fields, string? resource)
    {
        if (resource is not null)
        {
            fields["resource"] = resource;
        }

        return fields;
    }

    private async Task<(RelyingParty App, TestBrowser Browser)> StartAsync() =>
        (await server.Given.RelyingPartyAsync(App), await server.NewPersonAsync());

    /// <summary>A server on which two APIs have registered their scopes.</summary>
    public sealed class ServerWithApis : IAsyncLifetime
    {
        private AuthServerFixture? _server;

        internal AuthServerFixture Server =>
            _server ?? throw new InvalidOperationException("The server has not started.");

        public async Task InitializeAsync()
        {
            _server = await AuthServerFixture.StartAsync(new FixedClock());
            await AddAsync("logbook:read", Logbook);
            await AddAsync("reports:read", Reports);
        }

        public async Task DisposeAsync()
        {
            if (_server is not null)
            {
                await _server.DisposeAsync();
            }
        }

        private Task<object> AddAsync(string name, string resource) =>
            Server.InScopeAsync(services =>
                services
                    .GetRequiredService<IOpenIddictScopeManager>()
                    .CreateAsync(new OpenIddictScopeDescriptor { Name = name, Resources = { resource } })
                    .AsTask()
            );
    }
}
