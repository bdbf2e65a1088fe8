namespace AuthServer.Pages;

/// <summary>Every address that a page links or redirects to. Paths others rely on are in the README.</summary>
internal static class Links
{
    public const string LogIn = "/log-in";
    public const string LogOut = "/log-out";
    public const string LoggedOut = "/log-out/done";
    public const string Consent = "/consent";
    public const string ForgottenLogInDetails = "/forgotten-login-details";
    public const string HelpUnableToLogIn = "/help/unable-to-log-in";
    public const string HelpContactSupport = "/help/contact-support";
    public const string Account = "/account";
    public const string Error = "/error";
}
