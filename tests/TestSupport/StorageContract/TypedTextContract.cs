using AuthServer.Accounts;
using TestSupport.TypedText;
using Xunit;

namespace TestSupport.StorageContract;

/// <summary>
/// What comes of the slips of <c>slips.tsv</c>, each typed into the log-in form with the other field right.
/// </summary>
public abstract class TypedTextContract : StorageContract
{
    protected override IReadOnlyDictionary<string, string?> Settings =>
        new Dictionary<string, string?>
        {
            ["Limits:LogIn:FreeFailures"] = "1000000",
            ["Limits:LogIn:HardStop"] = "1000000",
        };

    [Fact]
    public async Task Each_slip_gets_in_or_is_told_what_is_true()
    {
        var results = await TypeAsync();

        var different = results
            .Where(result => result.Outcome != result.Slip.Outcome)
            .Select(result =>
                $"{result.Slip.Field} {result.Slip.Written} ({result.Slip.Why}): {result.Outcome}, not {result.Slip.Outcome}"
            );
        Assert.Empty(different);
    }

    [Fact]
    public async Task At_least_95_per_cent_of_the_harmless_slips_get_in_and_none_of_the_wrong_ones()
    {
        var results = await TypeAsync();
        var harmless = results.Where(result => result.Slip.Harmless).ToList();

        Assert.InRange(results.Count, 200, 1_000);
        Assert.InRange(harmless.Count(result => result.Outcome == "in"), 0.95 * harmless.Count, harmless.Count);
        Assert.DoesNotContain(results, result => !result.Slip.Harmless && result.Outcome == "in");
    }

    [Fact]
    public async Task Each_slip_that_is_refused_gets_what_helps_against_it()
    {
        var results = await TypeAsync();

        var helpless = results
            .Where(result => result.Outcome != "in")
            .Where(result =>
                !result
                    .Outcome.Split('+')
                    .Contains(Slip.GeneralAdvice.Contains(result.Slip.Helps) ? "general" : result.Slip.Helps)
            )
            .Select(result => $"{result.Slip.Written} ({result.Slip.Why}): {result.Outcome}, not {result.Slip.Helps}");
        Assert.Empty(helpless);
    }

    /// <summary>Types every slip.</summary>
    private protected async Task<IReadOnlyList<(Slip Slip, string Outcome)>> TypeAsync()
    {
        var (people, slips) = SlipFile.Read();
        foreach (var person in people)
        {
            await Server.Given.AccountAsync(
                person.Username,
                account => (account.Email, account.EmailVerified) = (person.Email, true),
                person.Password
            );
        }

        var results = new List<(Slip, string)>();
        foreach (var slip in slips)
        {
            var isUsername = slip.Field == "username";
            var outcome = await new LogInAttempt(Server).TryAsync(
                isUsername ? slip.Typed : slip.Person.Username,
                isUsername ? slip.Person.Password : slip.Typed
            );
            results.Add(
                (
                    slip,
                    outcome switch
                    {
                        LogInOutcome.LoggedIn => "in",
                        LogInOutcome.Refused refused => string.Join(
                            '+',
                            refused
                                .Hints.Select(hint => hint.ToString())
                                .Concat(refused.NeedsGeneralAdvice ? ["general"] : [])
                        ),
                        _ => outcome.ToString(),
                    }
                )
            );
        }

        return results;
    }
}
