using System.Diagnostics.Metrics;

namespace Recovery.CleanUp;

/// <summary>Counts what clean-up removes, on the meter <c>Recovery</c>.</summary>
internal sealed class CleanUpMeters
{
    private readonly Counter<long> _removed;
    private readonly Histogram<double> _duration;

    public CleanUpMeters(IMeterFactory factory)
    {
        var meter = factory.Create("Recovery");
        _removed = meter.CreateCounter<long>(
            "recovery.clean_up.removed",
            "{row}",
            "Rows that clean-up removed, by kind."
        );
        _duration = meter.CreateHistogram<double>(
            "recovery.clean_up.duration",
            "s",
            "How long a run of clean-up took."
        );
    }

    public void Removed(string what, int rows) => _removed.Add(rows, new KeyValuePair<string, object?>("what", what));

    public void Ran(TimeSpan duration) => _duration.Record(duration.TotalSeconds);
}
