using AuthServer.Protocol.BackchannelLogout;
using AuthServer.Protocol.Keys;
using AuthServer.Protocol.Tokens;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthServer.Data.Configurations;

/// <summary>The one hot table: few indexes, and no foreign keys, because each would cost every code redemption a look-up.</summary>
internal sealed class GrantConfiguration : IEntityTypeConfiguration<Grant>
{
    public void Configure(EntityTypeBuilder<Grant> grant)
    {
        grant.ToTable("grants");
        grant.HasKey(g => g.Id);
        grant.HasIndex(g => g.AccountId);
        grant.HasIndex(g => g.ExpiresAt);
        grant.HasIndex(g => g.RevokedAt).HasFilter("revoked_at IS NOT NULL"); // for clean-up; a grant that is alive is not in it
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
