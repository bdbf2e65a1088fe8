namespace TestSupport;

/// <summary>A clock by which any two readings are one step apart: whatever is timed with it takes one step.</summary>
public sealed class TickingClock(TimeSpan step) : TimeProvider
{
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Add(ref _ticks, step.Ticks);
}
