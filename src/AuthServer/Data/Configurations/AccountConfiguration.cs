using AuthServer.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthServer.Data.Configurations;

internal sealed class AccountConfiguration : IEntityTypeConfiguration<Account>
{
    public void Configure(EntityTypeBuilder<Account> account)
    {
        account.ToTable("accounts");
        account.HasKey(a => a.Id);
        account.Ignore(a => a.DisplayName);
        account.HasIndex(a => a.EmailNormalized);
        account.HasIndex(a => a.GmcKey);
        account.HasIndex(a => a.NmcKey);
        account.HasIndex(a => a.NtnKey);
        account.HasIndex(a => a.CollegeKey);
        account.HasIndex(a => new { a.FamilyNameKey, a.GivenNameKey });
        account.HasIndex(a => a.StaffRole).HasFilter("staff_role <> 0"); // a handful among many
        account.Property(a => a.Address).IsJson();
        account.Property(a => a.PortfolioRoles).IsJson();
    }
}

internal sealed class AccountIdentifierConfiguration : IEntityTypeConfiguration<AccountIdentifier>
{
    public void Configure(EntityTypeBuilder<AccountIdentifier> identifier)
    {
        identifier.ToTable("account_identifiers");
        identifier.HasKey(i => i.Normalized);
        identifier.HasIndex(i => i.AccountId);
        identifier.HasIndex(i => i.Letters);
        identifier.HasOne<Account>().WithMany().HasForeignKey(i => i.AccountId);
    }
}

internal sealed class PreviousEmailConfiguration : IEntityTypeConfiguration<PreviousEmail>
{
    public void Configure(EntityTypeBuilder<PreviousEmail> email)
    {
        email.ToTable("previous_emails");
        email.HasKey(e => new { e.AccountId, e.Normalized });
        email.HasIndex(e => e.Normalized);
        email.HasOne<Account>().WithMany().HasForeignKey(e => e.AccountId);
    }
}
