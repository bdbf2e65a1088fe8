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
    private SecretRotation()
    {
    }

    /// <param name="Secret">The new one. This is the only time that anybody sees it.</param>
    /// <param name="OldSecretsEndAt">When those before it stop working at the latest.</param>
    public sealed record Done(string Secret, DateTimeOffset OldSecretsEndAt) : SecretRotation;

    public sealed record NotFound : SecretRotation;

    /// <summary>The client is public: it has no secret to rotate.</summary>
    public sealed record HasNone : SecretRotation;
}

/// <summary>Gives a client a new secret beside those it has, so that the app can change over without a break.</summary>
internal sealed class RotateClientSecret(AuthDbContext db, AuditTrail audit, ClientDirectory directory, TimeProvider clock)
{
    public async Task<SecretRotation> HandleAsync(RotateClientSecretCommand command, CancellationToken cancellationToken)
    {
        var client = await db.Clients.AsNoTracking().SingleOrDefaultAsync(c => c.ClientId == command.ClientId, cancellationToken);
        if (client is null)
        {
            return new SecretRotation.NotFound();
        }

        if (client.Metadata.IsPublic)
        {
            return new SecretRotation.HasNone();
        }

        var now = clock.GetUtcNow();
        var end = now + command.Overlap;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await EndOldSecretsAsync(command, now, end, cancellationToken);
        var secret = ClientSecret.Draw();
        db.ClientSecrets.Add(ClientSecret.Of(command.ClientId, secret, now));
        audit.Record(
            AuditKinds.ClientSecretRotated, actor: command.Actor, clientId: command.ClientId, detail: $"old-secrets-end={end:O}");
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        directory.Forget(command.ClientId);
        return new SecretRotation.Done(secret, end);
    }

    // By statement, so that two rotations at once do not trip over each other's rows.
    private async Task EndOldSecretsAsync(
        RotateClientSecretCommand command, DateTimeOffset now, DateTimeOffset end, CancellationToken cancellationToken)
    {
        var old = db.ClientSecrets.Where(s => s.ClientId == command.ClientId);
        var dead = command.Overlap <= TimeSpan.Zero ? old : old.Where(s => s.ExpiresAt <= now);
        await dead.ExecuteDeleteAsync(cancellationToken);
        await old.Where(s => s.ExpiresAt == null || s.ExpiresAt > end)
            .ExecuteUpdateAsync(s => s.SetProperty(x => x.ExpiresAt, end), cancellationToken);
    }
}
