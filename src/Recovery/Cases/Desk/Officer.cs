using System.Globalization;
using System.Security.Claims;
using Recovery.Ports;

namespace Recovery.Cases.Desk;

/// <summary>The member of staff who is at the desk.</summary>
/// <param name="AuthenticatedAt">When they last proved who they are.</param>
internal sealed record Officer(Guid Id, StaffKind Staff, DateTimeOffset AuthenticatedAt)
{
    /// <summary>
    /// Reads the claims that the host's log-in gives. The desk's policy has let the person in already.
    /// </summary>
    public static Officer Of(ClaimsPrincipal user) =>
        new(
            Guid.Parse(Claim(user, StaffIdentity.Account), CultureInfo.InvariantCulture),
            Enum.Parse<StaffKind>(Claim(user, StaffIdentity.Role)),
            DateTimeOffset.FromUnixTimeSeconds(
                long.Parse(Claim(user, StaffIdentity.AuthenticatedAt), CultureInfo.InvariantCulture)
            )
        );

    private static string Claim(ClaimsPrincipal user, string type) =>
        user.FindFirst(type)?.Value ?? throw new InvalidOperationException($"The log-in gives no claim {type}.");
}
