using System.Net;
using System.Net.Http.Headers;
using AuthServer.Protocol.Keys;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OpenIddict.Abstractions;
using OpenIddict.Validation.AspNetCore;
using TestSupport;

namespace ProtocolTests.OpenIddict;

/// <summary>
/// An API of this server is guarded by OpenIddict.Validation, with the keys and the grants of this server.
/// </summary>
public sealed class ApiValidationTests(ApiValidationTests.ServerWithAnApi api)
    : IClassFixture<ApiValidationTests.ServerWithAnApi>
{
    private const string Path = "/test-api";

    private readonly AuthServerFixture server = api.Server;

    [Fact]
    public async Task A_token_of_a_live_sign_in_opens_it_until_the_user_logs_out()
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();
        var tokens = await app.SignInAsync(browser);

        Assert.Equal((HttpStatusCode.OK, tokens.Claims.Subject), await CallAsync(tokens.AccessToken));

        await browser.GetAsync($"/connect/endsession?id_token_hint={tokens.IdToken}");
        Assert.Equal(HttpStatusCode.Unauthorized, (await CallAsync(tokens.AccessToken)).Status);
    }

    [Fact]
    public async Task Keys_that_were_rotated_since_the_start_are_known()
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();
        var before = await app.SignInAsync(browser);
        await server.InScopeAsync(services =>
            services.GetRequiredService<SigningKeys>().RotateAsync(withdraw: false, "test", CancellationToken.None)
        );
        await Eventually.BecomesTrueAsync(
            async () => (await app.SignInAsync(browser)).Claims.Kid != before.Claims.Kid,
            () => "The new key does not sign."
        );

        Assert.Equal(HttpStatusCode.OK, (await CallAsync(before.AccessToken)).Status);
        Assert.Equal(HttpStatusCode.OK, (await CallAsync((await app.SignInAsync(browser)).AccessToken)).Status);
    }

    [Theory]
    [InlineData("no token")]
    [InlineData("id token")]
    [InlineData("another audience")]
    public async Task Nothing_else_opens_it(string what)
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync(
            what == "another audience"
                ? ProtocolSteps.EveryScope with
                {
                    AccessTokenAudience = ["https://api.example.test"],
                }
                : null
        );
        var tokens = await app.SignInAsync(browser);

        var (status, _) = await CallAsync(
            what switch
            {
                "no token" => null,
                "id token" => tokens.IdToken,
                _ => tokens.AccessToken,
            }
        );

        Assert.Equal(HttpStatusCode.Unauthorized, status);
    }

    private async Task<(HttpStatusCode Status, string? Body)> CallAsync(string? token)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Issuer + Path);
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        using var response = await client.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>A server with one endpoint more.</summary>
    public sealed class ServerWithAnApi : IAsyncLifetime
    {
        private AuthServerFixture? _server;

        public AuthServerFixture Server =>
            _server ?? throw new InvalidOperationException("The server has not started.");

        public async Task InitializeAsync() =>
            _server = await AuthServerFixture.StartAsync(configure: builder =>
                builder.Services.AddSingleton<IStartupFilter, OneMoreEndpoint>()
            );

        public Task DisposeAsync() => Server.DisposeAsync();
    }

    private sealed class OneMoreEndpoint : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) =>
            app =>
            {
                next(app);
                if (
                    app.Properties["__EndpointRouteBuilder"]
                    is not Microsoft.AspNetCore.Routing.IEndpointRouteBuilder routes
                )
                {
                    throw new InvalidOperationException("There are no routes to add to.");
                }

                routes
                    .MapGet(Path, (HttpContext http) => http.User.GetClaim("sub"))
                    .RequireAuthorization(
                        new AuthorizeAttribute
                        {
                            AuthenticationSchemes = OpenIddictValidationAspNetCoreDefaults.AuthenticationScheme,
                        }
                    );
            };
    }
}
