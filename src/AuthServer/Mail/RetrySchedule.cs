namespace AuthServer.Mail;

/// <summary>
/// When a message that did not get through is tried again: at growing intervals, until it is given up.
/// </summary>
internal static class RetrySchedule
{
    /// <summary>
    /// How far an interval may be shorter or longer than it would be, so that messages do not all come back at once.
    /// </summary>
    public const double Jitter = 0.25;

    /// <summary>
    /// A message is tried at least so often: a clock that is put forward must not take the other attempts away.
    /// </summary>
    public const int LeastAttempts = 5;

    /// <param name="queuedAt">When it was queued.</param>
    /// <param name="attempts">How often it was tried, at least once.</param>
    /// <param name="now">When it failed.</param>
    /// <param name="chance">From 0 to 1, drawn by the caller.</param>
    /// <returns>
    /// The next attempt, the last of all when <see cref="MailOptions.GiveUpAfter"/> has passed; null when it had its
    /// last.
    /// </returns>
    public static DateTimeOffset? Next(
        DateTimeOffset queuedAt,
        int attempts,
        DateTimeOffset now,
        double chance,
        MailOptions options
    )
    {
        var end = queuedAt + options.GiveUpAfter;
        if (now >= end && attempts >= LeastAttempts)
        {
            return null;
        }

        var next = now + Interval(attempts, options) * (1 - Jitter + 2 * Jitter * chance);
        return now < end && next > end ? end : next;
    }

    /// <summary>The first interval, doubled with each attempt up to the longest.</summary>
    private static TimeSpan Interval(int attempts, MailOptions options)
    {
        // 2^20 first intervals are longer than any longest one may be.
        var grown = options.FirstRetry * Math.Pow(2, Math.Min(attempts, 20) - 1);
        return grown < options.LongestRetry ? grown : options.LongestRetry;
    }
}
