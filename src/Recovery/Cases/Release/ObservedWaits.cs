using Microsoft.Extensions.Options;

namespace Recovery.Cases.Release;

/// <summary>A case that waits, as its row has it.</summary>
internal sealed record WaitingCase(
    Guid CaseId,
    DateTimeOffset ReleaseAt,
    int? WaitSecondsLeft,
    DateTimeOffset? WaitCountedAt
);

/// <param name="SecondsLeft">How long it still has to wait; 0 or less: it is due.</param>
/// <param name="IsNews">The row should have it too.</param>
internal sealed record ObservedWait(WaitingCase Case, int SecondsLeft, bool IsNews);

/// <summary>
/// What this process has seen of cases that wait. A case has waited while a server ran, during which the notice's link
/// could stop it; that is measured as time that passes, and not by dates.
/// </summary>
/// <remarks>
/// A process that sees a case for the first time knows by the database's clock only how long ago another counted. A
/// short gap (a restart, another server's look) counts. A long one, in which no server ran, counts when this machine's
/// clock agrees with the database's, and only after a server has run for <see cref="Watch"/> again: meanwhile people
/// can stop the case, and a clock that was wrong at the start is put right, which is then taken off the gap.
/// </remarks>
internal sealed class ObservedWaits(IOptions<CaseOptions> options, TimeProvider clock)
{
    /// <summary>A row is written no more often than this, unless the clock was set.</summary>
    private static readonly TimeSpan WriteEvery = TimeSpan.FromMinutes(5);

    /// <summary>Longer than a row lags behind while servers run, and a restart takes.</summary>
    private static readonly TimeSpan LongestShortGap = TimeSpan.FromMinutes(15);

    /// <summary>How long a server runs at least, after none did, before it releases.</summary>
    private static readonly TimeSpan Watch = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private Dictionary<(Guid CaseId, DateTimeOffset ReleaseAt), FirstLook> _seen = [];

    /// <summary>The waiting time of a case begins at this moment, in this process.</summary>
    public void Begin(Guid caseId, DateTimeOffset releaseAt)
    {
        lock (_lock)
        {
            _seen[(caseId, releaseAt)] = new FirstLook(
                clock.GetTimestamp(),
                clock.GetUtcNow(),
                options.Value.WaitingTime,
                TimeSpan.Zero
            );
        }
    }

    /// <summary>Looks at all cases that wait; those that do no longer are forgotten.</summary>
    /// <param name="now">What the database's clock shows.</param>
    public IReadOnlyList<ObservedWait> Look(IReadOnlyCollection<WaitingCase> waiting, DateTimeOffset now)
    {
        lock (_lock)
        {
            var timestamp = clock.GetTimestamp();
            var before = _seen;
            _seen = waiting.ToDictionary(
                one => (one.CaseId, one.ReleaseAt),
                one => before.GetValueOrDefault((one.CaseId, one.ReleaseAt)) ?? First(one, now, timestamp)
            );
            return [.. waiting.Select(one => Observe(one, _seen[(one.CaseId, one.ReleaseAt)], now, timestamp))];
        }
    }

    private FirstLook First(WaitingCase one, DateTimeOffset now, long timestamp)
    {
        var gap = now - CountedAt(one);
        var clocksAgree = (clock.GetUtcNow() - now).Duration() <= Clocks.MostApart;
        return new FirstLook(timestamp, now, Left(one), clocksAgree && gap > TimeSpan.Zero ? gap : TimeSpan.Zero);
    }

    private ObservedWait Observe(WaitingCase one, FirstLook first, DateTimeOffset now, long timestamp)
    {
        var (left, passed) = (Left(one), clock.GetElapsedTime(first.Timestamp, timestamp));
        var gap = first.Gap;
        if (gap > LongestShortGap)
        {
            if (passed < Watch)
            {
                return new ObservedWait(one, SecondsOf(left), IsNews: false);
            }

            var putBack = first.At + passed - now;
            gap = putBack > gap ? TimeSpan.Zero : gap - (putBack > TimeSpan.Zero ? putBack : TimeSpan.Zero);
        }

        var mine = first.Left - gap - passed;
        return new ObservedWait(
            one,
            SecondsOf(mine < left ? mine : left), // another server may have seen more
            IsNews: mine <= left && (now - CountedAt(one)).Duration() >= WriteEvery
        );
    }

    private TimeSpan Left(WaitingCase one) =>
        one.WaitSecondsLeft is { } seconds ? TimeSpan.FromSeconds(seconds) : options.Value.WaitingTime;

    private DateTimeOffset CountedAt(WaitingCase one) => one.WaitCountedAt ?? one.ReleaseAt - options.Value.WaitingTime;

    private static int SecondsOf(TimeSpan left) => (int)Math.Ceiling(left.TotalSeconds);

    /// <summary>What this process knew when it first looked at a case.</summary>
    /// <param name="Timestamp">Of the clock: what has passed since is measured by it.</param>
    /// <param name="At">What the database's clock showed.</param>
    /// <param name="Left">How long the case had to wait then, by its row.</param>
    /// <param name="Gap">How long before that it was counted last, by the clocks.</param>
    private sealed record FirstLook(long Timestamp, DateTimeOffset At, TimeSpan Left, TimeSpan Gap);
}
