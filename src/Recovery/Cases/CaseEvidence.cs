namespace Recovery.Cases;

/// <summary>What a person states to show who they are. Every answer is optional; all are kept as typed.</summary>
public sealed record CaseEvidence
{
    public string? GivenName { get; init; }

    public string? FamilyName { get; init; }

    /// <summary>The claimed username.</summary>
    public string? Username { get; init; }

    public IReadOnlyList<string> EarlierEmails { get; init; } = [];

    public string? GmcNumber { get; init; }

    public string? NmcNumber { get; init; }

    public string? Ntn { get; init; }

    public string? CollegeNumber { get; init; }

    /// <summary>A number with another register, and which register, as typed: HCPC PH123456.</summary>
    public string? OtherNumber { get; init; }

    /// <summary>A trainee's last post.</summary>
    public StatedPost? LastPost { get; init; }

    /// <summary>Names of trainees that a supervisor supervised.</summary>
    public IReadOnlyList<string> SupervisedTrainees { get; init; } = [];

    /// <summary>Anything else the person wants to say.</summary>
    public string? More { get; init; }
}

/// <summary>A post as a person remembers it. Dates as typed: a month and a year will do.</summary>
public sealed record StatedPost
{
    public string? Employer { get; init; }

    public string? Specialty { get; init; }

    public string? Grade { get; init; }

    public string? From { get; init; }

    public string? To { get; init; }

    public string? Supervisor { get; init; }
}
