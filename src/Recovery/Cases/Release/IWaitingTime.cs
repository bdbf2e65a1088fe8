namespace Recovery.Cases.Release;

/// <summary>Begins the waiting time of a case that staff have approved for good. The desk calls it.</summary>
internal interface IWaitingTime
{
    /// <summary>
    /// Sets when the link goes out and what stops it, tells every held address, and tells the new address when the link
    /// will come. The case is <see cref="CaseState.Approved"/> with its account already; all of it is the caller's
    /// transaction.
    /// </summary>
    /// <returns>When the link will be sent.</returns>
    Task<DateTimeOffset> BeginAsync(Guid caseId, CancellationToken cancellationToken);
}
