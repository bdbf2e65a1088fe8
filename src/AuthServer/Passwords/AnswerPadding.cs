namespace AuthServer.Passwords;

/// <summary>
/// Holds an answer back until a time that says nothing about how long it took to find (docs/adr/0002): a whole multiple
/// of the longest time that it could have taken, and no sooner than all answers at the same identifier before it.
/// </summary>
internal sealed class AnswerPadding(TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _waiting = [];

    /// <summary>A request has come. Its turn ends when it is disposed of.</summary>
    /// <param name="identifier">As normalized, whether or not it is an account's.</param>
    public Turn Begin(string identifier)
    {
        lock (_lock)
        {
            var number = _waiting[identifier] = _waiting.GetValueOrDefault(identifier) + 1;
            return new Turn(this, identifier, number, clock.GetTimestamp());
        }
    }

    /// <param name="turn">From <see cref="Begin"/>.</param>
    /// <param name="longest">The longest time of one check, the same whatever the account.</param>
    public Task WaitAsync(Turn turn, TimeSpan longest, CancellationToken cancellationToken)
    {
        var remaining = Remaining(clock.GetElapsedTime(turn.BegunAt), longest, turn.Number);
        return Task.Delay(remaining, clock, cancellationToken);
    }

    /// <summary>
    /// How long it is from <paramref name="elapsed"/> to the end of this turn, when each takes the longest time; or to
    /// the next multiple of that time, when the turn should be over.
    /// </summary>
    public static TimeSpan Remaining(TimeSpan elapsed, TimeSpan longest, int turn) =>
        longest <= TimeSpan.Zero ? TimeSpan.Zero
        : elapsed < longest * turn ? (longest * turn) - elapsed
        : longest - TimeSpan.FromTicks(elapsed.Ticks % longest.Ticks);

    private void End(string identifier)
    {
        lock (_lock)
        {
            if (--_waiting[identifier] == 0)
            {
                _waiting.Remove(identifier);
            }
        }
    }

    /// <param name="Identifier">What the request is counted under.</param>
    /// <param name="Number">1, and 1 more for each request at the same identifier that has no answer yet.</param>
    /// <param name="BegunAt">A timestamp of the clock: when the request came.</param>
    internal sealed record Turn(AnswerPadding Padding, string Identifier, int Number, long BegunAt) : IDisposable
    {
        public void Dispose() => Padding.End(Identifier);
    }
}
