using Recovery;
using Recovery.Cases;

namespace AuthServer.Pages;

/// <summary>Every address that a page links or redirects to. Paths others rely on are in the README.</summary>
internal static class Links
{
    public const string Home = "/";
    public const string LogIn = "/log-in";
    public const string LogOut = "/log-out";
    public const string LoggedOut = "/log-out/done";
    public const string Consent = "/consent";
    public const string Device = "/device";
    public const string DeviceAllowed = "/device/allowed";
    public const string DeviceDenied = "/device/denied";
    public const string ForgottenLogInDetails = "/forgotten-login-details";
    public const string HelpUnableToLogIn = "/help/unable-to-log-in";
    public const string HelpContactSupport = "/help/contact-support";
    public const string AccessibilityStatement = "/accessibility-statement";
    public const string Cookies = "/cookies";
    public const string Privacy = "/privacy";
    public const string SupportCase = CasePaths.Start;
    public const string SupportDesk = "/support";
    public const string Account = "/account";

    /// <summary>Pictures of apps; the client's id follows.</summary>
    public const string AppLogo = "/app-logo";

    public const string Error = "/error";

    /// <summary>The demo app, where <c>Demo</c> is true.</summary>
    public const string Demo = "/demo";

    /// <summary>What was sent, in Development.</summary>
    public const string DevMailbox = "/dev/mailbox";

    /// <summary>
    /// Where password managers find the page that changes a password (W3C, A Well-Known URL for Changing Passwords).
    /// </summary>
    public const string ChangePassword = "/.well-known/change-password";

    /// <summary>Where RP-initiated log-out goes on once the person has said yes.</summary>
    public const string EndSession = "/connect/endsession";

    /// <summary>The page for devices with this code, as <c>verification_uri_complete</c> has it.</summary>
    public static string DeviceWithCode(string code) => $"{Device}?user_code={Uri.EscapeDataString(code)}";

    /// <summary>The log-in page, and then a path here.</summary>
    public static string LogInFirst(string path) => $"{LogIn}?returnUrl={Uri.EscapeDataString(path)}";

    /// <summary>The same for users who are logged in, perhaps as somebody else.</summary>
    public static string LogInAgain(string path) => $"{LogIn}?again=true&returnUrl={Uri.EscapeDataString(path)}";

    /// <summary>
    /// The address with the sealed ticket of the journey the person is on; without one, the address alone.
    /// </summary>
    public static string WithTicket(string path, string? ticket) => With(path, ("ticket", ticket));

    /// <summary>The path with those of the parameters that have a value.</summary>
    public static string With(string path, params IReadOnlyList<(string Name, string? Value)> query) =>
        RecoveryPaths.With(path, query);
}
