using Microsoft.AspNetCore.WebUtilities;
using Xunit;

namespace TestSupport;

/// <summary>Query strings, written and read.</summary>
public static class Query
{
    public static string Of(IEnumerable<KeyValuePair<string, string>> fields) =>
        string.Join(
            '&',
            fields.Select(field => $"{Uri.EscapeDataString(field.Key)}={Uri.EscapeDataString(field.Value)}")
        );

    /// <summary>The parameters of a URL's query; one that is there twice fails the test.</summary>
    public static IReadOnlyDictionary<string, string> Read(Uri url) =>
        QueryHelpers
            .ParseQuery(url.Query)
            .ToDictionary(parameter => parameter.Key, parameter => Assert.Single(parameter.Value.ToArray()) ?? "");
}
