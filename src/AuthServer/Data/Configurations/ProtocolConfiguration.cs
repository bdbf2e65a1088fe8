using AuthServer.Protocol.BackchannelLogout;
using AuthServer.Protocol.Keys;
using AuthServer.Protocol.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthServer.Data.Configurations;

/// <summary>
/// The one hot table: few indexes, because each costs every code redemption a write. For the same reason the database
/// has no foreign key to the application, which the model needs for OpenIddict's queries: <c>dotnet ef</c> leaves it
/// out of the migrations (<see cref="MigrationsWithoutApplicationKey"/>).
/// </summary>
internal sealed class AuthorizationConfiguration : IEntityTypeConfiguration<Authorization>
{
    public void Configure(EntityTypeBuilder<Authorization> authorization)
    {
        authorization.ToTable("authorizations");
        foreach (var index in authorization.Metadata.GetIndexes().ToList())
        {
            authorization.Metadata.RemoveIndex(index); // OpenIddict's, over four columns
        }

        authorization.HasIndex(a => a.AccountId);

        // One consent per account and app; sign-ins are not in it.
        authorization
            .HasIndex(a => new { a.AccountId, a.ApplicationId })
            .IsUnique()
            .HasFilter($"type = '{Authorization.Consent}'");
        authorization.HasIndex(a => a.ExpiresAt);

        // For clean-up: an authorization that is alive is not in it.
        authorization.HasIndex(a => a.RevokedAt).HasFilter("revoked_at IS NOT NULL");
    }
}

internal sealed class ApplicationConfiguration : IEntityTypeConfiguration<Application>
{
    public void Configure(EntityTypeBuilder<Application> application) => application.ToTable("applications");
}

internal sealed class ScopeConfiguration : IEntityTypeConfiguration<Scope>
{
    public void Configure(EntityTypeBuilder<Scope> scope) => scope.ToTable("scopes");
}

internal sealed class TokenConfiguration : IEntityTypeConfiguration<Token>
{
    public void Configure(EntityTypeBuilder<Token> token)
    {
        token.ToTable("tokens");
        token.HasIndex(t => t.ExpirationDate); // for clean-up
    }
}

internal sealed class SigningKeyConfiguration : IEntityTypeConfiguration<SigningKey>
{
    public void Configure(EntityTypeBuilder<SigningKey> key)
    {
        key.ToTable("signing_keys");
        key.HasKey(k => k.KeyId);
    }
}

internal sealed class LogoutNoticeConfiguration : IEntityTypeConfiguration<LogoutNotice>
{
    public void Configure(EntityTypeBuilder<LogoutNotice> notice)
    {
        notice.ToTable("logout_notices");
        notice.HasKey(n => n.Id);
        notice.HasIndex(n => n.NextAttemptAt);
    }
}
