using AuthServer.Accounts;
using Microsoft.Playwright;
using TestSupport;
using TestSupport.Browser;

namespace BrowserTests;

/// <summary>
/// The whole way back of a person whose address nobody knows, with a support officer in a browser of their own.
/// </summary>
public sealed class BackThroughSupportTests(Site site) : IClassFixture<Site>
{
    [Theory]
    [InlineData(Device.Phone, true)]
    [InlineData(Device.Desktop, false)]
    public async Task A_person_whose_address_is_unknown_is_back_in_their_app_after_the_waiting_time(
        Device device,
        bool javaScript
    )
    {
        const string NewPassword = "seven slow trains to Leeds";
        var number = site.NextNumber();
        var person = await site.Server.Given.AccountAsync(
            $"o'brien{number}",
            account =>
            {
                (account.GivenName, account.FamilyName, account.GmcNumber) = ("Aoife", "O'Brien", "7654321");
                (account.Email, account.EmailVerified) = ($"aoife{number}@royal.example.test", true);
            }
        );
        var mine = $"aoife{number}@home.example.test";
        await using var claimant = await site.ArriveAsync(device, javaScript);
        await using var officer = await site.ArriveAsync(Device.Desktop, javaScript);
        await LogInAsStaffAsync(officer);

        // The form, with the curly apostrophe of a phone, from the app's own log-in page.
        await claimant.Page.GotoAsync(site.Server.Issuer + site.Client.Authorize().Url);
        await claimant.Page.GotoAsync(
            site.Server.Issuer + "/support-case?ticket=" + new Uri(claimant.Page.Url).Query.Split("ticket=")[1]
        );
        await claimant.Page.ClickAsync("main >> text=Start now");
        await claimant.Page.FillAsync("#Email", mine);
        await ContinueAsync(claimant.Page);
        await claimant.Page.ClickAsync("main >> text=Start with your name");
        await FillAsync(claimant.Page, ("GivenName", "Aoife"), ("FamilyName", "O’Brien"));
        await FillAsync(claimant.Page, ("Username", $"O’Brien{number}"));
        await FillAsync(claimant.Page, ("Emails", $"aoife{number}@royal.example.test"));
        await FillAsync(claimant.Page, ("GmcNumber", "765 4321"));
        await FillAsync(claimant.Page, ("Employer", "Royal Infirmary"));
        await FillAsync(claimant.Page, ("Names", ""));
        await FillAsync(claimant.Page, ("More", ""));
        await claimant.Page.ClickAsync("main button:text-is('Send')");
        await claimant.Page.GotoAsync(
            site.Server.Issuer + await site.Server.PathInMailAsync(mine, "/support-case/confirm/")
        );
        await claimant.Page.ClickAsync("main form button");
        Assert.Equal("Your case", await claimant.Page.TextContentAsync("h1"));
        var reference = (await site.Server.CaseOfAsync(mine)).Reference;

        // The desk: a question, its answer, the account, the approval.
        await officer.Page.GotoAsync(site.Server.Issuer + "/support");
        await officer.Page.ClickAsync($"main >> text={reference}");
        await officer.Page.ClickAsync("main >> text=Ask for more");
        await officer.Page.FillAsync("#Question", "Who was your supervisor?");
        await ContinueAsync(officer.Page);
        await claimant.Page.GotoAsync(
            site.Server.Issuer + await site.Server.PathInMailAsync(mine, "/support-case/answer/")
        );
        await claimant.Page.FillAsync("#Answer", "Dr Patel");
        await ContinueAsync(claimant.Page);
        await officer.Page.GotoAsync($"{site.Server.Issuer}/support/cases/{reference}");
        await Assertions.Expect(officer.Page.Locator(".desk-news").GetByText("Dr Patel")).ToBeVisibleAsync();
        await officer.Page.ClickAsync(".nhsuk-tabs__tab[href='#accounts']");
        await officer.Page.ClickAsync($".desk-suggestions >> text={person.Username}");
        await officer.Page.ClickAsync("main >> text=Choose this account");
        await officer.Page.ClickAsync("main a:text-is('Approve')");
        await ContinueAsync(officer.Page);

        // The old address is told; nobody stops it; the test's clock goes on.
        await site.Server.PathInMailAsync($"aoife{number}@royal.example.test", "/support-case/stop/");
        site.Server.Clock.Advance(TimeSpan.FromHours(24));
        await site.Server.ReleaseDueAsync();
        await claimant.Page.GotoAsync(site.Server.Issuer + await site.Server.PathInMailAsync(mine, "/reset-password/"));
        await claimant.Page.FillAsync("#NewPassword", NewPassword);
        await ContinueAsync(claimant.Page);

        // Logged in, and led to the app, which signs them in without another question.
        await Assertions.Expect(claimant.Page).ToHaveURLAsync($"{site.App.Home}/");
        await claimant.Page.GotoAsync(site.Server.Issuer + site.Client.Authorize().Url);
        await Assertions.Expect(claimant.Page).ToHaveURLAsync($"{site.App.Home}/callback/done");
    }

    private static Task ContinueAsync(IPage page) => page.ClickAsync("main form button[type=submit] >> nth=0");

    private static async Task FillAsync(IPage page, params (string Field, string Answer)[] answers)
    {
        foreach (var (field, answer) in answers)
        {
            await page.FillAsync("#" + field, answer);
        }

        await ContinueAsync(page);
    }

    private async Task LogInAsStaffAsync(Visitor officer)
    {
        var staff = await site.Server.Given.AccountAsync(
            $"officer{site.NextNumber()}",
            account => account.StaffRole = StaffRole.Support
        );
        using var browser = await site.Server.Given.LoggedInAsync(staff);
        await officer.Context.AddCookiesAsync(
            browser.Cookies.Select(cookie => new Cookie
            {
                Name = cookie.Name,
                Value = cookie.Value,
                Url = site.Server.Issuer,
            })
        );
    }
}
