using AuthServer.Accounts.Importing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace TestSupport;

/// <summary>Reads a file of people as <c>users import</c> does.</summary>
internal static class ImportSteps
{
    /// <returns>The result of every row, in the order in which they were told.</returns>
    public static Task<List<ImportResult>> ImportAsync(this AuthServerFixture server, string text) =>
        server.InScopeAsync(async services =>
        {
            var (rows, problem) = ImportFile.Open(new StringReader(text));
            Assert.Null(problem);
            var results = new List<ImportResult>();
            await foreach (
                var result in services
                    .GetRequiredService<ImportAccounts>()
                    .ImportAsync(rows, "command-line", invite: false, CancellationToken.None)
            )
            {
                results.Add(result);
            }

            return results;
        });
}
