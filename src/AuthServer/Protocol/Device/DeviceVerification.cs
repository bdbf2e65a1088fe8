using System.Security.Cryptography;
using System.Text.Json;
using AuthServer.Accounts;
using AuthServer.Audit;
using AuthServer.Clients;
using AuthServer.Data;
using AuthServer.Protocol.Claims;
using AuthServer.Protocol.Tokens;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using Scopes = AuthServer.Protocol.Claims.Scopes;

namespace AuthServer.Protocol.Device;

/// <summary>A device that waits for its user's answer (RFC 8628 §3.3).</summary>
/// <param name="Client">The app on it.</param>
/// <param name="Scopes">What the app would get.</param>
/// <param name="Resources">The APIs that the app named (RFC 8707).</param>
internal sealed record WaitingDevice(
    Guid UserCodeId,
    Guid DeviceCodeId,
    RegisteredClient Client,
    IReadOnlyList<string> Scopes,
    IReadOnlyList<string> Resources
);

/// <summary>What became of a user code that was typed.</summary>
internal abstract record DeviceLookup
{
    private DeviceLookup() { }

    public sealed record Found(WaitingDevice Device) : DeviceLookup;

    /// <summary>No device waits with this code: it was mistyped, has expired or was used.</summary>
    public sealed record Unknown : DeviceLookup;

    /// <summary>Nothing was looked up. <paramref name="RetryAfter"/> is null when only recovery helps.</summary>
    public sealed record TooManyAttempts(TimeSpan? RetryAfter) : DeviceLookup;
}

/// <summary>
/// Finds the device that a user code belongs to, and carries the user's answer to it. User codes are looked up for
/// users who are logged in, and each account's wrong codes are counted as wrong passwords are, so that codes cannot be
/// guessed (RFC 8628 §5.1).
/// </summary>
internal sealed class DeviceVerification(
    IOpenIddictServerFactory servers,
    IOpenIddictServerDispatcher dispatcher,
    ClientDirectory clients,
    Throttle throttle,
    AuditTrail audit,
    AuthDbContext db,
    TimeProvider clock
)
{
    /// <summary>The property of a device code's row that holds the <see cref="AuthorizedSignIn"/>.</summary>
    public const string SignInProperty = "sign_in";

    /// <param name="session">Who asks.</param>
    /// <param name="code">As <see cref="DeviceCodes.Read"/> returns it.</param>
    /// <param name="cancellationToken">Until it is looked up.</param>
    public async Task<DeviceLookup> FindAsync(LiveSession session, string code, CancellationToken cancellationToken)
    {
        var key = Throttle.DeviceKey(session.AccountId);
        var attempt = await throttle.CountAsync(key, cancellationToken);
        if (attempt is not Attempt.Counted { Run: var run })
        {
            return new DeviceLookup.TooManyAttempts((attempt as Attempt.Blocked)?.RetryAfter);
        }

        if (await ReadAsync(code, cancellationToken) is not { } device)
        {
            await throttle.FailedAsync(key, run, cancellationToken);
            return new DeviceLookup.Unknown();
        }

        await throttle.TakeBackAsync(key, run, cancellationToken);
        return new DeviceLookup.Found(device);
    }

    /// <summary>The user allows the app on the device what it asks for.</summary>
    /// <returns>False when the code has expired or was answered meanwhile.</returns>
    public Task<bool> AllowAsync(WaitingDevice device, LiveSession session, CancellationToken cancellationToken)
    {
        var signIn = new AuthorizedSignIn
        {
            GrantId = new Guid(RandomNumberGenerator.GetBytes(16)),
            ApplicationId = device.Client.ApplicationId,
            AccountId = session.AccountId,
            Sid = session.Sid,
            SecurityStamp = session.SecurityStamp,
            Scopes = Scopes.Join(device.Scopes),
            AuthenticatedAt = session.AuthenticatedAt,
            Methods = session.Methods,
            SessionExpiresAt = session.ExpiresAt,
            Resources = device.Resources.Count > 0 ? Scopes.Join(device.Resources) : null,
        };
        var properties =
            $$"""{"{{SignInProperty}}":{{JsonSerializer.Serialize(signIn, AuthorizedSignInJson.Default.AuthorizedSignIn)}}}""";
        return AnswerAsync(device, session, Statuses.Valid, properties, AuditKinds.DeviceAllowed, cancellationToken);
    }

    /// <summary>The user denies it: the device's next poll is answered with <c>access_denied</c>.</summary>
    /// <returns>False when the code has expired or was answered meanwhile.</returns>
    public Task<bool> DenyAsync(WaitingDevice device, LiveSession session, CancellationToken cancellationToken) =>
        AnswerAsync(device, session, Statuses.Rejected, null, AuditKinds.DeviceDenied, cancellationToken);

    private async Task<WaitingDevice?> ReadAsync(string code, CancellationToken cancellationToken)
    {
        var context = new ValidateTokenContext(await servers.CreateTransactionAsync()) { Token = code };
        context.ValidTokenTypes.Add(TokenTypeIdentifiers.Private.UserCode);
        await dispatcher.DispatchAsync(context);
        return
            context is { IsRejected: false, Principal: { } principal }
            && Guid.TryParse(principal.GetTokenId(), out var userCodeId)
            && Guid.TryParse(principal.GetClaim(OpenIddictConstants.Claims.Private.DeviceCodeId), out var deviceCodeId)
            && principal.GetPresenters() is [var clientId, ..]
            && await clients.FindAsync(clientId, cancellationToken) is { } client
            && client.Metadata.GrantTypes.Contains(ClientMetadataRules.DeviceCode)
            ? new WaitingDevice(
                userCodeId,
                deviceCodeId,
                client,
                [.. principal.GetScopes().Where(client.Scopes.Contains)],
                principal.GetResources()
            )
            : null;
    }

    // The user code is the single-use gate: whichever answer comes first uses it up.
    private async Task<bool> AnswerAsync(
        WaitingDevice device,
        LiveSession session,
        string status,
        string? properties,
        string auditKind,
        CancellationToken cancellationToken
    )
    {
        DateTime? now = clock.GetUtcNow().UtcDateTime;
        var concurrencyToken = Guid.NewGuid().ToString();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var used = await db
            .Tokens.Where(t => t.Id == device.UserCodeId && t.Status == Statuses.Valid && t.ExpirationDate > now)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(t => t.Status, Statuses.Redeemed)
                        .SetProperty(t => t.RedemptionDate, now)
                        .SetProperty(t => t.ConcurrencyToken, concurrencyToken),
                cancellationToken
            );
        var answered =
            used == 0
                ? 0
                : await db
                    .Tokens.Where(t => t.Id == device.DeviceCodeId && t.Status == Statuses.Inactive)
                    .ExecuteUpdateAsync(
                        set =>
                            set.SetProperty(t => t.Status, status)
                                .SetProperty(t => t.Subject, Subject.Of(session.AccountId))
                                .SetProperty(t => t.Properties, properties)
                                .SetProperty(t => t.ConcurrencyToken, concurrencyToken),
                        cancellationToken
                    );
        if (answered == 0)
        {
            return false;
        }

        audit.Record(
            auditKind,
            session.AccountId,
            clientId: device.Client.ClientId,
            detail: $"scopes={Scopes.Join(device.Scopes)}"
        );
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }
}
