using System.Text.Json;
using TestSupport;

namespace ProtocolTests.Hosting;

public sealed class LogsTests
{
    [Fact]
    public async Task However_much_is_logged_it_holds_no_name_no_token_and_no_address()
    {
        await using var server = await AuthServerFixture.StartAsync(
            settings: new Dictionary<string, string?>
            {
                ["Logging:LogLevel:Default"] = "Debug",
                ["Logging:LogLevel:Microsoft"] = "Debug",
                ["Logging:LogLevel:Microsoft.AspNetCore"] = "Debug",
                ["Logging:LogLevel:Microsoft.EntityFrameworkCore"] = "Debug",
                ["Logging:LogLevel:Microsoft.EntityFrameworkCore.Database"] = "Debug",
            }
        );
        var account = await server.Given.AccountAsync("mc'gonagall7777", a => a.Email = "minerva@example.test");
        using var browser = await server.Given.LoggedInAsync(account);
        var app = await server.Given.RelyingPartyAsync();

        var tokens = await app.SignInAsync(browser);
        await app.UserInfoAsync(tokens.AccessToken);
        await app.RefreshAsync(tokens.RefreshToken!);
        await browser.GetAsync("/connect/authorize?client_id=nobody&login_hint=mc'gonagall7777&code=secret-code");
        await browser.PostAsync(
            "/connect/token",
            [
                new("grant_type", "secret-grant"),
                new("client_id", "mc'gonagall7777"),
                new("client_secret", "secret-password"),
            ]
        );
        await browser.PostAsync("/log-in", [new("Username", "mc'gonagall7777"), new("Password", "secret-password")]);

        var log = server.Log.ToString();
        Assert.NotEmpty(log);
        foreach (
            var secret in new[]
            {
                "gonagall",
                "minerva",
                "secret-code",
                "secret-password",
                "secret-grant",
                "code_challenge",
                tokens.AccessToken,
                tokens.RefreshToken!,
            }
        )
        {
            Assert.DoesNotContain(secret, log, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task In_production_each_line_is_one_JSON_object_and_a_polite_stop_is_no_failure()
    {
        using var folder = new TemporaryFolder();
        var url = $"http://127.0.0.1:{FreePort.Next()}";
        using var http = new HttpClient();
        var server = LeashedProcess.Start(
            ["dotnet", Path.Combine(AppContext.BaseDirectory, "AuthServer.dll"), "serve", $"--urls={url}"],
            new Dictionary<string, string>
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Production",
                ["Issuer"] = url,
                ["ConnectionStrings__AuthServer"] = $"Data Source={folder.File("auth.db")}",
            },
            folder.Path
        );
        await using (server)
        {
            await server.WaitUntilAsync(async () => await AnswersAsync(http, url + "/health/ready"), "The server");
            await http.GetStringAsync(url + "/log-in");
        }

        var lines = server.Output.Split('\n');
        // Not a word at every form.
        Assert.DoesNotContain(lines, line => line.Contains("Antiforgery", StringComparison.Ordinal));
        Assert.All(
            lines,
            line => Assert.Equal(JsonValueKind.Object, JsonSerializer.Deserialize<JsonElement>(line).ValueKind)
        );
        Assert.Contains($"Database: SQLite, {folder.File("auth.db")}", lines[0], StringComparison.Ordinal);
        Assert.Contains(lines, line => line.Contains("Application is shutting down", StringComparison.Ordinal));
    }

    private static async Task<bool> AnswersAsync(HttpClient http, string url)
    {
        try
        {
            using var answer = await http.GetAsync(url);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
