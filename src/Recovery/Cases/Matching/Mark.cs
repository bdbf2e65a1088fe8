namespace Recovery.Cases.Matching;

/// <summary>How a stated fact compares with what is held.</summary>
internal enum Mark
{
    /// <summary>Held, and the person said nothing about it.</summary>
    NotStated = 0,

    /// <summary>Stated, and nothing of the kind is held, or it is not among what is held.</summary>
    NotHeld = 1,

    /// <summary>Stated in words that cannot be compared, such as a date that cannot be read.</summary>
    Unclear = 2,

    Different = 3,

    Similar = 4,

    /// <summary>The same, whatever its spelling.</summary>
    Same = 5,
}

/// <summary>What a fact is about.</summary>
internal enum FactKind
{
    GivenName,
    FamilyName,
    Username,
    NewEmail,
    EarlierEmail,
    GmcNumber,
    NmcNumber,
    Ntn,
    CollegeNumber,
    OtherNumber,
    Employer,
    Specialty,
    Grade,
    From,
    To,
    Supervisor,
    SupervisedTrainee,
}

/// <summary>One line of a comparison.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Stated">As the person typed it; null when they said nothing.</param>
/// <param name="Held">What it was compared with. Null when nothing is held, or nothing was stated: what nobody claimed
/// is not shown.</param>
/// <param name="Mark">How the two compare.</param>
internal sealed record ComparedFact(FactKind Kind, string? Stated, string? Held, Mark Mark);
