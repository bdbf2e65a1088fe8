using AuthServer.Audit;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Clients;

/// <summary>A new secret for a client.</summary>
/// <param name="ClientId">Which client.</param>
/// <param name="Overlap">How long the secrets it has still work beside the new one. Zero: not at all.</param>
/// <param name="Actor">Who asks for it: an account's id, or <c>command-line</c>.</param>
internal sealed record RotateClientSecretCommand(string ClientId, TimeSpan Overlap, string Actor);

/// <summary>What came of a rotation.</summary>
internal abstract record SecretRotation
{
    private SecretRotation() { }

    /// <param name="Secret">The new one. This is the only time that anybody sees it.</param>
    /// <param name="OldSecretsEndAt">When those before it stop working at the latest.</param>
    public sealed record Done(string Secret, DateTimeOffset OldSecretsEndAt) : SecretRotation;

    public sealed record NotFound : SecretRotation;

    /// <summary>The client does not authenticate by a secret.</summary>
    /// <param name="Method">How it does: its <c>token_endpoint_auth_method</c>.</param>
    public sealed record HasNone(string? Method) : SecretRotation;
}

/// <summary>Gives a client a new secret beside those it has, so that the app can change over without a break.</summary>
internal sealed class RotateClientSecret(
    AuthDbContext db,
    ClientApplicationManager applications,
    AuditTrail audit,
    ClientDirectory directory,
    TimeProvider clock
)
{
    public async Task<SecretRotation> HandleAsync(
        RotateClientSecretCommand command,
        CancellationToken cancellationToken
    )
    {
        if (await applications.FindFreshAsync(command.ClientId, cancellationToken) is not { } application)
        {
            return new SecretRotation.NotFound();
        }

        var client = await applications.ReadAsync(application, cancellationToken);
        if (!client.Metadata.UsesSecret)
        {
            return new SecretRotation.HasNone(client.Metadata.TokenEndpointAuthMethod);
        }

        var now = clock.GetUtcNow();
        var end = now + command.Overlap;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await EndOldSecretsAsync(client.ApplicationId, command.Overlap, now, end, cancellationToken);
        var secret = ClientSecret.Draw();
        db.ClientSecrets.Add(ClientSecret.Of(client.ApplicationId, secret, now));
        audit.Record(
            AuditKinds.ClientSecretRotated,
            actor: command.Actor,
            clientId: command.ClientId,
            detail: $"old-secrets-end={end:O}"
        );
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException)
        {
            // Removed in this moment, so that the row of the secret has no client; or the failure is another one.
            await transaction.RollbackAsync(CancellationToken.None);
            db.ChangeTracker.Clear();
            if (await applications.FindFreshAsync(command.ClientId, cancellationToken) is null)
            {
                return new SecretRotation.NotFound();
            }

            throw;
        }

        await transaction.CommitAsync(cancellationToken);
        directory.Forget(command.ClientId);
        return new SecretRotation.Done(secret, end);
    }

    // By statement, so that two rotations at once do not trip over each other's rows.
    private async Task EndOldSecretsAsync(
        Guid applicationId,
        TimeSpan overlap,
        DateTimeOffset now,
        DateTimeOffset end,
        CancellationToken cancellationToken
    )
    {
        var old = db.ClientSecrets.Where(s => s.ApplicationId == applicationId);
        var dead = overlap <= TimeSpan.Zero ? old : old.Where(s => s.ExpiresAt <= now);
        await dead.ExecuteDeleteAsync(cancellationToken);
        await old.Where(s => s.ExpiresAt == null || s.ExpiresAt > end)
            .ExecuteUpdateAsync(s => s.SetProperty(x => x.ExpiresAt, end), cancellationToken);
    }
}
