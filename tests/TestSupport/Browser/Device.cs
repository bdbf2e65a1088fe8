using Microsoft.Playwright;

namespace TestSupport.Browser;

/// <summary>What a visitor holds in their hands.</summary>
public enum Device
{
    Desktop,
    Phone,
}

internal static class Devices
{
    public static BrowserNewContextOptions Options(this Device device) =>
        device switch
        {
            Device.Phone => new BrowserNewContextOptions
            {
                ViewportSize = new ViewportSize { Width = 390, Height = 844 },
                DeviceScaleFactor = 2,
                IsMobile = true,
                HasTouch = true,
                UserAgent =
                    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
                    + "Version/18.0 Mobile/15E148 Safari/604.1",
            },
            _ => new BrowserNewContextOptions
            {
                ViewportSize = new ViewportSize { Width = 1280, Height = 900 },
            },
        };
}
