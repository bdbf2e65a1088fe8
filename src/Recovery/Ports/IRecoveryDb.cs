using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Recovery.Cases;
using Recovery.Cases.Desk;
using Recovery.Requests;
using Recovery.ResetLinks;

namespace Recovery.Ports;

/// <summary>
/// Recovery's tables, and the transaction that they share with the host's: spending a reset link and setting the
/// password is one of them. The host's one context implements it.
/// </summary>
public interface IRecoveryDb
{
    DbSet<RecoveryRequest> RecoveryRequests { get; }

    DbSet<ResetLink> ResetLinks { get; }

    DbSet<SupportCase> SupportCases { get; }

    DbSet<CaseEntry> CaseEntries { get; }

    DbSet<CaseTag> CaseTags { get; }

    DbSet<CaseTerm> CaseTerms { get; }

    DbSet<DeskSubscription> DeskSubscriptions { get; }

    DatabaseFacade Database { get; }

    /// <summary>
    /// What the clock of the database's machine shows, the one clock that all processes share. SQLite has none but this
    /// machine's.
    /// </summary>
    Task<DateTimeOffset> NowAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Keeps everybody else who holds the same thing away until the current transaction ends, in other processes too:
    /// what was counted under it is still so when it commits.
    /// </summary>
    /// <param name="what">Any words that name it.</param>
    Task HoldAsync(string what, CancellationToken cancellationToken);

    /// <summary>The same together with others who share it: only those are kept away who hold it alone.</summary>
    Task ShareAsync(string what, CancellationToken cancellationToken);

    Task<int> SaveChangesAsync(CancellationToken cancellationToken = default);
}
