using AuthServer.Clients;
using AuthServer.Protocol.Claims;
using Microsoft.Extensions.Options;

namespace AuthServer.Protocol.Tokens;

/// <summary>Makes the grant that redeeming an authorization code or a device code inserts.</summary>
internal sealed class NewGrants(IOptions<ProtocolOptions> options, TimeProvider clock)
{
    /// <summary>True when the session that the grant would be bound to has run out.</summary>
    public bool HasRunOut(AuthorizedSignIn signIn) =>
        !IsOffline(signIn) && signIn.SessionExpiresAt <= clock.GetUtcNow();

    /// <returns>The grant, with its first refresh token where the client is registered for them.</returns>
    public NewGrant For(AuthorizedSignIn signIn, RegisteredClient client) =>
        new(
            new LiveGrant(
                signIn.GrantId,
                signIn.AccountId,
                signIn.ApplicationId,
                signIn.Sid,
                signIn.SecurityStamp,
                signIn.Scopes,
                signIn.ClaimsRequest,
                signIn.AuthenticatedAt,
                signIn.Methods,
                ExpiresAt(signIn, client),
                signIn.Resources
            ),
            IsOffline(signIn),
            client.Metadata.GrantTypes.Contains("refresh_token") ? RefreshToken.New(signIn.GrantId) : null
        );

    // Offline access has its own time; without it a grant does not outlive the session it hangs on.
    private DateTimeOffset ExpiresAt(AuthorizedSignIn signIn, RegisteredClient client)
    {
        var lifetime = client.Metadata.RefreshTokenLifetime is { } seconds
            ? TimeSpan.FromSeconds(seconds)
            : options.Value.RefreshTokenLifetime;
        return IsOffline(signIn) ? clock.GetUtcNow() + lifetime : signIn.SessionExpiresAt;
    }

    private static bool IsOffline(AuthorizedSignIn signIn) =>
        Scopes.Split(signIn.Scopes).Contains(Scopes.OfflineAccess);
}
