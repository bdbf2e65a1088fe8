using Recovery.Cases;
using Recovery.Cases.Claim;

namespace UnitTests.Recovery.Cases.Claim;

public sealed class FormStepsTests
{
    [Fact]
    public void Each_page_leads_to_the_next_and_the_last_to_the_answers()
    {
        var walked = new List<string>();
        for (var path = FormSteps.All[0].Path; path != FormPaths.Check; path = FormSteps.After(path))
        {
            walked.Add(path);
        }

        Assert.Equal(FormSteps.All.Select(step => step.Path), walked);
    }

    [Fact]
    public void A_name_alone_does_not_say_enough()
    {
        var name = new CaseEvidence { GivenName = "Aoife", FamilyName = "O'Brien" };

        Assert.False(FormSteps.SaysEnough(name));
        Assert.True(FormSteps.SaysEnough(name with { Ntn = "LDN/001/123/N" }));
        Assert.True(FormSteps.SaysEnough(name with { EarlierEmails = ["a@example.test"] }));
    }
}
