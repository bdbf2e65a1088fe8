using System.ComponentModel.DataAnnotations;
using System.Globalization;
using AuthServer.Accounts;
using AuthServer.Pages.Consent;
using AuthServer.Protocol.Device;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace AuthServer.Pages.Device;

/// <summary>
/// Asks for the code that a device shows, then whether the app on it may have what it asks for (RFC 8628 §3.3). A code
/// is looked up for users who are logged in; the code itself may come in the address (<c>verification_uri_complete</c>,
/// §3.3.1).
/// </summary>
internal sealed class IndexModel(DeviceVerification devices, AppViews apps, SessionReader sessions) : PageModel
{
    /// <summary>The field and the parameter that hold the code.</summary>
    public const string CodeField = "user_code";

    [BindProperty(Name = CodeField, SupportsGet = true)]
    [Display(
        Name = "Enter the code shown on your device",
        Description = "It is 8 letters, like BCDF-GHJK. It does not matter if you leave out the hyphen"
    )]
    public string? UserCode { get; set; }

    /// <summary>The code as the device shows it, when a device waits with it.</summary>
    public string? Code { get; private set; }

    /// <summary>The app on the device.</summary>
    public AppView? App { get; private set; }

    public LiveSession? Session { get; private set; }

    /// <summary>What the app would get, a phrase each.</summary>
    public IReadOnlyList<string> Asked { get; private set; } = [];

    /// <summary>Set when the code was not looked up, because this account has tried too many.</summary>
    public DeviceLookup.TooManyAttempts? TooMany { get; private set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        if (!Request.Query.ContainsKey(CodeField))
        {
            return Page();
        }

        if (DeviceCodes.Read(UserCode) is not { } code)
        {
            return Refuse(
                string.IsNullOrWhiteSpace(UserCode)
                    ? "Enter the code shown on your device"
                    : "The code must be 8 letters, like BCDF-GHJK"
            );
        }

        Session = await sessions.CurrentAsync(HttpContext);
        if (Session is null)
        {
            return Redirect(Links.LogInFirst(Links.DeviceWithCode(code)));
        }

        switch (await devices.FindAsync(Session, code, cancellationToken))
        {
            case DeviceLookup.Found(var device):
                Code = DeviceCodes.Show(code);
                Asked = ScopeWords.For(device.Scopes);
                App = await apps.FindAsync(device.Client.ClientId, cancellationToken);
                return Page();
            case DeviceLookup.TooManyAttempts tooMany:
                return Block(tooMany);
            default:
                return RefuseUnknown();
        }
    }

    /// <param name="allow">The button "Allow".</param>
    /// <param name="deny">The button "Do not allow".</param>
    public async Task<IActionResult> OnPostAsync(bool allow, bool deny, CancellationToken cancellationToken)
    {
        Session = await sessions.CurrentAsync(HttpContext);
        if (DeviceCodes.Read(UserCode) is not { } code || allow == deny)
        {
            return this.SeeOther(Links.Device);
        }

        if (Session is null)
        {
            return this.SeeOther(Links.LogInFirst(Links.DeviceWithCode(code)));
        }

        switch (await devices.FindAsync(Session, code, cancellationToken))
        {
            case DeviceLookup.Found(var device):
                var answered = allow
                    ? await devices.AllowAsync(device, Session, cancellationToken)
                    : await devices.DenyAsync(device, Session, cancellationToken);
                return !answered ? RefuseUnknown() : this.SeeOther(allow ? Links.DeviceAllowed : Links.DeviceDenied);
            case DeviceLookup.TooManyAttempts tooMany:
                return Block(tooMany);
            default:
                return RefuseUnknown();
        }
    }

    private PageResult RefuseUnknown() =>
        Refuse("The code is incorrect, or it has expired. Check the code on your device and enter it again");

    private PageResult Refuse(string problem)
    {
        ModelState.AddModelError(CodeField, problem);
        return Page();
    }

    private PageResult Block(DeviceLookup.TooManyAttempts tooMany)
    {
        TooMany = tooMany;
        if (tooMany.RetryAfter is { } wait)
        {
            Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        return this.WithStatus(StatusCodes.Status429TooManyRequests);
    }
}
