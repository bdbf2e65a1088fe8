namespace AuthServer.Passwords;

/// <summary>
/// Holds an answer back until a time that says nothing about how long it took to find (docs/adr/0002): the next whole
/// multiple of the longest time that it could have taken.
/// </summary>
internal sealed class AnswerPadding(TimeProvider clock)
{
    /// <summary>A timestamp for <see cref="WaitAsync"/>: when the request came.</summary>
    public long Begin() => clock.GetTimestamp();

    /// <param name="begun">From <see cref="Begin"/>.</param>
    /// <param name="longest">The longest time, the same whatever the account.</param>
    public Task WaitAsync(long begun, TimeSpan longest, CancellationToken cancellationToken)
    {
        var remaining = Remaining(clock.GetElapsedTime(begun), longest);
        return Task.Delay(remaining, clock, cancellationToken);
    }

    /// <summary>How long it is from <paramref name="elapsed"/> to the next multiple of the longest time.</summary>
    public static TimeSpan Remaining(TimeSpan elapsed, TimeSpan longest) =>
        longest <= TimeSpan.Zero ? TimeSpan.Zero : longest - TimeSpan.FromTicks(elapsed.Ticks % longest.Ticks);
}
