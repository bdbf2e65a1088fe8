namespace Recovery.Cases.Claim;

/// <summary>One question page of the form.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Title">What the list of tasks calls it.</param>
/// <param name="Answered">Whether something was said.</param>
internal sealed record FormStep(string Path, string Title, Func<CaseEvidence, bool> Answered);

/// <summary>
/// The question pages in their order: the one list that the pages, the list of tasks and the way on go by.
/// </summary>
internal static class FormSteps
{
    public static IReadOnlyList<FormStep> All { get; } =
    [
        new(FormPaths.Name, "Your name", e => e.GivenName is not null || e.FamilyName is not null),
        new(FormPaths.Username, "Your username", e => e.Username is not null),
        new(FormPaths.EarlierEmails, "Earlier email addresses", e => e.EarlierEmails.Count > 0),
        new(
            FormPaths.Numbers,
            "Registration numbers",
            e => (e.GmcNumber ?? e.NmcNumber ?? e.Ntn ?? e.CollegeNumber ?? e.OtherNumber) is not null
        ),
        new(FormPaths.LastPost, "Your last post in training", e => e.LastPost is not null),
        new(FormPaths.Trainees, "People you supervised", e => e.SupervisedTrainees.Count > 0),
        new(FormPaths.More, "Anything else", e => e.More is not null),
    ];

    /// <returns>The page after this one; the last leads to the answers.</returns>
    public static string After(string path)
    {
        var next = All.TakeWhile(step => step.Path != path).Count() + 1;
        return next < All.Count ? All[next].Path : FormPaths.Check;
    }

    /// <returns>True when something was said that an account can be compared with; a name alone is anybody's.</returns>
    public static bool SaysEnough(CaseEvidence evidence) => All.Skip(1).Any(step => step.Answered(evidence));
}
