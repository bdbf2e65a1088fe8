using System.Text.RegularExpressions;
using Microsoft.Playwright;
using TestSupport;
using TestSupport.Browser;
using TestSupport.Mail;

namespace BrowserTests;

/// <summary>
/// A person who forgot everything but their e-mail address is back in their app, with mail through a real SMTP server.
/// </summary>
public sealed partial class ForgottenDetailsTests : IAsyncLifetime
{
    private MailServer? _smtp;
    private AuthServerFixture? _server;
    private SmallApp? _app;

    private AuthServerFixture Server => Started(_server);

    private SmallApp App => Started(_app);

    public async Task InitializeAsync()
    {
        _smtp = await MailServer.StartAsync(tls: false);
        _server = await AuthServerFixture.StartAsync(settings: _smtp.Settings);
        _app = await SmallApp.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await App.DisposeAsync();
        await Server.DisposeAsync();
        await Started(_smtp).DisposeAsync();
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

        await Assertions.Expect(other.Page).ToHaveURLAsync($"{App.Home}/callback/done");
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
            var found = Started(_smtp)
                .Taken()
                .FirstOrDefault(mail => mail.Headers["Subject"].Contains(subject, StringComparison.Ordinal));
            if (found is not null)
            {
                return found.Text;
            }

            await Task.Delay(100);
        }

        Assert.Fail($"No mail came: {subject}\n{Server.Log}");
        return "";
    }

    private static T Started<T>(T? part) => part ?? throw new InvalidOperationException("The test has not started.");

    [GeneratedRegex(@"https?://\S+/reset-password/[\w-]+")]
    private static partial Regex Link();
}
