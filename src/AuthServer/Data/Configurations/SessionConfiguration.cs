using AuthServer.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthServer.Data.Configurations;

internal sealed class SessionConfiguration : IEntityTypeConfiguration<Session>
{
    public void Configure(EntityTypeBuilder<Session> session)
    {
        session.ToTable("sessions");
        session.HasKey(s => s.Id);
        session.HasIndex(s => s.Sid);
        session.HasIndex(s => s.AccountId);
        session.HasIndex(s => s.ExpiresAt);
        session.HasOne<Account>().WithMany().HasForeignKey(s => s.AccountId);
    }
}

internal sealed class LogInThrottleConfiguration : IEntityTypeConfiguration<LogInThrottle>
{
    public void Configure(EntityTypeBuilder<LogInThrottle> throttle)
    {
        throttle.ToTable("log_in_throttles");
        throttle.HasKey(t => t.Key);
        throttle.HasIndex(t => t.LastFailureAt);
        throttle.Property(t => t.Pending).HasDefaultValue(0);
        throttle.Property(t => t.Run).HasDefaultValue(Guid.Empty);
    }
}
