using System.Diagnostics;

namespace Driver;

/// <summary>Runs one scenario with closed-loop workers: prepare, warm up, measure.</summary>
/// <param name="factory">Makes the operation of one worker.</param>
/// <param name="concurrency">Workers; each is a thread with its own connection, cookies and session.</param>
/// <param name="warmupSeconds">Not measured.</param>
/// <param name="seconds">Measured.</param>
/// <param name="pause">Between two operations of one worker: what a worker does that is not in a hurry.</param>
/// <param name="serverPids">Whose CPU time and memory are summed, with their descendants.</param>
internal sealed class LoadRun(
    Func<int, Operation> factory,
    int concurrency,
    double warmupSeconds,
    double seconds,
    TimeSpan pause,
    int[] serverPids
)
{
    private volatile bool _stop;
    private string? _firstError;
    private int _warmupErrors;

    public Dictionary<string, object?> Execute()
    {
        var operations = Enumerable.Range(0, concurrency).Select(factory).ToArray();
        var samples = new List<(long Start, long End)>[concurrency];
        var errors = new List<long>[concurrency];
        try
        {
            foreach (var o in operations)
            {
                o.Prepare();
            }

            var threads = Enumerable
                .Range(0, concurrency)
                .Select(i =>
                {
                    samples[i] = new(1 << 16);
                    errors[i] = [];
                    var t = new Thread(() => Work(operations[i], samples[i], errors[i]), 512 * 1024)
                    {
                        IsBackground = true,
                    };
                    t.Start();
                    return t;
                })
                .ToArray();

            Thread.Sleep(TimeSpan.FromSeconds(warmupSeconds));
            var before = MachineSample.Take(serverPids);
            var driverBefore = Environment.CpuUsage.TotalTime;
            var begin = Stopwatch.GetTimestamp();
            Thread.Sleep(TimeSpan.FromSeconds(seconds));
            var end = Stopwatch.GetTimestamp();
            var driverCpu = Environment.CpuUsage.TotalTime - driverBefore;
            var after = MachineSample.Take(serverPids);
            _stop = true;
            foreach (var t in threads)
            {
                t.Join();
            }

            // Operations that ended inside the window.
            var latency = samples
                .SelectMany(s => s)
                .Where(s => s.End >= begin && s.End <= end)
                .Select(s => s.End - s.Start)
                .ToArray();
            Array.Sort(latency);
            var failed = errors.SelectMany(e => e).Count(t => t >= begin && t <= end);
            _warmupErrors = errors.SelectMany(e => e).Count(t => t < begin);
            var elapsed = (end - begin) / (double)Stopwatch.Frequency;
            double Ms(double q) =>
                latency.Length == 0
                    ? 0
                    : Math.Round(
                        latency[Math.Min(latency.Length - 1, (int)(q * latency.Length))] * 1000.0 / Stopwatch.Frequency,
                        3
                    );

            return new()
            {
                ["operations"] = latency.Length,
                ["rps"] = Math.Round(latency.Length / elapsed, 1),
                ["http_per_op"] = operations[0].HttpRequestsPerOperation,
                ["errors"] = failed,
                ["warmup_errors"] = _warmupErrors,
                ["p50_ms"] = Ms(.50),
                ["p95_ms"] = Ms(.95),
                ["p99_ms"] = Ms(.99),
                ["max_ms"] = Ms(1),
                ["server_cpu_us_per_op"] =
                    serverPids.Length == 0 || latency.Length == 0
                        ? null
                        : Math.Round(
                            (after.ServerCpuTicks - before.ServerCpuTicks)
                                / MachineSample.TicksPerSecond
                                * 1e6
                                / latency.Length,
                            1
                        ),
                ["server_cpu_share"] =
                    serverPids.Length == 0
                        ? null
                        : Math.Round(
                            (after.ServerCpuTicks - before.ServerCpuTicks) / MachineSample.TicksPerSecond / elapsed,
                            3
                        ),
                ["driver_cpu_share"] = Math.Round(driverCpu.TotalSeconds / elapsed, 3),
                ["core_busy"] = after
                    .CoreBusyTicks.Select(
                        (b, i) =>
                            Math.Round(
                                (b - before.CoreBusyTicks[i])
                                    / (double)Math.Max(1, after.CoreTotalTicks[i] - before.CoreTotalTicks[i]),
                                3
                            )
                    )
                    .ToArray(),
                ["server_pss_mb"] = serverPids.Length == 0 ? null : Math.Round(after.ServerRssBytes / 1048576.0, 1),
                ["first_error"] = _firstError,
            };
        }
        finally
        {
            foreach (var o in operations)
            {
                o.Dispose();
            }
        }
    }

    private void Work(Operation operation, List<(long, long)> samples, List<long> errors)
    {
        while (!_stop)
        {
            var start = Stopwatch.GetTimestamp();
            try
            {
                operation.Run();
                samples.Add((start, Stopwatch.GetTimestamp()));
                if (pause > TimeSpan.Zero)
                {
                    Thread.Sleep(pause);
                }
            }
            catch (Exception e)
            {
                errors.Add(Stopwatch.GetTimestamp());
                Interlocked.CompareExchange(ref _firstError, e.Message, null);
                Repair(operation);
            }
        }
    }

    private static void Repair(Operation operation)
    {
        try
        {
            operation.Prepare();
        }
        catch (Exception)
        {
            Thread.Sleep(50); // the loop tries again
        }
    }
}
