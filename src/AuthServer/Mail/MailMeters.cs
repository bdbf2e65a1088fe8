using System.Diagnostics.Metrics;

namespace AuthServer.Mail;

/// <summary>Counts what becomes of messages, on the meter <c>AuthServer</c>.</summary>
internal sealed class MailMeters
{
    private readonly Counter<long> _mails;
    private readonly Histogram<double> _delay;

    public MailMeters(IMeterFactory factory, TimeProvider clock)
    {
        var meter = factory.Create("AuthServer");
        _mails = meter.CreateCounter<long>(
            "auth.mails",
            "{message}",
            "Messages by kind and outcome: accepted, retried, refused, dead, unknown, delivered, bounced."
        );
        _delay = meter.CreateHistogram<double>("auth.mail.delay", "s", "From queued to accepted.");
        meter.CreateObservableGauge(
            "auth.mail.oldest_waiting",
            () => OldestWaiting is { } since ? Math.Max(0, (clock.GetUtcNow() - since).TotalSeconds) : 0,
            "s",
            "Age of the message that waits longest. It grows when mail is stuck."
        );
    }

    /// <summary>When the message was queued that waits longest, at the last look; null: none.</summary>
    public DateTimeOffset? OldestWaiting { get; set; }

    public void Accepted(string kind, TimeSpan delay)
    {
        Ended(kind, "accepted");
        _delay.Record(delay.TotalSeconds, new KeyValuePair<string, object?>("kind", kind));
    }

    /// <param name="outcome">accepted, retried, refused, dead, unknown, delivered or bounced.</param>
    public void Ended(string kind, string outcome) =>
        _mails.Add(
            1,
            new KeyValuePair<string, object?>("kind", kind),
            new KeyValuePair<string, object?>("outcome", outcome)
        );
}
