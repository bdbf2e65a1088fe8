using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using AuthServer.Mail;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using TestSupport;
using TestSupport.Mail;

namespace ProtocolTests.Mail;

/// <summary>Against a small server that answers as GOV.UK Notify does.</summary>
public sealed class NotifyTests : IAsyncLifetime
{
    private const string Service = "26785a09-ab16-4eb0-8407-a37497a57506";
    private const string Secret = "3d844edf-8d35-48ac-975b-e847b4f122b0";
    private const string Template = "f33517ff-2a88-4f6e-b855-c550268ce08a";

    private readonly string _address = $"http://127.0.0.1:{FreePort.Next()}";
    private readonly ConcurrentQueue<(string Token, JsonElement Body)> _taken = new();
    private WebApplication? _notify;
    private AuthServerFixture? _server;

    /// <summary>What it answers: a status and a body; null: it takes the message.</summary>
    private (int Status, string Body)? _answer;
    private bool _hangsUp;

    /// <summary>What it says became of the messages that it took; null: that it does not know of them.</summary>
    private string? _status = "sending";
    private bool _saysNothing;
    private int _questions;

    private AuthServerFixture Server => _server ?? throw new InvalidOperationException("The test has not started.");

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(_address);
        _notify = builder.Build();
        _notify.Run(AnswerAsync);
        await _notify.StartAsync();
        _server = await AuthServerFixture.StartAsync(
            new FixedClock(),
            settings: new Dictionary<string, string?>
            {
                ["Mail:Transport"] = "Notify",
                ["Mail:Notify:ApiKey"] = $"live-{Service}-{Secret}",
                ["Mail:Notify:TemplateId"] = Template,
                ["Mail:Notify:Address"] = _address,
                ["Mail:Interval"] = "00:10:00",
                ["Mail:Notify:AskInterval"] = "01:00:00",
            }
        );
    }

    public async Task DisposeAsync()
    {
        await Server.DisposeAsync();
        if (_notify is not null)
        {
            await _notify.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_message_is_handed_over_with_its_words_a_reference_and_a_signed_token()
    {
        var id = await Server.QueueAsync("siobhan@example.test");
        await SettledAsync(id);

        var (token, body) = Assert.Single(_taken);
        var words = body.GetProperty("personalisation");
        var read = await new JsonWebTokenHandler().ValidateTokenAsync(
            token,
            new TokenValidationParameters
            {
                ValidIssuer = Service,
                IssuerSigningKey = new SymmetricSecurityKey(Encoding.ASCII.GetBytes(Secret)),
                ValidAlgorithms = ["HS256"],
                ValidateAudience = false,
                ValidateLifetime = false,
            }
        );
        Assert.True(read.IsValid);
        Assert.Equal(Server.Now.ToUnixTimeSeconds(), ((JsonWebToken)read.SecurityToken).GetPayloadValue<long>("iat"));
        Assert.Equal(["iat", "iss"], ((JsonWebToken)read.SecurityToken).Claims.Select(claim => claim.Type).Order());
        Assert.Equal(
            ("siobhan@example.test", Template, $"{id}"),
            (Text(body, "email_address"), Text(body, "template_id"), Text(body, "reference"))
        );
        Assert.Equal("Your username, and a link to choose a new password", Text(words, "subject"));
        Assert.Contains("Your username: O’Brien\\<b\\>4821", Text(words, "body"), StringComparison.Ordinal);
        Assert.Contains($"\n{Post.Link}\n", Text(words, "body"), StringComparison.Ordinal);
        Assert.False(body.TryGetProperty("email_reply_to_id", out _));
    }

    [Theory]
    [InlineData(400, "ValidationError", "email_address Not a valid email address", MailState.Refused)]
    [InlineData(400, "BadRequestError", "Can’t send to this recipient using a team-only API key", MailState.Queued)]
    [InlineData(403, "AuthError", "Invalid token: API key not found", MailState.Queued)]
    [InlineData(
        429,
        "RateLimitError",
        "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds",
        MailState.Queued
    )]
    [InlineData(500, "Exception", "Internal server error", MailState.Queued)]
    public async Task A_refusal_is_kept_for_staff_and_only_one_of_the_address_is_for_good(
        int status,
        string error,
        string message,
        MailState state
    )
    {
        _answer = (
            status,
            JsonSerializer.Serialize(new { status_code = status, errors = new[] { new { error, message } } })
        );

        var id = await Server.QueueAsync("a@example.test");
        await Eventually.BecomesTrueAsync(
            async () => (await Server.RowAsync(id)) is { LastAnswer: not null, ClaimedUntil: null },
            Server.Log.ToString
        );

        var row = await Server.RowAsync(id);
        Assert.Equal((state, $"{status} {error}: {message}"), (row.State, row.LastAnswer));
    }

    [Fact]
    public async Task A_message_whose_answer_was_lost_is_asked_for_and_not_sent_twice()
    {
        _hangsUp = true;

        var id = await Server.QueueAsync("a@example.test");
        await SettledAsync(id);

        Assert.Single(_taken);
        Assert.Equal(MailState.Accepted, (await Server.RowAsync(id)).State);
    }

    [Theory]
    [InlineData("delivered", MailState.Delivered)]
    [InlineData("permanent-failure", MailState.Bounced)]
    [InlineData("temporary-failure", MailState.Bounced)]
    [InlineData("technical-failure", MailState.Bounced)]
    public async Task What_became_of_a_message_is_asked_and_only_what_came_back_keeps_its_words(
        string status,
        MailState state
    )
    {
        var id = await AcceptedAsync();
        await FollowAsync(TimeSpan.FromMinutes(1));
        var underWay = await Server.RowAsync(id);
        _status = status;
        await FollowAsync(TimeSpan.FromMinutes(1));

        var row = await Server.RowAsync(id);
        Assert.Equal((MailState.Accepted, Server.Now), (underWay.State, underWay.AskAt));
        Assert.NotNull(underWay.SealedBody);
        Assert.Equal((state, null, Server.Now), (row.State, row.AskAt, row.SettledAt));
        Assert.Contains(status, row.LastAnswer, StringComparison.Ordinal);
        Assert.Equal(state == MailState.Bounced, row.SealedBody is not null);
    }

    [Fact]
    public async Task What_came_back_is_shown_to_staff_who_can_send_it_again()
    {
        await AcceptedAsync();
        _status = "technical-failure";
        await FollowAsync(TimeSpan.FromMinutes(1));
        var (_, browser) = await Server.OfficerAsync();
        using var closing = browser;

        var page = (await browser.GetAsync("/support/mail")).Ok();
        var again = await browser.FollowAsync(
            await browser.SubmitAsync(page, new Dictionary<string, string>(), "main form")
        );
        await Eventually.BecomesTrueAsync(() => Task.FromResult(_taken.Count == 2), Server.Log.ToString);

        Assert.Equal("Came back", page.One("main .nhsuk-tag").TextContent);
        Assert.Contains("technical-failure", page.Text, StringComparison.Ordinal);
        Assert.Contains("on its way again", again.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sending", "It was never said whether it was delivered.")]
    [InlineData(null, "GOV.UK Notify does not keep it any more.")]
    public async Task Nobody_is_asked_for_ever_and_the_words_go(string? status, string answer)
    {
        var id = await AcceptedAsync();
        _status = status;
        for (var day = 0; day < 5; day++)
        {
            await FollowAsync(TimeSpan.FromDays(1));
        }

        var asked = _questions;
        await FollowAsync(TimeSpan.FromDays(1));

        var row = await Server.RowAsync(id);
        Assert.Equal((MailState.Accepted, answer, null, null), (row.State, row.LastAnswer, row.AskAt, row.SealedBody));
        Assert.Equal(asked, _questions);
    }

    [Fact]
    public async Task A_question_without_an_answer_is_asked_again()
    {
        var id = await AcceptedAsync();
        _saysNothing = true;
        await FollowAsync(TimeSpan.FromMinutes(1));
        var row = await Server.RowAsync(id);
        (_saysNothing, _status) = (false, "delivered");
        await FollowAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(MailState.Accepted, row.State);
        Assert.Equal(MailState.Delivered, (await Server.RowAsync(id)).State);
    }

    [Fact]
    public async Task Of_many_processes_that_look_one_asks()
    {
        await AcceptedAsync();
        Server.Clock.Advance(TimeSpan.FromMinutes(1));

        await Task.WhenAll(
            Enumerable
                .Range(0, 6)
                .Select(_ =>
                    Task.Run(() => Server.Services.GetRequiredService<FollowMail>().RunAsync(CancellationToken.None))
                )
        );

        Assert.Equal(1, _questions);
    }

    private async Task<Guid> AcceptedAsync()
    {
        var id = await Server.QueueAsync("siobhan@example.test");
        await SettledAsync(id);
        return id;
    }

    private Task FollowAsync(TimeSpan later)
    {
        Server.Clock.Advance(later);
        return Server.Services.GetRequiredService<FollowMail>().RunAsync(CancellationToken.None);
    }

    private async Task AnswerAsync(HttpContext http)
    {
        if (HttpMethods.IsGet(http.Request.Method))
        {
            Interlocked.Increment(ref _questions);
            if (_saysNothing)
            {
                http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return;
            }

            var reference = http.Request.Query["reference"].ToString();
            var found = _taken
                .Where(taken => _status is not null && Text(taken.Body, "reference") == reference)
                .Select(taken => new { reference, status = _status });
            await http.Response.WriteAsync(JsonSerializer.Serialize(new { notifications = found }));
            return;
        }

        if (_answer is { } answer)
        {
            http.Response.StatusCode = answer.Status;
            await http.Response.WriteAsync(answer.Body);
            return;
        }

        var body = await JsonSerializer.DeserializeAsync<JsonElement>(http.Request.Body);
        _taken.Enqueue((http.Request.Headers.Authorization.ToString()["Bearer ".Length..], body));
        if (_hangsUp)
        {
            http.Abort();
            return;
        }

        http.Response.StatusCode = StatusCodes.Status201Created;
        await http.Response.WriteAsync("""{"id": "740e5834-3a29-46b4-9a6f-16142fde533a"}""");
    }

    private Task SettledAsync(Guid id) =>
        Eventually.BecomesTrueAsync(async () => (await Server.RowAsync(id)).SettledAt is not null, Server.Log.ToString);

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();
}
