using AuthServer.Audit;
using AuthServer.Data;
using Recovery.ResetLinks;

namespace AuthServer.Accounts;

/// <summary>A person to be added.</summary>
internal sealed record NewAccount
{
    /// <summary>Null: one is made of the family name and four digits.</summary>
    public string? Username { get; init; }

    public required string Email { get; init; }

    /// <summary>
    /// Whoever adds the person vouches for the address. Default true; false: it neither logs in nor gets reminders.
    /// </summary>
    public bool EmailVerified { get; init; } = true;

    /// <summary>As it will be typed. Null: the person has none yet.</summary>
    public string? Password { get; init; }

    /// <summary>True: the person is sent a link to choose a first password, in the same transaction.</summary>
    public bool Invite { get; init; }

    /// <summary>The client_id of the app that the invitation leads to in the end. Null: the list of apps.</summary>
    public string? App { get; init; }

    /// <summary>Everything else, by the names in <see cref="AccountColumns"/>.</summary>
    public IReadOnlyDictionary<string, string> Claims { get; init; } = new Dictionary<string, string>();

    /// <summary>Who adds the person, for the audit trail: an account's id, or <c>command-line</c>.</summary>
    public string? Actor { get; init; }
}

/// <summary>How adding a person ended.</summary>
internal abstract record Registration
{
    private Registration() { }

    public sealed record Added(Guid AccountId, string Username) : Registration;

    /// <param name="Problem">A sentence that says what to change.</param>
    public sealed record Refused(string Problem) : Registration;

    /// <summary>The server is hashing as fast as it can (503 with Retry-After).</summary>
    public sealed record Busy(TimeSpan RetryAfter) : Registration;
}

/// <summary>Adds one account: identifiers, password and claims are checked, and all of it is written or none.</summary>
internal sealed class RegisterAccount(
    AuthDbContext db,
    LogInIdentifiers identifiers,
    UsernameGenerator usernames,
    ChoosePassword passwords,
    IInvitations invitations,
    InvitedApp apps,
    AuditTrail audit,
    TimeProvider clock
)
{
    public async Task<Registration> AddAsync(NewAccount person, CancellationToken cancellationToken)
    {
        if ((Read(person).Problem ?? await apps.ProblemAsync(person.App, cancellationToken)) is { } problem)
        {
            return new Registration.Refused(problem);
        }

        // Outside the transaction: a hash takes long, and on SQLite nobody else could write meanwhile.
        var username =
            person.Username
            ?? await usernames.NewAsync(person.Claims.GetValueOrDefault("family_name"), cancellationToken);
        var account = Read(person with { Username = username }).Account;
        if (person.Password is not null)
        {
            switch (await passwords.ChooseAsync(person.Password, PersonalDetails.Of(account), cancellationToken))
            {
                case PasswordChoice.Refused refused:
                    return new Registration.Refused(refused.Problem);
                case PasswordChoice.Busy busy:
                    return new Registration.Busy(busy.RetryAfter);
                case PasswordChoice.Accepted accepted:
                    account.PasswordHash = accepted.Hash;
                    account.PasswordChangedAt = account.CreatedAt;
                    account.PasswordGeneration = 1;
                    break;
            }
        }

        return await WriteAsync(account, person, cancellationToken);
    }

    private async Task<Registration> WriteAsync(Account account, NewAccount person, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var claimed = ClaimedIdentifiers.Of(account);
        var ledger = await identifiers.OpenAsync(
            [claimed.Username, claimed.Email ?? claimed.Username],
            cancellationToken
        );
        if (ledger.Problem(claimed) is { } taken)
        {
            return new Registration.Refused(taken);
        }

        db.Accounts.Add(account);
        ledger.Apply(null, claimed);
        await identifiers.WriteAsync(ledger, cancellationToken);
        audit.Record(AuditKinds.AccountAdded, account.Id, person.Actor);
        if (person.Invite)
        {
            await invitations.SendAsync(
                [new Invitee(AccountDirectory.Reference(account), person.App)],
                cancellationToken
            );
        }

        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new Registration.Added(account.Id, account.Username);
    }

    private (Account Account, string? Problem) Read(NewAccount person)
    {
        var now = clock.GetUtcNow();
        var account = new Account
        {
            Id = Guid.CreateVersion7(now),
            Username = person.Username ?? "",
            Email = person.Email,
            EmailNormalized = Identifier.Normalize(person.Email),
            EmailVerified = person.EmailVerified,
            CreatedAt = now,
            UpdatedAt = now,
        };
        foreach (var (name, value) in person.Claims)
        {
            if (AccountColumns.Find(name) is not { } column)
            {
                return (account, $"There is no claim {name}.");
            }

            if (column.Set(account, value) is { } wrong)
            {
                return (account, $"The {name} {wrong}.");
            }
        }

        return (
            account,
            (person.Username is null ? null : IdentifierRules.ProblemWithUsername(person.Username))
                ?? IdentifierRules.ProblemWithEmail(person.Email)
        );
    }
}
