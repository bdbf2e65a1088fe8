using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Recovery.Cases;
using Recovery.Cases.Desk;
using Recovery.Requests;
using Recovery.ResetLinks;

namespace Recovery.Data;

/// <summary>Maps recovery's tables. The host calls it from OnModelCreating.</summary>
public static class RecoveryModel
{
    public static ModelBuilder ApplyRecoveryModel(this ModelBuilder model)
    {
        model.Entity<RecoveryRequest>(request =>
        {
            request.ToTable("recovery_requests");
            request.HasKey(r => r.Id);
            request.HasIndex(r => r.DoneAt);
            request.HasIndex(r => r.AskedAt);
            request.HasIndex(r => new { r.Network, r.AskedAt });
            request.HasIndex(r => new { r.AddressHash, r.DoneAt });
        });

        model.Entity<ResetLink>(link =>
        {
            link.ToTable("reset_links");
            link.HasKey(l => l.Id);
            link.HasIndex(l => l.TokenHash).IsUnique();
            link.HasIndex(l => new { l.AccountId, l.Generation }).IsUnique();
            link.Property(l => l.EndsAt).HasComputedColumnSql("COALESCE(used_at, voided_at, expires_at)", stored: true);
            link.HasIndex(l => l.EndsAt);
        });

        model.Entity<SupportCase>(support =>
        {
            support.ToTable("support_cases");
            support.HasKey(c => c.Id);
            support.HasIndex(c => c.Reference).IsUnique();
            support.HasIndex(c => c.ResumeHash);
            support.HasIndex(c => c.AddressProofHash);
            support.HasIndex(c => c.StatusHash);
            support.HasIndex(c => c.StopHash);
            support.HasIndex(c => new { c.AddressHash, c.ChangedAt });
            support.HasIndex(c => new { c.State, c.ResumeExpiresAt });
            support.HasIndex(c => new { c.State, c.ReleaseAt });
            support.HasIndex(c => new { c.State, c.ChangedAt });
            support.HasIndex(c => c.ClosedAt).HasFilter("evidence_erased_at IS NULL"); // whose evidence is due
            support.HasIndex(c => c.ChangedAt).HasFilter("opened_at IS NULL"); // which drafts are
            support.HasIndex(c => c.AccountId);
            // What the desk is told first.
            support.HasIndex(c => c.AlarmAt).HasFilter("alarm_at IS NOT NULL AND alarm_settled_at IS NULL");
            support.HasIndex(c => new { c.AssignedTo, c.State });
            support.HasIndex(c => c.NewsToMailAt).HasFilter("news_to_mail_at IS NOT NULL"); // whom staff are told about

            // All that a page of the desk's list is counted and sorted by, so that it reads the rows it shows and no
            // others.
            support.HasIndex(c => new
            {
                c.State,
                c.NewsAt,
                c.ChangedAt,
                c.Id,
                c.OpenedAt,
                c.AssignedTo,
            });
            support.HasIndex(c => new { c.Network, c.CreatedAt });
            support
                .Property(c => c.Evidence)
                .HasConversion(
                    evidence => JsonSerializer.Serialize(evidence, JsonSerializerOptions.Default),
                    json => JsonSerializer.Deserialize<CaseEvidence>(json, JsonSerializerOptions.Default)
                );
        });

        model.Entity<CaseEntry>(entry =>
        {
            entry.ToTable("case_entries");
            entry.HasKey(e => e.Id);
            entry.HasIndex(e => new { e.CaseId, e.At });
            entry.HasOne<SupportCase>().WithMany().HasForeignKey(e => e.CaseId).OnDelete(DeleteBehavior.Cascade);
        });

        model.Entity<CaseTag>(tag =>
        {
            tag.ToTable("case_tags");
            tag.HasKey(t => new { t.CaseId, t.Tag });
            tag.HasIndex(t => t.Tag);
            tag.HasOne<SupportCase>().WithMany().HasForeignKey(t => t.CaseId).OnDelete(DeleteBehavior.Cascade);
        });

        model.Entity<CaseTerm>(term =>
        {
            term.ToTable("case_terms");
            term.HasKey(t => new { t.Term, t.CaseId });
            term.HasIndex(t => t.CaseId);
            term.HasOne<SupportCase>().WithMany().HasForeignKey(t => t.CaseId).OnDelete(DeleteBehavior.Cascade);
        });

        model.Entity<DeskSubscription>(subscription =>
        {
            subscription.ToTable("desk_subscriptions");
            subscription.HasKey(s => s.AccountId);
        });

        return model;
    }
}
