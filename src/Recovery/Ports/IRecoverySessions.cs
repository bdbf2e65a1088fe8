using Microsoft.AspNetCore.Http;

namespace Recovery.Ports;

/// <summary>Who is logged in in the browser that a request comes from. The host implements it.</summary>
public interface IRecoverySessions
{
    /// <returns>The person who is logged in, or null.</returns>
    ValueTask<LoggedInPerson?> CurrentAsync(HttpContext http);

    /// <summary>
    /// Ends the session that the browser has, also another person's, and tells the apps; then logs in a person who has
    /// just chosen a password through a link.
    /// </summary>
    /// <param name="securityStamp">What <see cref="IAccountDirectory.SetPasswordAsync"/> gave the account.</param>
    /// <returns>
    /// False when the account was locked, or signed out of everything, since the password was set: nobody is logged in
    /// then.
    /// </returns>
    Task<bool> LogInAsync(HttpContext http, Guid accountId, Guid securityStamp, CancellationToken cancellationToken);
}

/// <param name="Username">As the person knows it.</param>
public sealed record LoggedInPerson(Guid AccountId, string Username);
