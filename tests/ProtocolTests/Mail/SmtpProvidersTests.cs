using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using AuthServer.Mail;
using TestSupport;
using TestSupport.Mail;

namespace ProtocolTests.Mail;

/// <summary>What the mail servers of large providers want: access tokens, client certificates; and odd replies.</summary>
public sealed class SmtpProvidersTests
{
    private const string Login = "user=help@eportfolios.test\u0001auth=Bearer token-1\u0001\u0001";

    [Theory]
    [InlineData(null)]
    [InlineData("refresh-1")]
    [Trait("spec", "RFC 6749 4.4.2, RFC 6749 6")]
    public async Task Xoauth2_logs_in_with_a_token_of_the_token_endpoint_which_is_kept_while_it_is_valid(
        string? refresh
    )
    {
        await using var tokens = await TokenEndpoint.StartAsync();
        await using var smtp = new BareMailServer(XOAuth2("235 welcome"));
        await using var server = await StartAsync(smtp, OAuth(tokens, refresh));

        var first = await server.SettledAsync(await server.QueueAsync("a@example.test"));
        var second = await server.SettledAsync(await server.QueueAsync("b@example.test"));
        server.Clock.Advance(TimeSpan.FromHours(1));
        var third = await server.SettledAsync(await server.QueueAsync("c@example.test"));

        Assert.All([first, second, third], row => Assert.Equal(MailState.Accepted, row.State));
        Assert.Equal(2, tokens.Requests.Count);
        var request = tokens.Requests.First();
        Assert.Equal(refresh is null ? "client_credentials" : "refresh_token", request["grant_type"]);
        Assert.Equal(refresh, request.GetValueOrDefault("refresh_token"));
        Assert.Equal(
            ("mailer", "s3cret", "https://outlook.example/.default"),
            (request["client_id"], request["client_secret"], request["scope"])
        );
    }

    [Fact]
    public async Task A_token_that_the_mail_server_refuses_is_fetched_anew_and_no_mail_is_lost()
    {
        await using var tokens = await TokenEndpoint.StartAsync();
        var answer = "334 eyJzdGF0dXMiOiI0MDEifQ==";
        await using var smtp = new BareMailServer(line => XOAuth2(answer)(line));
        await using var server = await StartAsync(smtp, OAuth(tokens));
        var id = await server.QueueAsync("a@example.test");

        var refused = await server.AnsweredAsync(id);
        answer = "235 welcome";
        server.Clock.Advance(TimeSpan.FromMinutes(5));
        var taken = await server.SettledAsync(id);

        Assert.Equal(MailState.Queued, refused.State);
        Assert.StartsWith("535 ", refused.LastAnswer, StringComparison.Ordinal);
        Assert.Equal(MailState.Accepted, taken.State);
        Assert.Equal(2, tokens.Requests.Count);
        Assert.DoesNotContain(server.Log.Lines, line => line.Text.Contains("token-1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task While_the_token_endpoint_refuses_mail_waits_and_the_trail_says_why()
    {
        await using var tokens = await TokenEndpoint.StartAsync();
        (tokens.Status, tokens.Body) = (400, """{"error":"invalid_client","error_description":"s3cret is wrong"}""");
        await using var smtp = new BareMailServer(XOAuth2("235 welcome"));
        await using var server = await StartAsync(smtp, OAuth(tokens));

        var row = await server.AnsweredAsync(await server.QueueAsync("a@example.test"));

        Assert.Equal(MailState.Queued, row.State);
        Assert.Equal("No token for the mail server: 400 invalid_client.", row.LastAnswer);
        Assert.DoesNotContain(".", smtp.Heard);
    }

    [Fact]
    [Trait("spec", "RFC 8446 4.4.2")]
    public async Task A_client_certificate_is_shown_to_a_server_that_asks_for_one()
    {
        using var folder = new TemporaryFolder();
        var (certificate, key) = ClientCertificate(folder);
        await using var smtp = new BareMailServer(
            _ => null,
            new SelfSignedCertificate(folder, TimeProvider.System.GetUtcNow())
        );
        await using var server = await StartAsync(
            smtp,
            new() { ["Mail:Smtp:ClientCertificate"] = certificate, ["Mail:Smtp:ClientCertificateKey"] = key }
        );

        var row = await server.SettledAsync(await server.QueueAsync("a@example.test"));

        Assert.Equal(MailState.Accepted, row.State);
        Assert.Equal("CN=auth.example.test", smtp.ClientCertificate);
    }

    [Theory]
    [InlineData("DATA", "451 4.3.0 not now", MailState.Queued, 1)]
    [InlineData("DATA", "250 what message?", MailState.Queued, 1)]
    [InlineData("DATA", "554 5.6.0 never", MailState.Refused, 0)]
    [InlineData("MAIL FROM", "550 5.1.8 who are you?", MailState.Queued, 1)]
    [InlineData("EHLO", "421 4.3.2 closing", MailState.Queued, 1)]
    [InlineData(".", "251 2.1.5 will forward", MailState.Accepted, 0)]
    [InlineData(".", "421 4.3.2 closing", MailState.Queued, 1)]
    public async Task An_odd_reply_is_neither_a_lost_nor_a_double_mail(
        string command,
        string reply,
        MailState state,
        int moreMessages
    )
    {
        var odd = true;
        await using var smtp = new BareMailServer(line =>
            odd && line.StartsWith(command, StringComparison.Ordinal) ? reply : null
        );
        await using var server = await StartAsync(smtp);
        var id = await server.QueueAsync("a@example.test");

        var row = await server.AnsweredAsync(id);
        var before = smtp.Heard.Count(line => line == ".");
        odd = false;
        server.Clock.Advance(TimeSpan.FromMinutes(5));
        await server.Mailbox.SendAsync();
        await server.SettledAsync(id);

        Assert.Equal(state, row.State);
        Assert.Equal(moreMessages, smtp.Heard.Count(line => line == ".") - before);
    }

    private static Task<AuthServerFixture> StartAsync(BareMailServer smtp, Dictionary<string, string?>? more = null) =>
        AuthServerFixture.StartAsync(new FixedClock(), settings: Post.Settings(smtp.Settings, more));

    private static Func<string, string?> XOAuth2(string answer) =>
        line =>
            line.StartsWith("EHLO", StringComparison.Ordinal) ? "250-mail.example.test\n250 AUTH XOAUTH2"
            : line == $"AUTH XOAUTH2 {Convert.ToBase64String(Encoding.UTF8.GetBytes(Login))}" ? answer
            : line.Length == 0 ? "535 5.7.8 the token is no good" // the client takes note of a refusal with an empty line
            : null;

    private static Dictionary<string, string?> OAuth(TokenEndpoint tokens, string? refreshToken = null) =>
        new()
        {
            ["Mail:Smtp:Username"] = "help@eportfolios.test",
            ["Mail:Smtp:OAuth:TokenEndpoint"] = tokens.Uri,
            ["Mail:Smtp:OAuth:ClientId"] = "mailer",
            ["Mail:Smtp:OAuth:ClientSecret"] = "s3cret",
            ["Mail:Smtp:OAuth:Scope"] = "https://outlook.example/.default",
            ["Mail:Smtp:OAuth:RefreshToken"] = refreshToken,
        };

    private static (string Certificate, string Key) ClientCertificate(TemporaryFolder folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest(
            "CN=auth.example.test",
            key,
            HashAlgorithmName.SHA256
        ).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        var (certificateFile, keyFile) = (folder.File("client.crt"), folder.File("client.key"));
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        return (certificateFile, keyFile);
    }
}
