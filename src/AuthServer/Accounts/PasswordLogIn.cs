namespace AuthServer.Accounts;

/// <summary>Checks what a person typed into the log-in form: throttle, folding, forgiving forms, hash, and what happens then.</summary>
internal sealed class PasswordLogIn
{
    /// <param name="identifier">A username or e-mail address, as typed.</param>
    /// <param name="password">As typed.</param>
    /// <param name="http">For the known-browser cookie, which is read here and written on success.</param>
    public Task<LogInOutcome> TryAsync(string identifier, string password, HttpContext http, CancellationToken cancellationToken) =>
        throw new NotImplementedException();
}
