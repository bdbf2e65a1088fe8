using OpenIddict.EntityFrameworkCore.Models;

namespace AuthServer.Protocol.Storage;

/// <summary>
/// What OpenIddict has to remember: pushed authorization requests, device and user codes, and the <c>jti</c> of client
/// assertions. Codes, access tokens and refresh tokens have no row of their own; see <see cref="Authorization"/>.
/// </summary>
public sealed class Token : OpenIddictEntityFrameworkCoreToken<Guid, Application, Authorization>
{
    /// <summary>
    /// For a device code: before this instant another poll is answered with <c>slow_down</c> (RFC 8628 §3.5).
    /// </summary>
    public DateTimeOffset? NextPollAt { get; set; }
}
