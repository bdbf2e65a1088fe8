namespace Driver;

/// <summary>Does an operation a given number of times, without a clock: for counting what a server writes.</summary>
internal sealed class CountedRun(Func<int, Operation> factory, int concurrency, int count)
{
    public Dictionary<string, object?> Execute()
    {
        Parallel.For(
            0,
            concurrency,
            new ParallelOptions { MaxDegreeOfParallelism = concurrency },
            worker =>
            {
                using var operation = factory(worker);
                operation.Prepare();
                for (var i = 0; i < count; i++)
                {
                    operation.Run();
                }
            }
        );
        return new() { ["operations"] = concurrency * count };
    }
}
