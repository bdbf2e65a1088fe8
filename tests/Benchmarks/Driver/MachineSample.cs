using System.Globalization;

namespace Driver;

/// <summary>CPU time and memory of the server under test, and how busy each core was, from /proc.</summary>
internal sealed record MachineSample(
    long ServerCpuTicks,
    long ServerRssBytes,
    long[] CoreBusyTicks,
    long[] CoreTotalTicks
)
{
    public const double TicksPerSecond = 100; // USER_HZ

    public static MachineSample Take(int[] roots)
    {
        var (cpu, rss) = (0L, 0L);
        foreach (var pid in roots.Length == 0 ? [] : WithDescendants(roots))
        {
            try
            {
                var stat = File.ReadAllText($"/proc/{pid}/stat");
                var f = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                cpu += long.Parse(f[11]) + long.Parse(f[12]);
                if (roots.Contains(pid))
                {
                    cpu += long.Parse(f[13]) + long.Parse(f[14]); // children already gone
                }

                rss += ProportionalSet(pid);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException) { } // gone meanwhile
        }
        var cores = File.ReadLines("/proc/stat")
            .Skip(1)
            .TakeWhile(l => l.StartsWith("cpu"))
            .Select(l => l.Split(' ').Skip(1).Take(8).Select(long.Parse).ToArray())
            .ToArray();
        return new(cpu, rss, [.. cores.Select(c => c.Sum() - c[3] - c[4])], [.. cores.Select(c => c.Sum())]);
    }

    // Pss counts memory shared between a server's processes once.
    private static long ProportionalSet(int pid)
    {
        foreach (var line in File.ReadLines($"/proc/{pid}/smaps_rollup"))
        {
            if (line.StartsWith("Pss:"))
            {
                return long.Parse(line[4..].Replace("kB", "").Trim(), CultureInfo.InvariantCulture) * 1024;
            }
        }

        return 0;
    }

    private static HashSet<int> WithDescendants(int[] roots)
    {
        var parent = new Dictionary<int, int>();
        foreach (var dir in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(dir), out var pid))
            {
                continue;
            }

            try
            {
                var stat = File.ReadAllText(dir + "/stat");
                parent[pid] = int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1]);
            }
            catch (IOException) { }
        }
        var found = new HashSet<int>(roots);
        while (parent.Where(p => found.Contains(p.Value)).Select(p => found.Add(p.Key)).ToList().Contains(true)) { }
        return found;
    }
}
