using Microsoft.Playwright;
using TestSupport;
using TestSupport.Browser;

namespace BrowserTests;

/// <summary>The log-in page in a real browser.</summary>
public sealed class LogInTests(Site site) : IClassFixture<Site>
{
    [Theory]
    [InlineData(Device.Desktop, true)]
    [InlineData(Device.Desktop, false)]
    [InlineData(Device.Phone, true)]
    [InlineData(Device.Phone, false)]
    public async Task A_person_who_comes_from_an_app_ends_up_in_it(Device device, bool javaScript)
    {
        var person = await site.Server.Given.AccountAsync($"o'brien{site.NextNumber()}");
        await using var visitor = await site.ArriveAsync(device, javaScript);
        await visitor.Page.GotoAsync(site.Server.Issuer + site.Client.Authorize().Url);
        Assert.Equal("Log in to Foundation ePortfolio", await visitor.Page.TextContentAsync("h1"));
        Assert.True(
            await visitor.Page.Locator("main img").BoundingBoxAsync() is { Width: > 50, Height: > 20 },
            "The app's logo is not shown."
        );

        await visitor.LogInAsync(person.Username, person.Password);

        // The app sends people on from its redirect URI to another host: a form-action of ours would stop them there.
        await Assertions.Expect(visitor.Page).ToHaveURLAsync($"{site.App.Home}/callback/done");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_a_mistake_the_username_is_kept_the_password_is_not_and_the_second_try_works(bool javaScript)
    {
        var person = await site.Server.Given.AccountAsync($"o'brien{site.NextNumber()}");
        await using var visitor = await site.ArriveAsync(Device.Phone, javaScript);
        await visitor.Page.GotoAsync(site.Server.Issuer + site.Client.Authorize().Url);

        await visitor.LogInAsync(person.Username, "Not my password");

        Assert.StartsWith("Error: Log in", await visitor.Page.TitleAsync(), StringComparison.Ordinal);
        Assert.Equal(person.Username, await visitor.Page.InputValueAsync("#Username"));
        Assert.Equal("", await visitor.Page.InputValueAsync("#Password"));
        await visitor.LogInAsync(person.Username, person.Password);
        await Assertions.Expect(visitor.Page).ToHaveURLAsync($"{site.App.Home}/callback/done");
    }

    [Fact]
    public async Task The_error_summary_takes_the_focus_and_leads_to_the_field()
    {
        await using var visitor = await site.ArriveAsync();
        await visitor.Page.GotoAsync($"{site.Server.Issuer}/log-in");
        await visitor.Page.ClickAsync("main form button[type=submit]");

        await Assertions.Expect(visitor.Page.Locator(".nhsuk-error-summary")).ToBeFocusedAsync();
        await visitor.Page.ClickAsync(".nhsuk-error-summary a >> text=Enter your password");

        await Assertions.Expect(visitor.Page.Locator("#Password")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Show_shows_the_password_in_a_field_that_corrects_nothing_and_hides_it_before_it_is_sent()
    {
        var person = await site.Server.Given.AccountAsync($"o'brien{site.NextNumber()}");
        await using var visitor = await site.ArriveAsync(Device.Phone);
        await visitor.Page.GotoAsync($"{site.Server.Issuer}/log-in");
        var password = visitor.Page.Locator("#Password");
        await visitor.Page.FillAsync("#Username", person.Username);
        await password.FillAsync("it's secret");

        await visitor.Page.ClickAsync("text=Show");

        Assert.Equal("text", await password.GetAttributeAsync("type"));
        Assert.Equal("false", await password.GetAttributeAsync("spellcheck"));
        Assert.Equal("off", await password.GetAttributeAsync("autocorrect"));
        Assert.Equal("none", await password.GetAttributeAsync("autocapitalize"));
        Assert.Equal("it's secret", await password.InputValueAsync());

        await visitor.Page.EvaluateAsync(
            "document.querySelector('main form').addEventListener('submit', e => { e.preventDefault(); window.sentAs = document.getElementById('Password').type })"
        );
        await visitor.Page.ClickAsync("main form button[type=submit]");

        Assert.Equal("password", await visitor.Page.EvaluateAsync<string>("window.sentAs"));
    }

    [Fact]
    public async Task Without_JavaScript_there_is_no_Show_button()
    {
        await using var visitor = await site.ArriveAsync(Device.Desktop, javaScript: false);
        await visitor.Page.GotoAsync($"{site.Server.Issuer}/log-in");

        Assert.False(await visitor.Page.IsVisibleAsync(".nhsuk-password-input__toggle"));
    }

    [Fact]
    public async Task While_caps_lock_is_on_a_notice_says_so()
    {
        await using var visitor = await site.ArriveAsync();
        await visitor.Page.GotoAsync($"{site.Server.Issuer}/log-in");
        var notice = visitor.Page.GetByText("Caps lock is on");
        await visitor.Page.FocusAsync("#Password");

        await PressAsync(visitor.Page, capsLock: true);
        await Assertions.Expect(notice).ToBeVisibleAsync();
        await visitor.Page.AssertAccessibleAsync();
        await visitor.PictureAsync("log-in-caps-lock");

        await PressAsync(visitor.Page, capsLock: false);
        await Assertions.Expect(notice).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Two_log_in_pages_in_two_tabs_do_not_disturb_each_other()
    {
        var person = await site.Server.Given.AccountAsync($"o'brien{site.NextNumber()}");
        await using var visitor = await site.ArriveAsync();
        var other = await visitor.Context.NewPageAsync();
        await visitor.Page.GotoAsync(site.Server.Issuer + site.Client.Authorize().Url);
        await other.GotoAsync(site.Server.Issuer + site.Client.Authorize().Url);

        await visitor.LogInAsync(person.Username, person.Password);
        await Assertions.Expect(visitor.Page).ToHaveURLAsync($"{site.App.Home}/callback/done");
        await other.FillAsync("#Username", person.Username);
        await other.FillAsync("#Password", person.Password);
        await other.ClickAsync("main form button[type=submit]");

        await Assertions.Expect(other).ToHaveURLAsync($"{site.App.Home}/callback/done");
    }

    [Fact]
    public async Task The_back_button_leads_to_a_page_that_says_who_is_logged_in_and_goes_on()
    {
        var person = await site.Server.Given.AccountAsync($"o'brien{site.NextNumber()}");
        await using var visitor = await site.ArriveAsync();
        await visitor.Page.GotoAsync(site.Server.Issuer + site.Client.Authorize().Url);
        await visitor.LogInAsync(person.Username, person.Password);
        await Assertions.Expect(visitor.Page).ToHaveURLAsync($"{site.App.Home}/callback/done");

        await visitor.Page.GoBackAsync();
        await visitor.Page.ClickAsync("text=Continue to Foundation ePortfolio");

        await Assertions.Expect(visitor.Page).ToHaveURLAsync($"{site.App.Home}/callback/done");
    }

    /// <summary>
    /// The picture in the README. It is taken each time, and replaces the committed one only when
    /// <c>UPDATE_PICTURES=1</c>: fonts differ from machine to machine.
    /// </summary>
    [Fact]
    public async Task The_log_in_page_has_its_picture_in_the_README()
    {
        var person = await site.Server.Given.AccountAsync($"o'brien{site.NextNumber()}");
        await using var visitor = await site.ArriveAsync();
        await visitor.Page.GotoAsync(
            site.Server.Issuer
                + site.Client.Authorize(more: new Dictionary<string, string?> { ["login_hint"] = person.Username }).Url
        );
        await Assertions
            .Expect(visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Show password" }))
            .ToBeVisibleAsync();

        var taken = await visitor.PictureAsync("log-in");

        var committed = Repository.PathOf("tests/BrowserTests/log-in.png");
        if (Environment.GetEnvironmentVariable("UPDATE_PICTURES") == "1")
        {
            File.Copy(taken, committed, overwrite: true);
        }

        Assert.True(File.Exists(committed));
    }

    // A test cannot press the key itself: its state is the machine's.
    private static Task PressAsync(IPage page, bool capsLock) =>
        page.EvaluateAsync(
            "on => document.getElementById('Password').dispatchEvent(new KeyboardEvent('keydown', { key: 'A', bubbles: true, modifierCapsLock: on }))",
            capsLock
        );
}
