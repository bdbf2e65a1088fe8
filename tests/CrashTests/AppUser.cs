using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AngleSharp.Html.Dom;
using TestSupport;

namespace CrashTests;

/// <summary>What a token endpoint answered.</summary>
internal sealed record Answer(HttpStatusCode Status, string Body)
{
    public bool IsOk => Status == HttpStatusCode.OK;

    public bool IsRefusal => Status == HttpStatusCode.BadRequest && Text("error") == "invalid_grant";

    public string? Text(string name) =>
        JsonSerializer.Deserialize<JsonElement>(Body).TryGetProperty(name, out var value) ? value.GetString() : null;
}

/// <summary>A code that the app holds, with its PKCE verifier.</summary>
internal sealed record Code(string Text, string Verifier);

/// <summary>
/// One person in one browser, and the app that they use. A request that gets no answer throws
/// <see cref="HttpRequestException"/>: then nobody knows whether it was done.
/// </summary>
internal sealed class AppUser(string issuer, string clientId, string secret) : IDisposable
{
    public const string RedirectUri = "https://app.example.test/callback";

    /// <summary>An overloaded machine is no fault of the server; one that is busy for longer than this is.</summary>
    private const int MostAttempts = 6;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    private readonly HttpClient _browser = Client(issuer, new SocketsHttpHandler { AllowAutoRedirect = false });
    private readonly HttpClient _app = Client(issuer, new SocketsHttpHandler { UseCookies = false });

    /// <summary>Logs in on the log-in page.</summary>
    /// <returns>False when the page refused.</returns>
    public async Task<bool> LogInAsync(string username, string password) =>
        (await PostLogInAsync(username, password)).Status == HttpStatusCode.SeeOther;

    /// <returns>What the log-in page answered.</returns>
    public async Task<Answer> PostLogInAsync(string username, string password)
    {
        using var page = await _browser.GetAsync("/log-in");
        var form = Html.Parse(await page.Content.ReadAsStringAsync()).QuerySelector("main form") as IHtmlFormElement;
        Assert.True(form is not null, $"The log-in page answered {(int)page.StatusCode} without a form.");
        var fields = Html.Fill(
            form,
            new Dictionary<string, string> { ["Username"] = username, ["Password"] = password }
        );
        using var content = new FormUrlEncodedContent(fields);
        using var answer = await _browser.PostAsync("/log-in", content);
        return new Answer(answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Asks for a code in the session; the test fails when the person has to log in again.</summary>
    public async Task<Code> AuthorizeAsync()
    {
        var verifier = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var query = Query.Of(
            new Dictionary<string, string>
            {
                ["response_type"] = "code",
                ["client_id"] = clientId,
                ["redirect_uri"] = RedirectUri,
                ["scope"] = "openid profile",
                ["code_challenge"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier))),
                ["code_challenge_method"] = "S256",
            }
        );
        using var answer = await _browser.GetAsync($"/connect/authorize?{query}");
        var location = answer.Headers.Location?.OriginalString;
        Assert.True(
            location?.StartsWith(RedirectUri, StringComparison.Ordinal) == true,
            $"No code, though the session was acknowledged: {(int)answer.StatusCode} {location}"
        );
        return new Code(Query.Read(new Uri(location))["code"], verifier);
    }

    public Task<Answer> RedeemAsync(Code code) =>
        PostAsync(
            "/connect/token",
            new()
            {
                ["grant_type"] = "authorization_code",
                ["code"] = code.Text,
                ["redirect_uri"] = RedirectUri,
                ["code_verifier"] = code.Verifier,
            }
        );

    public Task<Answer> RefreshAsync(string refreshToken) =>
        PostAsync("/connect/token", new() { ["grant_type"] = "refresh_token", ["refresh_token"] = refreshToken });

    public Task<Answer> RevokeAsync(string token) => PostAsync("/connect/revoke", new() { ["token"] = token });

    public Task<Answer> ClientCredentialsAsync() =>
        PostAsync("/connect/token", new() { ["grant_type"] = "client_credentials" });

    /// <returns>True when the access token still opens userinfo.</returns>
    public async Task<bool> IsAliveAsync(string accessToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/connect/userinfo");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        using var answer = await _app.SendAsync(request);
        Assert.True(
            answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.Unauthorized,
            $"Userinfo answered {answer.StatusCode}."
        );
        return answer.StatusCode == HttpStatusCode.OK;
    }

    public void Dispose()
    {
        _browser.Dispose();
        _app.Dispose();
    }

    /// <summary>
    /// Asks again, as an app does, while the server says that it is busy: these machines may be slow.
    /// </summary>
    private async Task<Answer> PostAsync(string path, Dictionary<string, string> fields)
    {
        for (var attempt = 1; ; attempt++)
        {
            var answer = await PostOnceAsync(path, fields);
            if (answer.Status != HttpStatusCode.ServiceUnavailable || attempt == MostAttempts)
            {
                return answer;
            }

            await Task.Delay(RetryAfter);
        }
    }

    private async Task<Answer> PostOnceAsync(string path, Dictionary<string, string> fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new FormUrlEncodedContent(fields),
        };
        request.Headers.Authorization = RelyingParty.Basic(clientId, secret);
        using var answer = await _app.SendAsync(request);
        return new Answer(answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static HttpClient Client(string issuer, SocketsHttpHandler handler) =>
        new(handler) { BaseAddress = new Uri(issuer) };
}
