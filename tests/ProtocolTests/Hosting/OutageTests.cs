using System.Net;
using AuthServer.Clients;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using TestSupport;

namespace ProtocolTests.Hosting;

/// <summary>
/// The database cannot be written to: people are asked to come back, and told nothing that is not so.
/// </summary>
[Trait("spec", "RFC 9110 15.6.4")]
public sealed class OutageTests
{
    [Fact]
    public async Task While_another_program_has_locked_the_file_a_log_in_is_put_off_and_works_afterwards()
    {
        await using var server = await AuthServerFixture.StartAsync();
        var account = await server.Given.AccountAsync();
        using var browser = server.NewBrowser();
        var form = (await browser.GetAsync("/log-in")).Ok();
        await using var other = new SqliteConnection(server.Database.ConnectionString + ";Pooling=False");
        await other.OpenAsync();

        Page refused;
        await using (await other.BeginTransactionAsync())
        {
            refused = await browser.LogInAsync(form, account.Username, account.Password);
        }

        AssertPutOff(refused);
        Assert.Equal("/account", (await browser.LogInAsync(form, account.Username, account.Password)).Url.AbsolutePath);
    }

    [Fact]
    public async Task Every_writer_that_waits_for_a_locked_file_is_put_off()
    {
        await using var server = await AuthServerFixture.StartAsync();
        var account = await server.Given.AccountAsync();
        var browsers = Enumerable.Range(0, 12).Select(_ => server.NewBrowser()).ToList();
        var forms = await Task.WhenAll(browsers.Select(browser => browser.GetAsync("/log-in")));
        await using var other = new SqliteConnection(server.Database.ConnectionString + ";Pooling=False");
        await other.OpenAsync();
        await using var locked = await other.BeginTransactionAsync();

        var answers = await Task.WhenAll(
            browsers.Zip(forms, (browser, form) => browser.LogInAsync(form, account.Username, account.Password))
        );

        // Some of them find no place in the queue for hashing; they are asked to come back too.
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status));
        Assert.All(answers, answer => Assert.Contains("Retry-After", answer.Headers.Keys));
        browsers.ForEach(browser => browser.Dispose());
    }

    [Fact]
    [Trait("spec", "RFC 6749 4.1.2.1")]
    public async Task An_app_that_asks_for_tokens_meanwhile_is_told_that_it_is_temporary()
    {
        await using var server = await AuthServerFixture.StartAsync();
        var app = await server.Given.RelyingPartyAsync();
        using var browser = await server.Given.LoggedInAsync(await server.Given.AccountAsync());
        var tokens = await app.SignInAsync(
            browser,
            "openid offline_access",
            new Dictionary<string, string?> { ["prompt"] = null }
        );
        var attempt = app.Authorize();
        var code = app.Callback(await browser.OpenAsync(attempt.Url), attempt)["code"];
        await using var other = new SqliteConnection(server.Database.ConnectionString + ";Pooling=False");
        await other.OpenAsync();

        Page refused;
        await using (await other.BeginTransactionAsync())
        {
            refused = await app.RedeemAsync(code, attempt.Verifier);
        }

        Assert.NotNull(tokens);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.Status);
        Assert.Equal("temporarily_unavailable", refused.Json.GetProperty("error").GetString());
        Assert.Contains("Retry-After", refused.Headers.Keys);
        await app.RedeemedAsync(code, attempt);
    }

    [Fact]
    [Trait("spec", "RFC 7009 2.2.1")]
    public async Task An_app_is_not_told_that_a_token_is_revoked_while_it_cannot_be()
    {
        await using var server = await AuthServerFixture.StartAsync();
        var app = await server.Given.RelyingPartyAsync();
        using var browser = await server.NewPersonAsync();
        var tokens = await app.SignInAsync(browser);
        var fields = new Dictionary<string, string> { ["token"] = tokens.RefreshToken! };
        await using var other = new SqliteConnection(server.Database.ConnectionString + ";Pooling=False");
        await other.OpenAsync();

        Page refused;
        await using (await other.BeginTransactionAsync())
        {
            refused = await app.PostAsync("/connect/revoke", fields);
        }

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.Status);
        Assert.Equal("temporarily_unavailable", refused.Json.GetProperty("error").GetString());
        Assert.Contains("Retry-After", refused.Headers.Keys);
        (await app.UserInfoAsync(tokens.AccessToken)).Ok();
        (await app.PostAsync("/connect/revoke", fields)).Ok();
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.UserInfoAsync(tokens.AccessToken)).Status);
    }

    [Fact]
    [Trait("spec", "RFC 9126 7.3")]
    public async Task A_pushed_request_that_cannot_be_ended_is_put_off_and_not_called_used()
    {
        await using var server = await AuthServerFixture.StartAsync();
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();
        var attempt = app.Authorize();
        var address = await PushAsync(server, app, attempt);
        await using var other = new SqliteConnection(server.Database.ConnectionString + ";Pooling=False");
        await other.OpenAsync();

        Page refused;
        await using (await other.BeginTransactionAsync())
        {
            refused = await browser.GetAsync(address);
        }

        AssertPutOff(refused);
        Assert.NotEmpty(app.CodeOf(await browser.GetAsync(address), attempt));
    }

    [Fact]
    [Trait("spec", "RFC 9126 7.3")]
    public async Task An_error_for_a_pushed_request_that_cannot_be_ended_is_put_off_too()
    {
        await using var server = await AuthServerFixture.StartAsync();
        using var browser = server.NewBrowser();
        var app = await server.Given.RelyingPartyAsync();
        var attempt = app.Authorize(more: new Dictionary<string, string?> { ["prompt"] = "none" });
        var address = await PushAsync(server, app, attempt);
        await using var other = new SqliteConnection(server.Database.ConnectionString + ";Pooling=False");
        await other.OpenAsync();

        Page refused;
        await using (await other.BeginTransactionAsync())
        {
            refused = await browser.GetAsync(address);
        }

        AssertPutOff(refused);
        Assert.Equal("login_required", app.ErrorOf(await browser.GetAsync(address), attempt));
        (await browser.GetAsync(address)).IsShown(); // it has ended with the error
    }

    [Fact]
    [Trait("spec", "RFC 8628 3.5")]
    public async Task A_device_gets_its_tokens_once_even_if_its_code_cannot_be_marked_as_used()
    {
        const string Grant = "urn:ietf:params:oauth:grant-type:device_code";
        await using var server = await AuthServerFixture.StartAsync();
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync(
            new ClientMetadata
            {
                GrantTypes = [Grant],
                ResponseTypes = [],
                Scope = "openid",
                TokenEndpointAuthMethod = "none",
            }
        );
        var codes = (await app.PostAsync("/connect/device", new Dictionary<string, string> { ["scope"] = "openid" }))
            .Ok()
            .Json;
        var question = await browser.GetAsync($"/device?user_code={codes.GetProperty("user_code").GetString()}");
        await browser.SubmitAsync(question, button: "Allow");
        var poll = new Dictionary<string, string>
        {
            ["grant_type"] = Grant,
            ["device_code"] = codes.GetProperty("device_code").GetString()!,
        };
        await server.InDatabaseAsync(db =>
            db.Database.ExecuteSqlRawAsync(
                "CREATE TRIGGER refuse BEFORE UPDATE ON tokens BEGIN SELECT RAISE(ABORT, 'out of order'); END"
            )
        );

        var tokens = await app.TokenAsync(poll);

        (await app.UserInfoAsync(tokens.AccessToken())).Ok();
        (await app.TokenAsync(poll)).IsError("invalid_grant");
    }

    [Fact]
    public async Task A_writer_that_could_not_begin_may_try_again_in_the_same_scope()
    {
        await using var server = await AuthServerFixture.StartAsync();
        await using var other = new SqliteConnection(server.Database.ConnectionString + ";Pooling=False");
        await other.OpenAsync();

        await server.InDatabaseAsync(async db =>
        {
            await using (await other.BeginTransactionAsync())
            {
                await Assert.ThrowsAnyAsync<SqliteException>(() => db.Database.BeginTransactionAsync());
            }

            await using var transaction = await db.Database.BeginTransactionAsync();
            return await db.AuditEvents.ExecuteDeleteAsync();
        });
    }

    /// <returns>The address that the app sends the browser to.</returns>
    private static async Task<string> PushAsync(AuthServerFixture server, RelyingParty app, AuthorizeAttempt attempt)
    {
        var fields = Query
            .Read(new Uri(server.Issuer + attempt.Url))
            .Where(field => field.Key != "client_id")
            .ToDictionary(field => field.Key, field => field.Value);
        var pushed = (await app.PostAsync("/connect/par", fields)).Json.GetProperty("request_uri").GetString()!;
        return $"/connect/authorize?client_id={app.Client.ClientId}&request_uri={Uri.EscapeDataString(pushed)}";
    }

    private static void AssertPutOff(Page page)
    {
        Assert.Equal(HttpStatusCode.ServiceUnavailable, page.Status);
        Assert.Equal("5", page.Headers["Retry-After"]);
        Assert.Equal("The service is busy", page.Heading);
        Assert.DoesNotContain("incorrect", page.Text, StringComparison.Ordinal);
    }
}
