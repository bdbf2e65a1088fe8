using Microsoft.EntityFrameworkCore;
using Recovery.Cases;
using Xunit;

namespace TestSupport.StorageContract;

/// <summary>Officers who act at the same time, too late, or on something that has changed meanwhile.</summary>
public abstract class DeskRacesContract : StorageContract
{
    [Fact]
    public async Task Of_many_officers_who_decide_at_once_exactly_one_does_and_the_others_are_told()
    {
        var trainee = await Server.TraineeAsync();
        var support = await Server.OpenCaseAsync(more: c => c.AccountId = trainee.Id);
        var forms = new List<(TestBrowser Browser, Page Form)>();
        for (var i = 0; i < 12; i++)
        {
            var (_, browser) = await Server.OfficerAsync();
            forms.Add(
                (
                    browser,
                    (
                        await browser.GetAsync(
                            $"/support/cases/{support.Reference}/{(i % 2 == 0 ? "approve" : "reject")}"
                        )
                    ).Ok()
                )
            );
        }

        var answers = await Task.WhenAll(
            forms.Select(
                (form, i) =>
                    form.Browser.SubmitAsync(
                        form.Form,
                        i % 2 == 0 ? null : new Dictionary<string, string> { ["Reason"] = "Duplicate" }
                    )
            )
        );

        // Rejecting what was just approved is a decision of its own, so there are one or two; approving happens once at
        // the most.
        var entries = await Server.InDatabaseAsync(db =>
            db.CaseEntries.AsNoTracking().Where(e => e.CaseId == support.Id).ToListAsync()
        );
        var approvals = entries.Count(e => e.Kind == CaseEntryKind.Approved);
        var done = answers.Count(answer => answer.Location?.Query is "?done=approved" or "?done=rejected");
        Assert.Equal(1, entries.Count(e => e.Kind == CaseEntryKind.Rejected));
        Assert.InRange(approvals, 0, 1);
        Assert.Equal(1 + approvals, done);
        Assert.Equal(12 - done, answers.Count(answer => answer.Location?.Query == "?done=overtaken"));
        Assert.Equal(CaseState.Rejected, (await Server.CaseAsync(support.Id)).State);
        forms.ForEach(form => form.Browser.Dispose());
    }

    [Fact]
    public async Task Of_many_officers_who_take_a_case_at_once_one_gets_it()
    {
        var support = await Server.OpenCaseAsync();
        var officers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Server.OfficerAsync()));
        var pages = await Task.WhenAll(officers.Select(o => o.Browser.GetAsync($"/support/cases/{support.Reference}")));

        var answers = await Task.WhenAll(
            officers.Zip(pages, (o, page) => o.Browser.SubmitAsync(page.Ok(), form: "form[action*='handler=Take']"))
        );

        Assert.Single(answers, answer => answer.Location?.Query == "?done=assigned");
        Assert.Equal(7, answers.Count(answer => answer.Location?.Query == "?done=overtaken"));
        Assert.Single(
            await Server.InDatabaseAsync(db =>
                db.CaseEntries.Where(e => e.Kind == CaseEntryKind.Assigned).ToListAsync()
            )
        );
        Array.ForEach(officers, o => o.Browser.Dispose());
    }

    [Theory]
    [InlineData(CaseState.Rejected)]
    [InlineData(CaseState.Stopped)]
    [InlineData(CaseState.Released)]
    [InlineData(CaseState.Lapsed)]
    public async Task What_is_closed_stays_closed(CaseState state)
    {
        var trainee = await Server.TraineeAsync();
        var other = await Server.TraineeAsync();
        var support = await Server.OpenCaseAsync(more: c =>
            (c.State, c.AccountId, c.ClosedAt) = (state, trainee.Id, Server.Now)
        );
        var (_, browser) = await Server.OfficerAsync();
        using var closing = browser;
        var address = $"/support/cases/{support.Reference}";

        await browser.ForgeAsync($"{address}/approve", ("Account", trainee.Id.ToString()));
        await browser.ForgeAsync($"{address}/reject", ("Reason", "Duplicate"));
        await browser.ForgeAsync($"{address}/ask", ("Question", "Are you there?"));
        await browser.ForgeAsync($"{address}?handler=SendBack");
        await browser.ForgeAsync($"{address}?handler=Choose", ("Account", other.Id.ToString()));
        await browser.ForgeAsync($"{address}?handler=Take", ("from", ""));

        var after = await Server.CaseAsync(support.Id);
        Assert.Equal((state, trainee.Id), (after.State, after.AccountId));
        Assert.Null(after.AssignedTo);
        Assert.Null(after.ApprovedBy);
        Assert.Empty(await Server.Mailbox.AllAsync());
        Assert.Empty(
            (await browser.GetAsync(address)).Ok().All("main a[href$=approve], main a[href$=reject], main a[href$=ask]")
        );
    }

    [Fact]
    public async Task An_approval_is_for_the_account_that_was_shown_and_no_other()
    {
        var trainee = await Server.TraineeAsync();
        var other = await Server.TraineeAsync();
        var support = await Server.OpenCaseAsync(more: c => c.AccountId = trainee.Id);
        var (_, one) = await Server.OfficerAsync();
        var (_, two) = await Server.OfficerAsync();
        using var closingOne = one;
        using var closingTwo = two;
        var form = (await one.GetAsync($"/support/cases/{support.Reference}/approve")).Ok();

        await two.KeepAsync(support, "Choose", query: $"?account={other.Id}");
        var answer = await one.SubmitAsync(form);

        Assert.Equal("?done=overtaken", answer.Location?.Query);
        Assert.Equal(CaseState.Open, (await Server.CaseAsync(support.Id)).State);
    }
}
