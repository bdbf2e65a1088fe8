using AuthServer.Demo;
using Microsoft.Playwright;
using TestSupport;
using TestSupport.Browser;

namespace BrowserTests;

/// <summary>What a newcomer sees after one command: the demo app, before and after logging in.</summary>
public sealed class DemoTests
{
    [Theory]
    [InlineData(Device.Desktop)]
    [InlineData(Device.Phone)]
    public async Task The_demo_app_is_accessible_before_and_after_logging_in(Device device)
    {
        await using var server = await AuthServerFixture.StartAsync(
            settings: new Dictionary<string, string?> { ["Demo"] = "true" }
        );
        await using var visitor = await Visitor.ArriveAsync(server, device);
        var person = DemoPeople.All[0];

        await visitor.Page.GotoAsync(server.Issuer + "/demo");
        await LookAsync(visitor, $"demo-{device}");
        await visitor.Page.ClickAsync("a[href='/demo/start']");
        await visitor.LogInAsync(person.Username, person.Password);
        await Assertions.Expect(visitor.Page.GetByText("You are logged in.")).ToBeVisibleAsync();
        foreach (var closed in await visitor.Page.Locator("summary").AllAsync())
        {
            await closed.ClickAsync();
        }

        await LookAsync(visitor, $"demo-logged-in-{device}");
    }

    private static async Task LookAsync(Visitor visitor, string picture)
    {
        await visitor.PictureAsync(picture);
        await visitor.Page.AssertFitsAsync();
        await visitor.Page.AssertAccessibleAsync();
    }
}
