using System.Text.RegularExpressions;
using TestSupport;

namespace UnitTests;

/// <summary>The repository's Markdown files.</summary>
public sealed partial class DocumentsTests
{
    [Fact]
    public void Every_link_to_a_file_of_the_repository_leads_to_one()
    {
        var broken =
            from document in Documents()
            from Match link in LinkPattern().Matches(File.ReadAllText(document))
            let target = Path.Combine(Path.GetDirectoryName(document)!, link.Groups[1].Value)
            where !Path.Exists(target)
            select $"{Path.GetRelativePath(Repository.Root, document)}: {link.Groups[1].Value}";

        Assert.Empty(broken);
    }

    [Fact]
    public void No_two_decisions_have_the_same_number()
    {
        var numbers = Directory
            .EnumerateFiles(Repository.PathOf("docs/adr"), "0*.md")
            .Select(file => Path.GetFileName(file)[..4])
            .ToList();

        Assert.NotEmpty(numbers);
        Assert.Equal(numbers.Distinct(), numbers);
    }

    private static IEnumerable<string> Documents() =>
        Directory
            .EnumerateFiles(Repository.Root, "*.md", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/node_modules/", StringComparison.Ordinal))
            .Where(file => !file.Contains("/bin/", StringComparison.Ordinal));

    [GeneratedRegex(@"\]\((?!\w+:|#)([^)#\s]+)")]
    private static partial Regex LinkPattern();
}
