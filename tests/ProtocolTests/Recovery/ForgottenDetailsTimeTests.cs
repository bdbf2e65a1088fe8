using System.Diagnostics;
using System.Net;
using TestSupport;

namespace ProtocolTests.Recovery;

/// <summary>How long the answer takes does not tell whether an account exists.</summary>
public sealed class ForgottenDetailsTimeTests
{
    private const int Each = 200;

    [Fact]
    [Trait("spec", "ASVS 6.3.8")]
    public async Task Known_and_unknown_addresses_are_answered_in_the_same_time()
    {
        await using var server = await AuthServerFixture.StartAsync(
            settings: new Dictionary<string, string?>
            {
                ["Limits:Recovery:RequestsPerNetwork"] = "100000",
                ["Limits:PerAddress:PagesPerSecond"] = "100000",
            }
        );
        foreach (var number in Enumerable.Range(0, Each))
        {
            await server.Given.AccountAsync(more: account =>
                (account.Email, account.EmailVerified) = ($"known{number}@example.org", true)
            );
        }

        // In random order, so that what one answer leaves to be done falls on both kinds alike.
        using var browser = server.NewBrowser();
        var form = (await browser.GetAsync("/forgotten-login-details")).Ok();
        for (var i = 0; i < 20; i++)
        {
            await TimeAsync(browser, form, $"warm{i}@example.org");
        }

        string[] addresses =
        [
            .. Enumerable.Range(0, Each).SelectMany(i => new[] { $"known{i}@example.org", $"nobody{i}@example.org" }),
        ];
        System.Security.Cryptography.RandomNumberGenerator.Shuffle(addresses.AsSpan());
        var (known, unknown) = (new List<double>(), new List<double>());
        foreach (var address in addresses)
        {
            (address.StartsWith("known", StringComparison.Ordinal) ? known : unknown).Add(
                await TimeAsync(browser, form, address)
            );
        }

        // How often a known address took longer than an unknown one: a half when nobody can tell, 1 or 0 when everybody
        // can.
        var slower = known.Average(mine =>
            unknown.Average(theirs =>
                mine > theirs ? 1
                : mine < theirs ? 0
                : 0.5
            )
        );

        Assert.True(
            slower is > 0.3 and < 0.7,
            $"A known address took longer in {slower:P0} of all pairs: {Median(known):0.00} ms against {Median(unknown):0.00} ms."
        );
    }

    private static async Task<double> TimeAsync(TestBrowser browser, Page form, string address)
    {
        var started = Stopwatch.GetTimestamp();
        var answer = await browser.SubmitAsync(
            form,
            new Dictionary<string, string> { ["Email"] = address },
            "main form"
        );
        var took = Stopwatch.GetElapsedTime(started).TotalMilliseconds;

        Assert.Equal(
            (HttpStatusCode.Redirect, "/forgotten-login-details/sent"),
            (answer.Status, answer.Location?.AbsolutePath)
        );
        return took;
    }

    private static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);
}
