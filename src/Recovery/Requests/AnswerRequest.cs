using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Recovery.Ports;
using Recovery.ResetLinks;

namespace Recovery.Requests;

/// <summary>
/// Answers one request by mail: every username of the address with a link each, or what else there is to say. Links,
/// mail and the note that it is done are one transaction, so a request is answered once, whoever crashes and however
/// many look.
/// </summary>
internal sealed partial class AnswerRequest(
    IRecoveryDb db,
    IAccountDirectory accounts,
    IAccountAddresses addresses,
    LinkIssuer links,
    IRecoveryMessenger messenger,
    RequestLimits limits,
    IMeterFactory meters,
    TimeProvider clock,
    ILogger<AnswerRequest> logger
)
{
    /// <summary>Whoever has waited this long has asked again, or found another way.</summary>
    private static readonly TimeSpan GivenUpAfter = TimeSpan.FromHours(24);

    /// <summary>How long a request that cannot be answered stands back for the others.</summary>
    private static readonly TimeSpan TriedAgainAfter = TimeSpan.FromMinutes(1);

    private readonly Counter<long> _answered = meters
        .Create("Recovery")
        .CreateCounter<long>("auth.recovery.requests", "{request}", "Requests for forgotten details by outcome.");

    /// <summary>Answers the request that has waited longest.</summary>
    /// <returns>False when none is waiting.</returns>
    public async Task<bool> AnswerNextAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var beyond = now + TriedAgainAfter + Clocks.MostApart; // set by a clock that was wrong
        var id = await db
            .RecoveryRequests.Where(r =>
                r.DoneAt == null && (r.ClaimedUntil == null || r.ClaimedUntil <= now || r.ClaimedUntil > beyond)
            )
            .OrderBy(r => r.AskedAt)
            .Select(r => (Guid?)r.Id)
            .FirstOrDefaultAsync(cancellationToken);
        if (id is not { } next)
        {
            return false;
        }

        try
        {
            await AnswerAsync(next, now, cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            var later = now + TriedAgainAfter;
            await db
                .RecoveryRequests.Where(r => r.Id == next)
                .ExecuteUpdateAsync(set => set.SetProperty(r => r.ClaimedUntil, later), cancellationToken);
            Failed(next, failure);
        }

        return true;
    }

    private async Task AnswerAsync(Guid id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);

        // The gate: another process that wants the same one waits here for this transaction, and then finds it done.
        var mine = await db
            .RecoveryRequests.Where(r => r.Id == id && r.DoneAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.DoneAt, now), cancellationToken);
        if (mine == 0)
        {
            return;
        }

        var request = await db.RecoveryRequests.SingleAsync(r => r.Id == id, cancellationToken);
        request.Outcome =
            now - request.AskedAt < GivenUpAfter
                ? await AnswerAsync(request, cancellationToken)
                : RequestOutcome.GivenUp;
        (request.Typed, request.Ticket) = (null, null);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        _answered.Add(1, new KeyValuePair<string, object?>("outcome", request.Outcome.ToString()));
        Answered(id, request.Outcome);
    }

    private async Task<RequestOutcome> AnswerAsync(RecoveryRequest request, CancellationToken cancellationToken)
    {
        if (await AddressOfAsync(request, cancellationToken) is not { } typed)
        {
            return RequestOutcome.NoAddress;
        }

        // What is typed finds the accounts; what is held gets the mail. Two spellings may normalize to the same and be
        // two mailboxes.
        var found = await accounts.FindByEmailAsync(typed, cancellationToken);
        var normalized = addresses.Normalize(typed);
        var to = found.Accounts is [{ Email: { } held }, ..] ? held : normalized;
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(normalized));
        request.AddressHash = hash;
        await limits.HoldAsync(hash, cancellationToken);
        if (await limits.IsEnoughForAsync(hash, cancellationToken))
        {
            return RequestOutcome.Limited;
        }

        var asked = new Circumstances(request.AskedAt, request.Browser);
        var answer =
            found.Accounts.Count == 0
                ? await UnknownAsync(request, hash, found.Unconfirmed, asked, cancellationToken)
                : await KnownAsync(request, found.Accounts, asked, cancellationToken);
        if (answer.Message is { } message)
        {
            await messenger.QueueAsync(to, message, new MessageSubject(answer.Parts), cancellationToken);
        }

        // The address as it was typed may be another person's: its owner is told what is true of it.
        if (!found.IsExact && addresses.Problem(normalized) is null)
        {
            await messenger.QueueAsync(
                normalized,
                new RecoveryMessage.UnknownAddress(asked) { Ticket = request.Ticket },
                new MessageSubject([]),
                cancellationToken
            );
        }

        return answer.Outcome;
    }

    /// <returns>The address to look for, as typed or as held; or null when a username leads to none.</returns>
    private async Task<string?> AddressOfAsync(RecoveryRequest request, CancellationToken cancellationToken)
    {
        var typed = request.Typed ?? "";
        if (!request.IsUsername)
        {
            return addresses.Problem(typed) is null ? typed : null;
        }

        // People type their address into the box for usernames, too: one that several accounts share is nobody's
        // identifier.
        return await accounts.FindByIdentifierAsync(typed, cancellationToken) is { } account ? account.Email
            : addresses.Clean(typed) is var address && addresses.Problem(address) is null ? address
            : null;
    }

    private async Task<Answer> UnknownAsync(
        RecoveryRequest request,
        byte[] addressHash,
        IReadOnlyList<Guid> unconfirmed,
        Circumstances asked,
        CancellationToken cancellationToken
    ) =>
        await limits.IsEnoughForUnknownAsync(addressHash, cancellationToken) ? Answer.Limited
        : unconfirmed.Count == 0
            ? new Answer(
                RequestOutcome.Unknown,
                new RecoveryMessage.UnknownAddress(asked) { Ticket = request.Ticket },
                []
            )
        : new Answer(
            RequestOutcome.Unconfirmed,
            new RecoveryMessage.UnconfirmedAddress(asked) { Ticket = request.Ticket },
            [.. unconfirmed.Select(id => new MessagePart(id, null))]
        );

    private async Task<Answer> KnownAsync(
        RecoveryRequest request,
        IReadOnlyList<AccountReference> found,
        Circumstances asked,
        CancellationToken cancellationToken
    )
    {
        AccountReference[] enabled = [.. found.Where(account => !account.Disabled)];
        if (enabled.Length == 0)
        {
            return new Answer(
                RequestOutcome.Disabled,
                new RecoveryMessage.DisabledAccount(
                    NameOf(found),
                    [.. found.Select(account => account.Username)],
                    asked
                )
                {
                    Ticket = request.Ticket,
                },
                [.. found.Select(account => new MessagePart(account.Id, null))]
            );
        }

        var allowed = await limits.MayHaveLinkAsync(enabled, cancellationToken);
        if (allowed.Count == 0)
        {
            return Answer.Limited;
        }

        var invitedTo = request.ClientId is null ? await InvitedToAsync(allowed, cancellationToken) : [];
        var issued = await links.IssueAsync(
            [
                .. allowed.Select(account => new LinkOrder(
                    account.Id,
                    LinkPurpose.Reset,
                    account.EmailNormalized ?? "",
                    account.SecurityStamp
                )
                {
                    ClientId = request.ClientId ?? invitedTo.GetValueOrDefault(account.Id),
                    Ticket = request.Ticket,
                    AnswersTo = request.Id,
                }),
            ],
            cancellationToken
        );
        var linkOf = allowed.Zip(issued).ToDictionary(pair => pair.First.Id, pair => pair.Second);
        AccountReference[] reminded = [.. enabled, .. found.Where(account => account.Disabled)];
        return new Answer(
            RequestOutcome.Reminded,
            new RecoveryMessage.Reminder(
                NameOf(found),
                [.. reminded.Select(account => Reminded(account, linkOf.GetValueOrDefault(account.Id)))],
                asked
            )
            {
                Ticket = request.Ticket,
            },
            [.. reminded.Select(account => new MessagePart(account.Id, linkOf.GetValueOrDefault(account.Id)?.Hash))]
        );
    }

    /// <returns>The apps that people without a password were invited to: a new link leads to the same one.</returns>
    private async Task<Dictionary<Guid, string?>> InvitedToAsync(
        IReadOnlyList<AccountReference> accounts,
        CancellationToken cancellationToken
    )
    {
        Guid[] ids = [.. accounts.Where(account => !account.HasPassword).Select(account => account.Id)];
        var invitations =
            ids.Length == 0
                ? []
                : await db
                    .ResetLinks.AsNoTracking()
                    .Where(l => ids.Contains(l.AccountId) && l.Purpose == LinkPurpose.Activation && l.ClientId != null)
                    .OrderBy(l => l.CreatedAt)
                    .Select(l => new { l.AccountId, l.ClientId })
                    .ToListAsync(cancellationToken);
        return invitations.GroupBy(l => l.AccountId).ToDictionary(group => group.Key, group => group.Last().ClientId);
    }

    private static RemindedAccount Reminded(AccountReference account, IssuedLink? link) =>
        new(
            account.Username,
            account.DisplayName,
            link?.Address,
            link?.ExpiresAt,
            account.Disabled,
            account.HasPassword
        );

    /// <returns>Whom to greet, or null when the accounts belong to different names.</returns>
    private static string? NameOf(IReadOnlyList<AccountReference> accounts) =>
        accounts.Select(account => account.DisplayName).Distinct().ToList() is [var name] ? name : null;

    /// <param name="Message">Null: nothing is sent.</param>
    /// <param name="Parts">The accounts that it names, with their links.</param>
    private sealed record Answer(RequestOutcome Outcome, RecoveryMessage? Message, IReadOnlyList<MessagePart> Parts)
    {
        public static Answer Limited { get; } = new(RequestOutcome.Limited, null, []);
    }

    [LoggerMessage(3001, LogLevel.Information, "Answered request {RequestId} for forgotten details: {Outcome}.")]
    private partial void Answered(Guid requestId, RequestOutcome outcome);

    [LoggerMessage(
        3003,
        LogLevel.Error,
        "Request {RequestId} for forgotten details could not be answered; it will be tried again."
    )]
    private partial void Failed(Guid requestId, Exception failure);
}
