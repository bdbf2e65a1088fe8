namespace Recovery.Cases.Matching;

/// <summary>A source that a person can know a fact from. Two sources say more than twice as much as one.</summary>
internal enum EvidenceSource
{
    /// <summary>Names and public registers: anybody can look these up.</summary>
    PublicRegister,

    Username,

    Mailbox,

    College,

    Post,

    Supervision,
}

/// <summary>
/// What a fact is worth. Nothing that is added by a right fact is negative, nothing by a wrong one positive.
/// </summary>
/// <param name="Kind">The fact.</param>
/// <param name="Source">Where it can be known from.</param>
/// <param name="Same">Points when it is the same.</param>
/// <param name="Similar">Points when it is similar: never more than for the same.</param>
/// <param name="Different">Points when it is different: zero or less.</param>
/// <param name="Most">How many facts of the kind count, where a person can state several.</param>
internal sealed record FactRule(
    FactKind Kind,
    EvidenceSource Source,
    int Same,
    int Similar,
    int Different,
    int Most = 1
)
{
    /// <summary>
    /// Every fact and its worth. An address that was proved by a link weighs most. A number that contradicts weighs
    /// more than one that agrees, because the registers are public. Training numbers carry the GMC number since 2018,
    /// so they count as public.
    /// </summary>
    public static IReadOnlyList<FactRule> All { get; } =
    [
        new(FactKind.GivenName, EvidenceSource.PublicRegister, Same: 4, Similar: 2, Different: -4),
        new(FactKind.FamilyName, EvidenceSource.PublicRegister, Same: 8, Similar: 4, Different: -6),
        new(FactKind.GmcNumber, EvidenceSource.PublicRegister, Same: 12, Similar: 0, Different: -20),
        new(FactKind.NmcNumber, EvidenceSource.PublicRegister, Same: 12, Similar: 0, Different: -20),
        new(FactKind.Ntn, EvidenceSource.PublicRegister, Same: 12, Similar: 0, Different: -8),
        new(FactKind.Username, EvidenceSource.Username, Same: 15, Similar: 5, Different: -4),
        new(FactKind.NewEmail, EvidenceSource.Mailbox, Same: 40, Similar: 0, Different: 0),
        new(FactKind.EarlierEmail, EvidenceSource.Mailbox, Same: 20, Similar: 5, Different: 0, Most: 2),
        new(FactKind.CollegeNumber, EvidenceSource.College, Same: 12, Similar: 0, Different: -8),
        // Nothing of the kind is held.
        new(FactKind.OtherNumber, EvidenceSource.PublicRegister, Same: 0, Similar: 0, Different: 0),
        new(FactKind.Employer, EvidenceSource.Post, Same: 8, Similar: 4, Different: -4),
        new(FactKind.Specialty, EvidenceSource.Post, Same: 4, Similar: 2, Different: -2),
        new(FactKind.Grade, EvidenceSource.Post, Same: 4, Similar: 2, Different: -2),
        new(FactKind.From, EvidenceSource.Post, Same: 8, Similar: 4, Different: -4),
        new(FactKind.To, EvidenceSource.Post, Same: 8, Similar: 4, Different: -4),
        new(FactKind.Supervisor, EvidenceSource.Post, Same: 8, Similar: 4, Different: -4),
        new(FactKind.SupervisedTrainee, EvidenceSource.Supervision, Same: 10, Similar: 5, Different: -2, Most: 3),
    ];

    private static readonly Dictionary<FactKind, FactRule> ByKind = All.ToDictionary(rule => rule.Kind);

    public static FactRule Of(FactKind kind) => ByKind[kind];

    public int Points(Mark mark) =>
        mark switch
        {
            Mark.Same => Same,
            Mark.Similar => Similar,
            Mark.Different => Different,
            _ => 0,
        };
}
