namespace AuthServer.Protocol.Keys;

/// <summary>Opens the keys, and makes the first ones, while the server starts, so that the first request need not wait for it.</summary>
internal sealed partial class OpenKeysAtStart(SigningKeyRing ring, ILogger<OpenKeysAtStart> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await ring.JwksAsync(stoppingToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // Not the end: the next request tries again, and /health/ready tells until it works.
            CannotOpen(failure);
        }
    }

    [LoggerMessage(2805, LogLevel.Error, "The signing keys could not be opened at start.")]
    private partial void CannotOpen(Exception failure);
}
