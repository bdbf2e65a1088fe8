namespace Recovery;

/// <summary>
/// Where forgotten details and reset links are found; a support case's pages are in <c>CasePaths</c>.
/// </summary>
public static class RecoveryPaths
{
    public const string ForgottenDetails = "/forgotten-login-details";
    public const string ForgottenDetailsByUsername = "/forgotten-login-details/username";
    public const string ForgottenDetailsSent = "/forgotten-login-details/sent";

    /// <summary>Chooses a password; a token follows.</summary>
    public const string ResetPassword = "/reset-password";

    public const string ResetPasswordDone = "/reset-password/done";

    /// <summary>The host's page that leads to support.</summary>
    public const string ContactSupport = "/help/contact-support";

    /// <summary>
    /// The path with the sealed request of the app that the person came from; without one, the path alone.
    /// </summary>
    public static string WithTicket(string path, string? ticket) => With(path, ("ticket", ticket));

    /// <summary>The path with those of the parameters that have a value.</summary>
    public static string With(string path, params IReadOnlyList<(string Name, string? Value)> query)
    {
        var given = string.Join(
            '&',
            query
                .Where(parameter => !string.IsNullOrEmpty(parameter.Value))
                .Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(parameter.Value ?? "")}")
        );
        return given.Length == 0 ? path : $"{path}?{given}";
    }
}
