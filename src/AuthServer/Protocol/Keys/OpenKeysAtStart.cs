namespace AuthServer.Protocol.Keys;

/// <summary>
/// Opens the keys, and makes the first ones, once the server listens, so that the first request need not wait for it.
/// </summary>
internal sealed partial class OpenKeysAtStart(
    SigningKeyRing ring,
    IHostApplicationLifetime lifetime,
    ILogger<OpenKeysAtStart> logger
) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var whenStarted = lifetime.ApplicationStarted.Register(started.SetResult);
        try
        {
            // Not before the server listens: reading them is the first use of Entity Framework, and takes as long as
            // the rest.
            await started.Task.WaitAsync(stoppingToken);
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
