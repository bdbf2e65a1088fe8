using System.Text.RegularExpressions;
using TestSupport;

namespace UnitTests.AuthServer.Accounts;

/// <summary>
/// An address that an account gives up is kept by <c>LogInIdentifiers</c>, which every change of an address has to go
/// through for the sake of logging in. This holds whoever writes the column to it.
/// </summary>
public sealed partial class EarlierAddressesTests
{
    [Fact]
    public void Whoever_changes_an_address_goes_through_the_log_in_identifiers()
    {
        var writers = Directory
            .EnumerateFiles(Repository.PathOf("src/AuthServer"), "*.cs", SearchOption.AllDirectories)
            .Where(file =>
                !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal)
            )
            .Where(file => File.ReadLines(file).Any(line => Writes().IsMatch(line)))
            .ToList();

        Assert.NotEmpty(writers);
        Assert.All(
            writers,
            file => Assert.Contains("LogInIdentifiers", File.ReadAllText(file), StringComparison.Ordinal)
        );
    }

    [GeneratedRegex(@"(?<![=!]=.*)\bEmailNormalized\)?\s*=(?![=>])|SetProperty\([^,]*\bEmailNormalized\b")]
    private static partial Regex Writes();
}
