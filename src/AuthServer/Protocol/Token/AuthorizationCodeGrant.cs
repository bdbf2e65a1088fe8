using AuthServer.Clients;
using AuthServer.Protocol.Claims;
using AuthServer.Protocol.Tokens;
using Microsoft.Extensions.Options;

namespace AuthServer.Protocol.Token;

/// <summary>Trades an authorization code for tokens (RFC 6749 §4.1.3, RFC 7636 §4.6, OIDC Core §3.1.3).</summary>
internal sealed partial class AuthorizationCodeGrant(
    AuthorizationCodes codes, Grants grants, IOptions<ProtocolOptions> options, TimeProvider clock, ILogger<AuthorizationCodeGrant> logger)
    : ITokenGrant
{
    public string GrantType => "authorization_code";

    public async ValueTask<Result<TokenOrder>> ProveAsync(
        RegisteredClient client, Parameters form, CancellationToken cancellationToken)
    {
        if (form["code"] is not { } text)
        {
            return ProtocolError.Missing("code");
        }

        if (!codes.Open(text).TryGet(out var code, out var error))
        {
            return error;
        }

        if (WhyNot(code, client, form) is { } reason)
        {
            return ProtocolError.InvalidGrant(reason);
        }

        var grant = NewGrant(code, client);
        var refreshToken = client.Metadata.GrantTypes.Contains("refresh_token") ? RefreshToken.New(code.GrantId) : null;

        // The gate. From here on the code is spent, whatever becomes of the caller.
        if (!await grants.RedeemAsync(Row(code, grant, refreshToken), CancellationToken.None))
        {
            // RFC 6749 §4.1.2: a second use revokes what the first one gave.
            if (await grants.RevokeAsync(code.GrantId))
            {
                Replayed(code.GrantId, client.ClientId);
            }

            return ProtocolError.InvalidGrant("code already redeemed, or its session has ended");
        }

        return new TokenOrder
        {
            Scopes = grant.Scopes,
            Grant = grant,
            RefreshToken = refreshToken?.Text,
            Nonce = code.Nonce,
        };
    }

    /// <returns>Null when this client may redeem this code with these parameters.</returns>
    private string? WhyNot(AuthorizationCode code, RegisteredClient client, Parameters form) =>
        code.ClientId != client.ClientId ? "code issued to another client"
        : form["redirect_uri"] != code.RedirectUri ? "redirect_uri differs from the authorization request"
        : !IsOffline(code) && code.SessionExpiresAt <= clock.GetUtcNow() ? "session has run out"
        : Pkce.Mismatch(code.CodeChallenge, form["code_verifier"]);

    private LiveGrant NewGrant(AuthorizationCode code, RegisteredClient client) => new(
        code.GrantId,
        code.AccountId,
        code.ClientId,
        code.Sid,
        code.Scopes,
        code.ClaimsRequest,
        code.AuthenticatedAt,
        code.Methods,
        ExpiresAt(code, client));

    // Offline access has its own time; without it a grant does not outlive the session it hangs on.
    private DateTimeOffset ExpiresAt(AuthorizationCode code, RegisteredClient client)
    {
        var lifetime = client.Metadata.RefreshTokenLifetime is { } seconds
            ? TimeSpan.FromSeconds(seconds)
            : options.Value.RefreshTokenLifetime;
        return IsOffline(code) ? clock.GetUtcNow() + lifetime : code.SessionExpiresAt;
    }

    private Grant Row(AuthorizationCode code, LiveGrant grant, RefreshToken? refreshToken) => new()
    {
        Id = grant.Id,
        AccountId = grant.AccountId,
        ClientId = grant.ClientId,
        Sid = grant.Sid,
        Scopes = grant.Scopes,
        ClaimsRequest = grant.ClaimsRequest,
        AuthenticatedAt = grant.AuthenticatedAt,
        Methods = grant.Methods,
        CreatedAt = clock.GetUtcNow(),
        ExpiresAt = grant.ExpiresAt,
        Offline = IsOffline(code),
        RefreshTokenHash = refreshToken?.Hash,
        RefreshFamilyHash = refreshToken?.FamilyHash,
    };

    private static bool IsOffline(AuthorizationCode code) => Scopes.Split(code.Scopes).Contains(Scopes.OfflineAccess);

    [LoggerMessage(2201, LogLevel.Warning, "A code was redeemed twice: revoked grant {GrantId} of {ClientId}.")]
    private partial void Replayed(Guid grantId, string clientId);
}
