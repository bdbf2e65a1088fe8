using System.Globalization;

namespace TestSupport;

/// <summary>
/// A clock that stands still until it is told to go on. Timers made from it fire when that much time has passed;
/// putting the clock right (<see cref="Jump"/>) is no passing of time.
/// </summary>
public sealed class FixedClock : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<FixedTimer> _timers = [];
    private DateTimeOffset _now;
    private TimeSpan _jumped;

    /// <param name="now">ISO 8601, such as <c>2026-01-31T09:00:00Z</c>.</param>
    public FixedClock(string now = "2026-01-31T09:00:00Z") =>
        _now = DateTimeOffset.Parse(now, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return _now + _jumped;
        }
    }

    public override long GetTimestamp()
    {
        lock (_lock)
        {
            return _now.UtcTicks;
        }
    }

    /// <summary>A clock of another machine, which goes on with this one and is never set.</summary>
    public TimeProvider Unset => new UnsetClock(this);

    /// <summary>
    /// An operator, or a time server, sets the clock: it shows another time at once, and no time has passed.
    /// </summary>
    /// <param name="by">Forward, or back when negative.</param>
    public void Jump(TimeSpan by)
    {
        lock (_lock)
        {
            _jumped += by;
        }
    }

    /// <summary>
    /// Goes on, and fires what falls due on the way, in order. Returns when every callback has returned.
    /// </summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        DateTimeOffset end;
        lock (_lock)
        {
            end = _now + by;
        }

        while (NextDue(end) is { } timer)
        {
            timer.Fire();
        }

        lock (_lock)
        {
            _now = end;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FixedTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>
    /// Moves the clock to the first timer that is due by <paramref name="end"/>, and hands that timer out.
    /// </summary>
    private FixedTimer? NextDue(DateTimeOffset end)
    {
        lock (_lock)
        {
            var next = _timers.Where(timer => timer.DueAt <= end).MinBy(timer => timer.DueAt);
            if (next is not null)
            {
                _now = next.DueAt > _now ? next.DueAt : _now;
                next.Reschedule(_now);
            }

            return next;
        }
    }

    private sealed class FixedTimer(FixedClock clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period = Timeout.InfiniteTimeSpan;

        /// <summary>Far away when the timer is not running.</summary>
        public DateTimeOffset DueAt { get; private set; } = DateTimeOffset.MaxValue;

        public void Fire() => callback(state);

        public void Reschedule(DateTimeOffset now) =>
            DueAt = _period > TimeSpan.Zero ? now + _period : DateTimeOffset.MaxValue;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._lock)
            {
                _period = period;
                DueAt = dueTime == Timeout.InfiniteTimeSpan ? DateTimeOffset.MaxValue : clock._now + dueTime;
                if (!clock._timers.Contains(this))
                {
                    clock._timers.Add(this);
                }
            }

            return true;
        }

        public void Dispose()
        {
            lock (clock._lock)
            {
                clock._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }

    private sealed class UnsetClock(FixedClock clock) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(clock.GetTimestamp(), TimeSpan.Zero);
    }
}
