namespace AuthServer.Clients;

/// <summary>
/// A plug point: rows that others keep about a client. They go in the transaction that removes it, so that a client that is
/// registered under the same id later inherits nothing.
/// </summary>
internal interface IRemovedWithClient
{
    /// <param name="clientId">The client's id.</param>
    /// <param name="applicationId">The key of its row.</param>
    Task RemoveAsync(string clientId, Guid applicationId, CancellationToken cancellationToken);
}
