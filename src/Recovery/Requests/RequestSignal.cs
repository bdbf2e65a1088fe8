using System.Threading.Channels;

namespace Recovery.Requests;

/// <summary>
/// Wakes this process's <see cref="RequestWorker"/> when somebody has asked here. Other processes find the row by
/// themselves.
/// </summary>
internal sealed class RequestSignal(TimeProvider clock)
{
    private readonly Channel<bool> _rung = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true }
    );

    public void Ring() => _rung.Writer.TryWrite(true);

    /// <summary>Returns when it was rung since the last time, or after <paramref name="longest"/>.</summary>
    public async Task WaitAsync(TimeSpan longest, CancellationToken cancellationToken)
    {
        using var time = new CancellationTokenSource(longest, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(time.Token, cancellationToken);
        try
        {
            await _rung.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Nobody rang: time to look for what another process has left behind.
        }
    }
}
