namespace Recovery.Cases.Desk;

/// <summary>How something that a member of staff did with a case ended.</summary>
internal abstract record DeskOutcome
{
    private DeskOutcome() { }

    public sealed record Done : DeskOutcome;

    /// <summary>There is no such case on the desk.</summary>
    public sealed record NotFound : DeskOutcome;

    /// <summary>They may not touch it. Audited.</summary>
    public sealed record Barred(CaseBar Bar) : DeskOutcome;

    /// <summary>Somebody else was quicker: the case is no longer as the page showed it, and nothing was done.</summary>
    public sealed record Overtaken : DeskOutcome;

    /// <param name="Sentence">What to change.</param>
    public sealed record Refused(string Sentence) : DeskOutcome;
}
