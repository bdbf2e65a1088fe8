namespace Recovery.Cases.Desk;

/// <summary>Which emails about cases a member of staff asked for. Without a row: none.</summary>
public sealed class DeskSubscription
{
    /// <summary>The member of staff.</summary>
    public required Guid AccountId { get; init; }

    /// <summary>When a case is opened, answered or sent back to the desk.</summary>
    public required NewsWanted News { get; set; }

    /// <summary>A summary of the desk every day.</summary>
    public required bool Daily { get; set; }

    /// <summary>
    /// The day, in the United Kingdom, of the last summary: there is one a day. Null: none was sent yet.
    /// </summary>
    public DateOnly? SummarySentOn { get; set; }
}

/// <summary>About which cases a member of staff wants to be told at once.</summary>
public enum NewsWanted
{
    None = 0,

    /// <summary>Those that are assigned to them.</summary>
    Mine = 1,

    All = 2,
}
