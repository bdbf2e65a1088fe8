using AuthServer.Accounts;
using Recovery.Cases;
using Recovery.Ports;
using Xunit;

namespace TestSupport.StorageContract;

/// <summary>A desk with a great many cases, and accounts.</summary>
public abstract class DeskLoadContract : StorageContract
{
    [Fact]
    public async Task The_desk_stays_usable_with_ten_thousand_cases()
    {
        var (_, browser) = await Server.OfficerAsync();
        using var closing = browser;
        await Server.InDatabaseAsync(async db =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                var support = StaffDesk.NewCase(Server.Now.AddMinutes(-i));
                db.SupportCases.Add(support);
                if (i % 100 == 0)
                {
                    db.CaseTags.Add(new CaseTag { CaseId = support.Id, Tag = "flood" });
                }
            }

            return await db.SaveChangesAsync();
        });

        var first = (await browser.GetAsync("/support")).Ok();
        var last = (await browser.GetAsync("/support?p=400")).Ok();
        var tagged = (await browser.GetAsync("/support?tag=flood&p=2")).Ok();

        Assert.Contains("10,000 cases", first.Text, StringComparison.Ordinal);
        Assert.Equal([25, 25, 25], new[] { first, last, tagged }.Select(page => page.All("tbody tr").Count));
        Assert.Contains("Page 2 of 400", first.Text, StringComparison.Ordinal);
        Assert.Contains("Page 399 of 400", last.Text, StringComparison.Ordinal);
        Assert.Contains("Page 3 of 4", tagged.Text, StringComparison.Ordinal);
        Assert.True(first.Body.Length < 60_000, $"A page of the list has {first.Body.Length} characters.");
    }

    [Fact]
    public async Task The_commonest_name_brings_a_few_accounts_and_the_right_one_when_something_else_is_right_too()
    {
        var wanted = await Server.Given.AccountAsync(more: a =>
            (a.GivenName, a.FamilyName, a.CollegeNumber) = ("John", "Smith", "RCP 42")
        );
        await Server.InDatabaseAsync(async db =>
        {
            for (var i = 0; i < 2_000; i++)
            {
                db.Accounts.Add(
                    new Account
                    {
                        Id = Guid.NewGuid(),
                        Username = $"johnsmith{i}",
                        GivenName = "John",
                        FamilyName = "Smith",
                        CreatedAt = Server.Now,
                        UpdatedAt = Server.Now,
                    }
                );
            }

            return await db.SaveChangesAsync();
        });

        var candidates = await Server.InScopeAsync(services =>
            ((IHeldRecords)services.GetService(typeof(IHeldRecords))!).CandidatesAsync(
                new CaseEvidence
                {
                    GivenName = "john",
                    FamilyName = "SMITH",
                    CollegeNumber = "rcp42",
                },
                null,
                100,
                CancellationToken.None
            )
        );

        Assert.Contains(candidates, candidate => candidate.Account.Id == wanted.Id);
        Assert.InRange(candidates.Count, 2, 60);
    }
}
