using System.Security.Claims;
using AuthServer.Protocol.Tokens;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;
using ClaimNames = OpenIddict.Abstractions.OpenIddictConstants.Claims;

namespace AuthServer.Protocol.Handlers;

/// <summary>
/// Opens the authorization code of a token request. Whether it was redeemed before is found out when it is redeemed.
/// </summary>
internal sealed class ReadAuthorizationCode(AuthorizationCodes codes)
    : IOpenIddictServerHandler<ProcessAuthenticationContext>
{
    public ValueTask HandleAsync(ProcessAuthenticationContext context)
    {
        if (context is { ValidateAuthorizationCode: true, AuthorizationCode: { Length: > 0 } text })
        {
            if (codes.Open(text).TryGet(out var code, out var error))
            {
                context.Transaction.Set(code);
                context.AuthorizationCodePrincipal = Presented.By(context.ClientId);
            }
            else
            {
                context.Refuse(error);
            }
        }

        return default;
    }
}

/// <summary>
/// Reads the refresh token of a token request. Whether it still works is found out when it is replaced.
/// </summary>
internal sealed class ReadRefreshToken : IOpenIddictServerHandler<ProcessAuthenticationContext>
{
    public ValueTask HandleAsync(ProcessAuthenticationContext context)
    {
        if (context is { ValidateRefreshToken: true, RefreshToken: { Length: > 0 } text })
        {
            if (RefreshToken.Read(text) is { } token)
            {
                context.Transaction.Set(token);
                context.RefreshTokenPrincipal = Presented.By(context.ClientId);
            }
            else
            {
                context.Refuse(ProtocolError.InvalidGrant("refresh token not ours"));
            }
        }

        return default;
    }
}

/// <summary>
/// What OpenIddict is told of a token that a handler of ours has read: that there is one, and who shows it.
/// </summary>
internal static class Presented
{
    public static ClaimsPrincipal By(string? clientId)
    {
        var identity = new ClaimsIdentity("token", ClaimNames.Name, ClaimNames.Role);
        if (clientId is not null)
        {
            identity.AddClaim(new Claim(ClaimNames.Private.Presenter, clientId));
        }

        return new ClaimsPrincipal(identity);
    }

    /// <summary>A principal that OpenIddict may sign in.</summary>
    public static ClaimsPrincipal Subject(string subject)
    {
        var identity = new ClaimsIdentity("sign-in", ClaimNames.Name, ClaimNames.Role);
        identity.AddClaim(new Claim(ClaimNames.Subject, subject));
        return new ClaimsPrincipal(identity);
    }
}
