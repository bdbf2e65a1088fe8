using System.Net.Sockets;
using System.Text.RegularExpressions;
using AuthServer.Mail.Mime;
using Microsoft.Playwright;
using TestSupport;
using TestSupport.Browser;

namespace BrowserTests;

/// <summary>
/// A person who forgot everything but their e-mail address is back in their app, with mail through a real SMTP server.
/// </summary>
public sealed partial class ForgottenDetailsTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly int _port = FreePort.Next();
    private LeashedProcess? _smtp;
    private AuthServerFixture? _server;
    private SmallApp? _app;

    private string Maildir => _folder.File("maildir");

    private AuthServerFixture Server => Started(_server);

    private SmallApp App => Started(_app);

    public async Task InitializeAsync()
    {
        _smtp = LeashedProcess.Start([
            "/usr/bin/python3",
            "-m",
            "aiosmtpd",
            "-n",
            "-l",
            $"127.0.0.1:{_port}",
            "-c",
            "aiosmtpd.handlers.Mailbox",
            Maildir,
        ]);
        await _smtp.WaitUntilAsync(AnswersAsync, "The SMTP server");
        _server = await AuthServerFixture.StartAsync(
            settings: new Dictionary<string, string?>
            {
                ["Mail:Transport"] = "Smtp",
                ["Mail:Smtp:Host"] = "127.0.0.1",
                ["Mail:Smtp:Port"] = $"{_port}",
            }
        );
        _app = await SmallApp.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await App.DisposeAsync();
        await Server.DisposeAsync();
        await Started(_smtp).DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(Device.Phone, true)]
    [InlineData(Device.Desktop, false)]
    public async Task From_the_log_in_page_through_the_mail_back_into_the_app(Device device, bool javaScript)
    {
        var app = await Server.Given.RelyingPartyAsync(App.Metadata with { ClientUri = null });
        await Server.Given.AccountAsync(
            "O\u2019Brien4821",
            account =>
                (account.Email, account.EmailVerified, account.GivenName, account.FamilyName) = (
                    "aoife.o'brien@example.org",
                    true,
                    "Aoife",
                    "O\u2019Brien"
                )
        );

        await using (var visitor = await ArriveAsync(device, javaScript))
        {
            await visitor.Page.GotoAsync(Server.Issuer + app.Authorize().Url);
            await visitor.Page.ClickAsync("text=I've forgotten my username or password");
            await visitor.Page.FillAsync("#Email", "Aoife.O\u2019Brien@example.org");
            await visitor.Page.ClickAsync("main form button[type=submit]");
            await Assertions.Expect(visitor.Page.Locator("h1")).ToHaveTextAsync("Check your email");
        }

        var mail = await MailAsync("choose a new password");
        Assert.Contains("O\u2019Brien4821", mail, StringComparison.Ordinal);

        // The mail is read on another device.
        await using var other = await ArriveAsync(Device.Desktop, javaScript);
        await other.Page.GotoAsync(Link().Match(mail).Value);
        await other.ChooseAsync(Forgotten.NewPassword);

        await other.Page.WaitForURLAsync($"{App.Home}/callback/done");
        await MailAsync("Your password was changed");
    }

    [Fact]
    public async Task An_app_that_says_where_it_begins_is_begun_again()
    {
        var app = await Server.Given.RelyingPartyAsync(App.Metadata with { InitiateLoginUri = $"{App.Home}/start" });
        await Server.Given.AccountAsync(
            "smith4821",
            account => (account.Email, account.EmailVerified) = ("smith@example.org", true)
        );
        await using var visitor = await ArriveAsync(Device.Phone, javaScript: true);
        await visitor.Page.GotoAsync(Server.Issuer + app.Authorize().Url);
        await visitor.Page.ClickAsync("text=I've forgotten my username or password");
        await visitor.Page.FillAsync("#Email", "smith@example.org");
        await visitor.Page.ClickAsync("main form button[type=submit]");

        await visitor.Page.GotoAsync(Link().Match(await MailAsync("choose a new password")).Value);
        await visitor.ChooseAsync(Forgotten.NewPassword);

        await Assertions.Expect(visitor.Page.Locator("h1")).ToHaveTextAsync("The app, /start");
    }

    private Task<Visitor> ArriveAsync(Device device, bool javaScript) =>
        Visitor.ArriveAsync([Server.Issuer, App.Receives, App.Home], device, javaScript);

    /// <summary>Waits for a mail with this in its subject.</summary>
    /// <returns>Its text.</returns>
    private async Task<string> MailAsync(string subject)
    {
        for (var tries = 0; tries < 600; tries++)
        {
            var found = Directory.Exists(Path.Combine(Maildir, "new"))
                ? Directory
                    .EnumerateFiles(Path.Combine(Maildir, "new"))
                    .Select(file => MimeReader.Read(File.ReadAllText(file).ReplaceLineEndings("\r\n")))
                    .FirstOrDefault(mail => mail.Subject.Contains(subject, StringComparison.Ordinal))
                : null;
            if (found is not null)
            {
                return found.Text;
            }

            await Task.Delay(100);
        }

        Assert.Fail($"No mail came: {subject}\n{Server.Log}\n{_smtp?.Output}");
        return "";
    }

    private async Task<bool> AnswersAsync()
    {
        using var socket = new TcpClient();
        try
        {
            await socket.ConnectAsync("127.0.0.1", _port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static T Started<T>(T? part) => part ?? throw new InvalidOperationException("The test has not started.");

    [GeneratedRegex(@"https?://\S+/reset-password/[\w-]+")]
    private static partial Regex Link();
}
