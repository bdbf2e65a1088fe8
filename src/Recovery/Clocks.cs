namespace Recovery;

/// <summary>What is assumed of the clocks of the machines, which nothing that has an order may depend on.</summary>
public static class Clocks
{
    /// <summary>
    /// How far the clocks of two processes may be apart. What a process has dated further ahead than this was dated by
    /// a clock that was wrong, and counts as long over: limits and waiting times do not go by it.
    /// </summary>
    public static readonly TimeSpan MostApart = TimeSpan.FromMinutes(5);
}
