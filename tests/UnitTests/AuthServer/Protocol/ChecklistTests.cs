using System.Text.RegularExpressions;
using TestSupport;

namespace UnitTests.AuthServer.Protocol;

/// <summary>
/// <c>docs/oidc-checklist.md</c> has one row for each numbered behaviour. Its last cell names the test classes that show
/// it, or says why it is not offered.
/// </summary>
public sealed partial class ChecklistTests
{
    private static readonly IReadOnlyList<Row> Rows =
    [
        .. RowPattern()
            .Matches(File.ReadAllText(Repository.PathOf("docs/oidc-checklist.md")))
            .Select(match => new Row(match.Groups[1].Value, match.Groups[2].Value)),
    ];

    /// <summary>A number and the name of a class with a test that carries it.</summary>
    private static readonly IReadOnlySet<(string Number, string TestClass)> Carried = ReadTests().ToHashSet();

    [Fact]
    public void Each_number_has_one_row()
    {
        Assert.NotEmpty(Rows);
        Assert.Equal(Rows.Select(row => row.Number).Distinct(), Rows.Select(row => row.Number));
    }

    [Fact]
    public void Each_number_that_a_test_carries_has_a_row() =>
        Assert.Empty(Carried.Select(test => test.Number).Except(Rows.Select(row => row.Number)));

    [Fact]
    public void Each_row_names_test_classes_that_carry_its_number()
    {
        var named = Rows.SelectMany(row => row.TestClasses.Select(name => (row.Number, name)));

        Assert.Empty(named.Except(Carried));
    }

    [Fact]
    public void A_row_without_a_test_says_that_the_behaviour_is_not_offered()
    {
        var untested = Rows.Where(row => row.TestClasses.Count == 0);

        Assert.All(untested, row => Assert.StartsWith("Not offered: ", row.Shown, StringComparison.Ordinal));
        Assert.Empty(untested.Select(row => row.Number).Intersect(Carried.Select(test => test.Number)));
    }

    private static IEnumerable<(string Number, string TestClass)> ReadTests() =>
        from file in Directory.EnumerateFiles(Repository.PathOf("tests"), "*.cs", SearchOption.AllDirectories)
        where !file.Contains("/obj/", StringComparison.Ordinal)
        from test in TestsOf(File.ReadAllText(file))
        select test;

    /// <summary>Traits stand before their class, or inside it before a method.</summary>
    private static IEnumerable<(string Number, string TestClass)> TestsOf(string source)
    {
        var classes = ClassPattern().Matches(source);
        return from trait in TraitPattern().Matches(source)
            let indented = trait.Groups[1].Length > 0
            let testClass = indented
                ? classes.Last(match => match.Index < trait.Index)
                : classes.First(match => match.Index > trait.Index)
            select (trait.Groups[2].Value, testClass.Groups[1].Value);
    }

    [GeneratedRegex(@"^\| ([A-Z][0-9]+) \|.*\| ([^|]+) \|$", RegexOptions.Multiline)]
    private static partial Regex RowPattern();

    [GeneratedRegex(@"^( *)\[Trait\(""oidc"", ""([A-Z]+[0-9]+)""\)", RegexOptions.Multiline)]
    private static partial Regex TraitPattern();

    [GeneratedRegex(@"^(?:public|internal) (?:sealed |abstract |partial )*class (\w+)", RegexOptions.Multiline)]
    private static partial Regex ClassPattern();

    [GeneratedRegex("`([A-Za-z]+)`")]
    private static partial Regex NamePattern();

    private sealed record Row(string Number, string Shown)
    {
        public IReadOnlyList<string> TestClasses { get; } =
        [
            .. Shown.StartsWith("Not offered", StringComparison.Ordinal)
                ? []
                : NamePattern().Matches(Shown).Select(match => match.Groups[1].Value),
        ];
    }
}
