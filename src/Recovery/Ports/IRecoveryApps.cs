namespace Recovery.Ports;

/// <summary>The apps that people come from, so that the last page can lead back. The host implements it.</summary>
public interface IRecoveryApps
{
    /// <returns>The app, or null when it is not registered (any more).</returns>
    Task<RecoveryApp?> FindAsync(string clientId, CancellationToken cancellationToken);

    /// <summary>Where a person logs in; with a ticket, to go on with the app's request that is sealed in it.</summary>
    string LogInPath(string? ticket);
}

/// <param name="Name">What people call it.</param>
/// <param name="StartAddress">Where the app begins a log-in by itself, in any browser. Null when it has not said.</param>
public sealed record RecoveryApp(string Name, Uri? StartAddress);
