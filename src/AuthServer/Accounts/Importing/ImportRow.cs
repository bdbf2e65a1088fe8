namespace AuthServer.Accounts.Importing;

/// <summary>
/// One row of a file of accounts, read and checked by itself; what other accounts have to say comes later.
/// </summary>
/// <param name="Line">The line of the file on which the row starts; the header is line 1.</param>
/// <param name="Username">As in the file.</param>
/// <param name="Problem">Why the row cannot be taken, as a sentence; null when it can.</param>
internal sealed record ImportRow(int Line, string Username, string? Problem = null)
{
    public string Email { get; init; } = "";

    /// <summary>Null: the file does not say.</summary>
    public bool? EmailVerified { get; init; }

    /// <summary>As the person types it. Null: none.</summary>
    public string? Password { get; init; }

    /// <summary>In ASP.NET Core Identity's version 2 or 3 format. Null: none.</summary>
    public string? PasswordHash { get; init; }

    /// <summary>The <c>sub</c> that apps know the person by already. Null: a new account gets a new one.</summary>
    public Guid? Sub { get; init; }

    /// <summary>When the claims of a new account last changed. Null: now.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    public IReadOnlyList<string> PreviousEmails { get; init; } = [];

    /// <summary>Null: the file does not say, and the account keeps those it has.</summary>
    public IReadOnlyList<PostFacts>? Posts { get; init; }

    /// <summary>Usernames of the people who supervise this one. Null: the file does not say.</summary>
    public IReadOnlyList<string>? Supervisors { get; init; }

    /// <summary>The client_id of the app that an invitation leads to in the end. Null: the list of apps.</summary>
    public string? App { get; init; }

    /// <summary>The other columns. A column that the file lacks is left as it is; a blank one is emptied.</summary>
    public IReadOnlyList<(AccountColumn Column, string Value)> Values { get; init; } = [];
}

/// <summary>What became of one row.</summary>
/// <param name="Line">As in <see cref="ImportRow"/>.</param>
/// <param name="Outcome">added, updated, unchanged or refused.</param>
/// <param name="Username">As in the file.</param>
/// <param name="Reason">Why it was refused, as a sentence; otherwise null.</param>
/// <param name="Invited">True when the person was sent a link to choose a password.</param>
internal sealed record ImportResult(
    int Line,
    ImportOutcome Outcome,
    string Username,
    string? Reason = null,
    bool Invited = false
);

internal enum ImportOutcome
{
    Added,
    Updated,
    Unchanged,
    Refused,
}
