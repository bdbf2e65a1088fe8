namespace AuthServer.Clients;

/// <summary>
/// A plug point: rows that others keep about a client. They go in the transaction that removes it, so that a client that is
/// registered under the same id later inherits nothing.
/// </summary>
internal interface IRemovedWithClient
{
    Task RemoveAsync(string clientId, CancellationToken cancellationToken);
}
