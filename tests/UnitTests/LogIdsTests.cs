using System.Globalization;
using System.Text.RegularExpressions;
using TestSupport;

namespace UnitTests;

/// <summary>A log line is found by its id: each is used once, in the range of its folder.</summary>
public sealed partial class LogIdsTests
{
    private static readonly (string Folder, int Thousands)[] Ranges =
    [
        ("src/AuthServer/Hosting", 1),
        ("src/AuthServer/CommandLine", 1),
        ("src/AuthServer/Demo", 1),
        ("src/AuthServer/Protocol", 2),
        ("src/Recovery", 3),
        ("src/AuthServer/Accounts", 4),
        ("src/AuthServer/Clients", 5),
        ("src/AuthServer/Data", 6),
        ("src/AuthServer/Audit", 6),
        ("src/AuthServer/Mail", 6),
        ("src/AuthServer/Pages", 6),
    ];

    [Fact]
    public void No_id_is_used_twice()
    {
        var twice = Messages()
            .GroupBy(message => message.Id)
            .Where(same => same.Count() > 1)
            .Select(same => $"{same.Key} in {string.Join(" and ", same.Select(message => message.File))}");

        Assert.Empty(twice);
    }

    [Fact]
    public void Every_id_is_in_the_range_of_its_folder()
    {
        var strays = Messages()
            .Where(message =>
                !Ranges.Any(range =>
                    message.File.StartsWith(range.Folder + "/", StringComparison.Ordinal)
                    && message.Id / 1000 == range.Thousands
                )
            )
            .Select(message => $"{message.Id} in {message.File}");

        Assert.Empty(strays);
    }

    private static IEnumerable<(int Id, string File)> Messages() =>
        from file in Directory.EnumerateFiles(Repository.PathOf("src"), "*.cs", SearchOption.AllDirectories)
        where !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal)
        from Match message in LoggerMessage().Matches(File.ReadAllText(file))
        select (
            message.Groups["id"].Success ? int.Parse(message.Groups["id"].Value, CultureInfo.InvariantCulture) : 0,
            Path.GetRelativePath(Repository.Root, file)
        );

    // A message whose id is not there as a number counts as 0, which is in nobody's range.
    [GeneratedRegex(@"\[LoggerMessage\(\s*(EventId\s*=\s*)?(?<id>\d+)?")]
    private static partial Regex LoggerMessage();
}
