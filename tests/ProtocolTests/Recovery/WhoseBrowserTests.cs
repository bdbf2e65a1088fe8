using System.Net;
using AuthServer.Accounts;
using AuthServer.Clients;
using Microsoft.Extensions.DependencyInjection;
using TestSupport;

namespace ProtocolTests.Recovery;

/// <summary>
/// Links of one person, opened in a browser in which another is logged in: what is done is done for the owner of the
/// link.
/// </summary>
public sealed class WhoseBrowserTests : IAsyncLifetime
{
    private const string Email = "b@example.org";

    private AuthServerFixture _server = null!;
    private GivenAccount _owner = null!;
    private GivenAccount _other = null!;
    private TestBrowser _browser = null!;

    private Forgotten Forgotten => new(_server);

    public async Task InitializeAsync()
    {
        _server = await AuthServerFixture.StartAsync(new FixedClock("2026-01-31T09:00:00Z"));
        _owner = await _server.Given.AccountAsync(
            "barnes4821",
            a => (a.Email, a.EmailVerified, a.GivenName, a.FamilyName) = (Email, true, "Bea", "Barnes")
        );
        _other = await _server.Given.AccountAsync("adams4821");
        _browser = await _server.Given.LoggedInAsync(_other);
        _server.Clock.Advance(TimeSpan.FromSeconds(1));
    }

    public async Task DisposeAsync()
    {
        _browser.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task The_page_says_for_whom_the_password_is_and_that_the_other_person_will_be_logged_out()
    {
        var link = await Forgotten.LinkAsync(Email);
        using var nobodysBrowser = _server.NewBrowser();

        var page = (await _browser.GetAsync(link)).Ok();
        var alone = (await nobodysBrowser.GetAsync(link)).Ok();

        Assert.Contains("This password is for Bea Barnes, username barnes4821.", page.Text, StringComparison.Ordinal);
        Assert.Contains(
            "adams4821 is logged in on this device",
            page.One("main .nhsuk-inset-text").TextContent,
            StringComparison.Ordinal
        );
        Assert.Empty(alone.All("main .nhsuk-inset-text"));
        Assert.Empty(page.All(".nhsuk-header__account"));
    }

    [Fact]
    public async Task A_password_chosen_in_anothers_browser_leads_into_the_owners_account()
    {
        await using var receiver = await LogoutReceiver.StartAsync();
        var app = await _server.Given.RelyingPartyAsync(receiver.Metadata);
        var tokens = await app.SignInAsync(_browser);

        var done = await _browser.FollowAsync(await Forgotten.ChooseAsync(_browser, await Forgotten.LinkAsync(Email)));
        var after = await app.SignInAsync(_browser);

        Assert.Contains("barnes4821", done.Text, StringComparison.Ordinal);
        Assert.Equal(_owner.Id.ToString(), after.Claims.Subject);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.UserInfoAsync(tokens.AccessToken)).Status);
        await Eventually.BecomesTrueAsync(() => receiver.Told.Count == 1, _server.Log.ToString);
    }

    [Fact]
    public async Task The_way_back_through_initiate_login_uri_ends_in_the_owners_account()
    {
        var app = await _server.Given.RelyingPartyAsync(
            new ClientMetadata
            {
                ClientName = "Portfolio",
                InitiateLoginUri = "https://app.example.test/start",
                RedirectUris = [Given.RedirectUri],
            }
        );
        var link = await LinkFromAsync(app);

        var answer = await Forgotten.ChooseAsync(_browser, link);
        var begun = await app.SignInAsync(_browser); // as the app does when its address is opened

        Assert.StartsWith(
            "https://app.example.test/start?iss=",
            answer.Location?.AbsoluteUri,
            StringComparison.Ordinal
        );
        Assert.Equal(_owner.Id.ToString(), begun.Claims.Subject);
    }

    [Fact]
    public async Task The_request_of_an_app_is_answered_for_the_owner()
    {
        var app = await _server.Given.RelyingPartyAsync();
        var attempt = app.Authorize();
        var link = await LinkFromAsync(app, attempt);

        var back = await _browser.FollowAsync(await Forgotten.ChooseAsync(_browser, link));
        var tokens = await app.RedeemedAsync(app.Callback(back, attempt)["code"], attempt);

        Assert.Equal(_owner.Id.ToString(), tokens.Claims.Subject);
    }

    [Fact]
    public async Task A_dead_link_does_not_lead_into_an_app_as_the_other_person()
    {
        var app = await _server.Given.RelyingPartyAsync(
            new ClientMetadata
            {
                ClientName = "Portfolio",
                InitiateLoginUri = "https://app.example.test/start",
                RedirectUris = [Given.RedirectUri],
            }
        );
        var link = await LinkFromAsync(app);
        await Forgotten.ChooseAsync(link);

        var dead = await _browser.GetAsync(link);

        Assert.Equal("This link has been used", dead.Heading);
        Assert.Contains("adams4821 is logged in on this device", dead.Text, StringComparison.Ordinal);
        Assert.Equal("/log-out", dead.One("main .nhsuk-inset-text a").GetAttribute("href"));
        Assert.Empty(dead.All("main a[href^='https://app.example.test/']"));
    }

    [Fact]
    public async Task A_link_from_before_everything_was_logged_out_does_not_lead_on_as_the_other_person_either()
    {
        var link = await Forgotten.LinkAsync(Email);
        await _server.InScopeAsync(services =>
            services
                .GetRequiredService<DisableAccount>()
                .EndSessionsAsync(_owner.Id, actor: null, CancellationToken.None)
        );

        var dead = await _browser.GetAsync(link);

        Assert.Contains("logged out everywhere", dead.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(dead.All("main a"), a => a.TextContent is "log in" or "Back to log in");
    }

    [Fact]
    public async Task A_password_that_was_refused_logs_nobody_out()
    {
        await Forgotten.ChooseAsync(_browser, await Forgotten.LinkAsync(Email), "short");

        Assert.Contains(_other.Username, (await _browser.GetAsync("/account")).Ok().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_support_case_is_confirmed_answered_and_stopped_for_its_owner_whoever_logs_in_or_out_meanwhile()
    {
        using var claimant = new Claimant(_server);
        await claimant.AnswerAllAsync();
        await claimant.Browser.SubmitAsync((await claimant.Browser.GetAsync("/support-case/check-your-answers")).Ok());
        var confirm = await _server.PathInMailAsync(claimant.Email, "/support-case/confirm/");

        var form = (await _browser.GetAsync(confirm)).Ok();
        await _browser.SubmitAsync(await _browser.GetAsync("/log-out"));
        var status = (await _browser.FollowAsync(await _browser.SubmitAsync(form))).Ok();

        Assert.Empty(form.All(".nhsuk-header__account"));
        Assert.Equal("Your case", status.Heading);

        using var again = await _server.Given.LoggedInAsync(_other);
        var answer = (
            await again.GetAsync(
                await _server.AskAsync((await _server.CaseOfAsync(claimant.Email)).Id, "Who was your supervisor?")
            )
        ).Ok();
        await again.SubmitAsync(await again.GetAsync("/log-out"));
        var taken = await again.SubmitAsync(answer, new Dictionary<string, string> { ["Answer"] = "Dr Patel" });

        Assert.Empty(answer.All(".nhsuk-header__account"));
        Assert.Equal("Your answer has been sent", taken.Heading);

        await _server.ApproveAsync((await _server.CaseOfAsync(claimant.Email)).Id, _owner.Id);
        using var third = await _server.Given.LoggedInAsync(_other);
        var stop = (await third.GetAsync(await _server.PathInMailAsync(Email, "/support-case/stop/"))).Ok();
        await third.SubmitAsync(await third.GetAsync("/log-out"));
        var stopped = await third.SubmitAsync(stop);

        Assert.Empty(stop.All(".nhsuk-header__account"));
        Assert.Equal("Stopped", stopped.Heading);
    }

    [Fact]
    public async Task Confirming_a_case_leaves_the_form_that_another_person_began_in_this_browser()
    {
        using var claimant = new Claimant(_server);
        await claimant.AnswerAllAsync();
        await claimant.Browser.SubmitAsync((await claimant.Browser.GetAsync("/support-case/check-your-answers")).Ok());
        using var shared = new Claimant(_server);
        await shared.BeginAsync();

        var form = (
            await shared.Browser.GetAsync(await _server.PathInMailAsync(claimant.Email, "/support-case/confirm/"))
        ).Ok();
        await shared.Browser.SubmitAsync(form);

        Assert.Contains(
            shared.Email,
            (await shared.Browser.GetAsync("/support-case/form")).Ok().Text,
            StringComparison.Ordinal
        );
    }

    /// <summary>The owner asks for their details in a browser of their own, on the way to the app.</summary>
    private async Task<string> LinkFromAsync(RelyingParty app, AuthorizeAttempt? attempt = null)
    {
        using var first = _server.NewBrowser();
        var logIn = await first.OpenAsync((attempt ?? app.Authorize()).Url);
        return await Forgotten.LinkAsync(
            Email,
            logIn.One("main a[href^='/forgotten-login-details']").GetAttribute("href")
        );
    }
}
