using AuthServer.Accounts;
using AuthServer.Mail;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthServer.Data.Configurations;

internal sealed class PostConfiguration : IEntityTypeConfiguration<Post>
{
    public void Configure(EntityTypeBuilder<Post> post)
    {
        post.ToTable("posts");
        post.HasKey(p => p.Id);
        post.HasIndex(p => p.AccountId);
        post.Property(p => p.From).HasColumnName("from_day");
        post.Property(p => p.To).HasColumnName("to_day");
        post.HasOne<Account>().WithMany().HasForeignKey(p => p.AccountId);
    }
}

internal sealed class SupervisionConfiguration : IEntityTypeConfiguration<Supervision>
{
    public void Configure(EntityTypeBuilder<Supervision> supervision)
    {
        supervision.ToTable("supervisions");
        supervision.HasKey(s => new { s.SupervisorId, s.TraineeId });
        supervision.HasIndex(s => s.TraineeId);
        supervision.HasOne<Account>().WithMany().HasForeignKey(s => s.SupervisorId);
        supervision.HasOne<Account>().WithMany().HasForeignKey(s => s.TraineeId);
    }
}

internal sealed class OutboxMessageConfiguration : IEntityTypeConfiguration<OutboxMessage>
{
    public void Configure(EntityTypeBuilder<OutboxMessage> message)
    {
        message.ToTable("outbox");
        message.HasKey(m => m.Id);
        message.HasIndex(m => new { m.State, m.NextAttemptAt });
        message.HasIndex(m => m.CaseId);
        message.HasIndex(m => m.To);
        message.HasIndex(m => m.SettledAt);
        message.HasIndex(m => m.AskAt).HasFilter("ask_at IS NOT NULL");
    }
}

internal sealed class OutboxSubjectConfiguration : IEntityTypeConfiguration<OutboxSubject>
{
    public void Configure(EntityTypeBuilder<OutboxSubject> subject)
    {
        subject.ToTable("outbox_subjects");
        subject.HasKey(s => new { s.MessageId, s.Position });
        subject.HasIndex(s => s.AccountId);
        subject.HasIndex(s => s.LinkHash).HasFilter("link_hash IS NOT NULL");
        subject
            .HasOne<OutboxMessage>()
            .WithMany(m => m.Subjects)
            .HasForeignKey(s => s.MessageId)
            .OnDelete(DeleteBehavior.Cascade);
    }
}
