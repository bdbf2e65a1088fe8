using AuthServer.Protocol.Claims;
using AuthServer.Protocol.Storage;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace TestSupport;

/// <summary>Rows of sign-ins, for tests that need them without an app that signs in.</summary>
public static class SignInRow
{
    public static Authorization Of(
        Guid accountId,
        DateTimeOffset now,
        DateTimeOffset expires,
        Guid? applicationId = null,
        bool offline = true,
        DateTimeOffset? revoked = null
    ) =>
        new()
        {
            Id = Guid.NewGuid(),
            Subject = Subject.Of(accountId),
            ApplicationId = applicationId,
            Type = Authorization.SignIn,
            Status = revoked is null ? Statuses.Valid : Statuses.Revoked,
            Sid = "sid",
            SecurityStamp = Guid.Empty,
            Scopes = """["openid"]""",
            AuthenticatedAt = now,
            Methods = "pwd",
            CreationDate = now.UtcDateTime,
            ExpiresAt = expires,
            Offline = offline,
            RevokedAt = revoked,
        };
}
