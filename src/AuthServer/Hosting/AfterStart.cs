namespace AuthServer.Hosting;

/// <summary>
/// When work in the background may begin: a moment after the server listens. The first people to ask would else share
/// the processor with it while everything is compiled; the first answer took a third of a second longer.
/// </summary>
internal static class AfterStart
{
    /// <summary>
    /// How long the first requests have the process for themselves. It is real time, whatever the server's clock says.
    /// </summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <exception cref="OperationCanceledException">The server stops before it has come to that.</exception>
    public static async Task WaitForWorkTimeAsync(
        this IHostApplicationLifetime lifetime,
        CancellationToken stoppingToken
    )
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var whenStarted = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
        await Task.Delay(Pause, TimeProvider.System, stoppingToken);
    }
}
