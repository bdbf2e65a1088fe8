using Recovery.Cases;

namespace Recovery.Ports;

/// <summary>
/// What is held about accounts, for support staff to compare a case with. The host implements it; it only reads.
/// </summary>
public interface IHeldRecords
{
    /// <summary>
    /// The accounts that anything stated points to. Each way of looking uses an index and is bounded, so that a common
    /// name costs no more than a rare one; somebody who is known by a common name alone may not be among them.
    /// </summary>
    /// <param name="stated">What the person states.</param>
    /// <param name="newEmail">The address that they proved to be theirs.</param>
    /// <param name="most">No more than this many.</param>
    Task<IReadOnlyList<HeldRecord>> CandidatesAsync(
        CaseEvidence stated,
        string? newEmail,
        int most,
        CancellationToken cancellationToken
    );

    Task<HeldRecord?> FindAsync(Guid accountId, CancellationToken cancellationToken);

    /// <summary>Accounts by their ids; those that are gone are not among them.</summary>
    Task<IReadOnlyDictionary<Guid, AccountReference>> ReferencesAsync(
        IReadOnlyCollection<Guid> accountIds,
        CancellationToken cancellationToken
    );

    /// <summary>Who answers to these usernames and addresses, or has one as an address, or had.</summary>
    /// <returns>By what was given; what nobody answers to is not among them.</returns>
    Task<IReadOnlyDictionary<string, IReadOnlyList<AccountReference>>> OwnersAsync(
        IReadOnlyCollection<string> identifiers,
        CancellationToken cancellationToken
    );

    /// <summary>Everybody who may open the desk and is not disabled, by name.</summary>
    Task<IReadOnlyList<AccountReference>> StaffAsync(CancellationToken cancellationToken);
}

/// <summary>One account, as far as a case can be compared with it.</summary>
public sealed record HeldRecord
{
    public required AccountReference Account { get; init; }

    public string? GivenName { get; init; }

    public string? FamilyName { get; init; }

    /// <summary>The whole name, where given and family name are not held apart.</summary>
    public string? FullName { get; init; }

    /// <summary>Its verified address, and those before it.</summary>
    public IReadOnlyList<string> Emails { get; init; } = [];

    public string? GmcNumber { get; init; }

    public string? NmcNumber { get; init; }

    public string? Ntn { get; init; }

    public string? CollegeNumber { get; init; }

    public IReadOnlyList<HeldPost> Posts { get; init; } = [];

    /// <summary>Names of those who supervise this person.</summary>
    public IReadOnlyList<string> Supervisors { get; init; } = [];

    /// <summary>Names of those whom this person supervises.</summary>
    public IReadOnlyList<string> Trainees { get; init; } = [];
}

/// <param name="To">Null: still in post, or unknown.</param>
/// <param name="Supervisor">A name.</param>
public sealed record HeldPost(
    string Employer,
    string? Specialty,
    string? Grade,
    DateOnly? From,
    DateOnly? To,
    string? Supervisor
);
