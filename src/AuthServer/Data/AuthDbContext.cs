using AuthServer.Accounts;
using AuthServer.Audit;
using AuthServer.Clients;
using AuthServer.Mail;
using AuthServer.Protocol.BackchannelLogout;
using AuthServer.Protocol.Keys;
using AuthServer.Protocol.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Recovery.Cases;
using Recovery.Cases.Desk;
using Recovery.Data;
using Recovery.Ports;
using Recovery.Requests;
using Recovery.ResetLinks;

namespace AuthServer.Data;

/// <summary>
/// The one database context: every table on one screen. Each provider has migrations of its own, so each has a derived
/// type; code asks for this one. Tables and columns are named in snake_case, which raw SQL on both providers can rely
/// on.
/// </summary>
public abstract class AuthDbContext(DbContextOptions options) : DbContext(options), IRecoveryDb
{
    public DbSet<Account> Accounts => Set<Account>();

    public DbSet<AccountIdentifier> AccountIdentifiers => Set<AccountIdentifier>();

    public DbSet<PreviousEmail> PreviousEmails => Set<PreviousEmail>();

    public DbSet<Post> Posts => Set<Post>();

    public DbSet<Supervision> Supervisions => Set<Supervision>();

    public DbSet<Session> Sessions => Set<Session>();

    public DbSet<LogInThrottle> LogInThrottles => Set<LogInThrottle>();

    public DbSet<ClientSecret> ClientSecrets => Set<ClientSecret>();

    public DbSet<Application> Applications => Set<Application>();

    public DbSet<Authorization> Authorizations => Set<Authorization>();

    public DbSet<Scope> Scopes => Set<Scope>();

    public DbSet<Token> Tokens => Set<Token>();

    public DbSet<LogoutNotice> LogoutNotices => Set<LogoutNotice>();

    public DbSet<SigningKey> SigningKeys => Set<SigningKey>();

    public DbSet<AuditEvent> AuditEvents => Set<AuditEvent>();

    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    public DbSet<OutboxMessage> Outbox => Set<OutboxMessage>();

    public DbSet<OutboxSubject> OutboxSubjects => Set<OutboxSubject>();

    public DbSet<RecoveryRequest> RecoveryRequests => Set<RecoveryRequest>();

    public DbSet<ResetLink> ResetLinks => Set<ResetLink>();

    public DbSet<SupportCase> SupportCases => Set<SupportCase>();

    public DbSet<CaseEntry> CaseEntries => Set<CaseEntry>();

    public DbSet<CaseTag> CaseTags => Set<CaseTag>();

    public DbSet<CaseTerm> CaseTerms => Set<CaseTerm>();

    public DbSet<DeskSubscription> DeskSubscriptions => Set<DeskSubscription>();

    public Task<DateTimeOffset> NowAsync(CancellationToken cancellationToken) =>
        this.GetService<DatabaseClock>().NowAsync(cancellationToken).AsTask();

    public abstract Task HoldAsync(string what, CancellationToken cancellationToken);

    public abstract Task ShareAsync(string what, CancellationToken cancellationToken);

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.UseOpenIddict<Application, Authorization, Scope, Token, Guid>();
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(AuthDbContext).Assembly);
        modelBuilder.ApplyRecoveryModel();
        modelBuilder.UseSnakeCase();
    }
}

/// <summary>SQLite: the embedded default.</summary>
public sealed class SqliteAuthDbContext : AuthDbContext
{
    // A transaction even for one statement: it is what the write gate sees.
    public SqliteAuthDbContext(DbContextOptions<SqliteAuthDbContext> options)
        : base(options) => Database.AutoTransactionBehavior = AutoTransactionBehavior.Always;

    // A transaction that writes is alone from its start.
    public override Task HoldAsync(string what, CancellationToken cancellationToken) =>
        Database.CurrentTransaction is null
            ? throw new InvalidOperationException("Something is held inside a transaction only.")
            : Task.CompletedTask;

    public override Task ShareAsync(string what, CancellationToken cancellationToken) =>
        HoldAsync(what, cancellationToken);

    // SQLite cannot compare DateTimeOffset text, so instants are stored as UTC ticks.
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcTicksConverter>();
        configurationBuilder.Properties<DateTime>().HaveConversion<UtcDateTimeTicksConverter>();
    }
}

/// <summary>PostgreSQL: when one machine is not enough.</summary>
public sealed class PostgresAuthDbContext(DbContextOptions<PostgresAuthDbContext> options) : AuthDbContext(options)
{
    public override Task HoldAsync(string what, CancellationToken cancellationToken) =>
        Database.CurrentTransaction is null
            ? throw new InvalidOperationException("Something is held inside a transaction only.")
            : Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended({what}, 0))", cancellationToken);

    public override Task ShareAsync(string what, CancellationToken cancellationToken) =>
        Database.CurrentTransaction is null
            ? throw new InvalidOperationException("Something is held inside a transaction only.")
            : Database.ExecuteSqlAsync(
                $"SELECT pg_advisory_xact_lock_shared(hashtextextended({what}, 0))",
                cancellationToken
            );

    // PostgreSQL's timestamptz keeps microseconds and takes UTC only; a tick lost here would make instants compare
    // unequal.
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcMicrosecondsConverter>();
        configurationBuilder.Properties<DateTime>().HaveConversion<UtcDateTimeMicrosecondsConverter>();
    }
}
