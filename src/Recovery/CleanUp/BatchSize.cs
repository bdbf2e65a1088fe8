namespace Recovery.CleanUp;

/// <summary>
/// How many rows the next batch takes: as many as fit into the time that a transaction may take, learned from the
/// batches before, because a row costs one machine ten times what it costs another.
/// </summary>
internal static class BatchSize
{
    /// <summary>The first batch of a run, and the smallest.</summary>
    public const int Least = 10;

    /// <param name="rows">Rows in the batch before.</param>
    /// <param name="took">What that batch took.</param>
    /// <param name="target">What one may take.</param>
    /// <param name="most">The largest.</param>
    public static int Next(int rows, TimeSpan took, TimeSpan target, int most)
    {
        // Twice or half of it at the most: one slow commit says little.
        var fitting = took <= TimeSpan.Zero ? rows * 2 : Math.Clamp(rows * (target / took), rows / 2.0, rows * 2.0);
        return Math.Clamp((int)fitting, Least, Math.Max(Least, most));
    }

    /// <returns>How long others have the database to themselves after a batch.</returns>
    /// <param name="took">What the batch took.</param>
    /// <param name="share">The share of the time in which batches may run.</param>
    public static TimeSpan Pause(TimeSpan took, double share) => took * ((1 - share) / share);
}
