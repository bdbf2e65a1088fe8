namespace Recovery.Ports;

/// <summary>The apps that people come from, so that the last page can lead back. The host implements it.</summary>
public interface IRecoveryApps
{
    /// <returns>The app, or null when it is not registered (any more).</returns>
    Task<RecoveryApp?> FindAsync(string clientId, CancellationToken cancellationToken);

    /// <summary>Where a person logs in; with a ticket, to go on with the app's request that is sealed in it.</summary>
    /// <param name="typed">A username or address that they have typed already, sealed by
    /// <see cref="IRecoveryHost.Carry"/>.</param>
    string LogInPath(string? ticket, string? typed = null);

    /// <summary>Where a person who is logged in goes on with the app's request that is sealed in a ticket.</summary>
    /// <returns>A path, or null when the request cannot be taken up (any more).</returns>
    string? ContinuePath(string? ticket);
}

/// <param name="Name">What people call it.</param>
/// <param name="StartAddress">Where the app begins a log-in by itself, in any browser. Null when it has not
/// said.</param>
public sealed record RecoveryApp(string Name, Uri? StartAddress);
