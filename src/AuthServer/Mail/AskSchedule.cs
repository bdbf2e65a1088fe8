namespace AuthServer.Mail;

/// <summary>
/// When it is asked what became of a message that was taken: soon, then less and less often, until nobody will say any
/// more.
/// </summary>
internal static class AskSchedule
{
    /// <summary>The first time, and the shortest interval: most mail arrives within seconds.</summary>
    public static readonly TimeSpan First = TimeSpan.FromMinutes(1);

    /// <summary>The longest interval.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(6);

    /// <summary>GOV.UK Notify tries for 72 hours, and says so then.</summary>
    public static readonly TimeSpan GivenUpAfter = TimeSpan.FromDays(4);

    /// <param name="acceptedAt">When it was taken.</param>
    /// <param name="now">When the question is asked.</param>
    /// <returns>The next time: when it has been under way for twice as long; or null when this is the last.</returns>
    public static DateTimeOffset? Next(DateTimeOffset acceptedAt, DateTimeOffset now)
    {
        var underWay = now - acceptedAt;
        return underWay >= GivenUpAfter
            ? null
            : now
                + (
                    underWay < First ? First
                    : underWay > Longest ? Longest
                    : underWay
                );
    }
}
