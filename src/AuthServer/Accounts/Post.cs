namespace AuthServer.Accounts;

/// <summary>A post that a trainee held. Support cases are compared with it.</summary>
public sealed class Post
{
    public required Guid Id { get; init; }

    public required Guid AccountId { get; init; }

    public required string Employer { get; init; }

    public string? Specialty { get; init; }

    public string? Grade { get; init; }

    /// <summary>First day; null when unknown.</summary>
    public DateOnly? From { get; init; }

    /// <summary>Last day; null: still in post, or unknown.</summary>
    public DateOnly? To { get; init; }

    /// <summary>The supervisor's name.</summary>
    public string? Supervisor { get; init; }
}

/// <summary>Who supervises whom.</summary>
public sealed class Supervision
{
    public required Guid SupervisorId { get; init; }

    public required Guid TraineeId { get; init; }
}
