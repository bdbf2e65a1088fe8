using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Recovery.Ports;

/// <summary>
/// Recovery's tables, and the transaction that they share with the host's: spending a reset link and setting the password
/// is one of them. The host's one context implements it.
/// </summary>
public interface IRecoveryDb
{
    DatabaseFacade Database { get; }

    Task<int> SaveChangesAsync(CancellationToken cancellationToken = default);
}
