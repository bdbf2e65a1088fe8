using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Recovery.Ports;

namespace Recovery.Cases.Claim;

/// <summary>
/// Forms that are being filled in. Whoever holds the form's secret, in a cookie or a mailed link, can go on with it
/// until it is sent or lapses; every answer keeps it for another 20 hours.
/// </summary>
internal sealed partial class Drafts(
    IRecoveryDb db,
    CaseLimits limits,
    IAccountAddresses addresses,
    IRecoveryMessenger messenger,
    IRecoveryAudit audit,
    IRecoveryHost host,
    IOptions<CaseOptions> options,
    TimeProvider clock,
    ILogger<Drafts> logger
)
{
    /// <summary>
    /// Begins a form for a new address. Whether anybody uses that address here makes no difference to anything.
    /// </summary>
    /// <param name="email">An address that <see cref="IAccountAddresses.Problem"/> finds nothing wrong with.</param>
    public async Task<DraftBegun> BeginAsync(
        string email,
        Visit visit,
        string? clientId,
        CancellationToken cancellationToken
    )
    {
        // A flood is turned away before anything is held; who comes through counts again when nobody else can begin
        // one.
        if (await limits.WaitAsync(visit.Network, cancellationToken) is { } wait)
        {
            TooMany();
            return new DraftBegun.TooMany(wait);
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await limits.HoldAsync(visit.Network, cancellationToken);
        if (await limits.WaitAsync(visit.Network, cancellationToken) is { } longer)
        {
            TooMany();
            return new DraftBegun.TooMany(longer);
        }

        var now = clock.GetUtcNow();
        var token = CaseToken.New();
        var draft = new SupportCase
        {
            Id = Guid.CreateVersion7(now),
            Reference = CaseToken.NewReference(),
            State = CaseState.Draft,
            CreatedAt = now,
            ChangedAt = now,
            ResumeHash = token.Hash,
            ResumeExpiresAt = now + options.Value.DraftLifetime,
            Evidence = new CaseEvidence(),
            NewEmail = email,
            AddressHash = HashOf(email),
            ClientId = clientId,
            Network = visit.Network,
        };
        db.SupportCases.Add(draft);
        audit.Record(RecoveryAuditKinds.CaseBegun, detail: CaseAudit.Of(draft.Id));
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new DraftBegun.Begun(token.Text);
    }

    /// <summary>Finds a form by the link in a mail, and notes that it was opened.</summary>
    public async Task<FoundDraft> OpenAsync(string? token, CancellationToken cancellationToken)
    {
        if (CaseToken.HashOf(token) is { } hash)
        {
            await messenger.NoteOpenedAsync(hash, cancellationToken);
        }

        return await FindAsync(token, cancellationToken);
    }

    /// <returns>The form, or why there is none (any more).</returns>
    public async Task<FoundDraft> FindAsync(string? token, CancellationToken cancellationToken)
    {
        if (CaseToken.HashOf(token) is not { } hash)
        {
            return new FoundDraft.Unknown();
        }

        var found = await db
            .SupportCases.AsNoTracking()
            .SingleOrDefaultAsync(c => c.ResumeHash == hash, cancellationToken);
        return found switch
        {
            null => new FoundDraft.Unknown(),
            { OpenedAt: not null } => new FoundDraft.Sent(found.Reference) { Ticket = host.TicketFor(found.ClientId) },
            { State: CaseState.Draft, NewEmail: { } email, Evidence: { } evidence, ResumeExpiresAt: { } until }
                when until > clock.GetUtcNow() => new FoundDraft.Live(
                found.Id,
                found.Reference,
                email,
                evidence,
                until,
                found.AddressProofHash is not null
            )
            {
                Ticket = host.TicketFor(found.ClientId),
            },
            _ => new FoundDraft.Lapsed { Ticket = host.TicketFor(found.ClientId) },
        };
    }

    /// <summary>Keeps an answer.</summary>
    /// <returns>False when the form is not there to be filled in any more.</returns>
    public Task<bool> AnswerAsync(
        string token,
        Func<CaseEvidence, CaseEvidence> answer,
        CancellationToken cancellationToken
    ) =>
        ChangeAsync(
            token,
            draft =>
            {
                draft.Evidence = answer(draft.Evidence ?? new CaseEvidence());
                return Task.CompletedTask;
            },
            cancellationToken
        );

    /// <summary>Writes to another address from now on. A link to prove the one before dies.</summary>
    /// <returns>False when the form is not there to be filled in any more.</returns>
    public Task<bool> ChangeAddressAsync(string token, string email, CancellationToken cancellationToken) =>
        ChangeAsync(
            token,
            draft =>
            {
                if (draft.NewEmail != email)
                {
                    if (draft.MailsSent > 0)
                    {
                        db.SupportCases.Add(Sent(draft)); // or what the address before was sent would be forgotten
                    }

                    (draft.NewEmail, draft.AddressHash, draft.AddressProofHash) = (email, HashOf(email), null);
                }

                return Task.CompletedTask;
            },
            cancellationToken
        );

    /// <summary>
    /// Sends the link with which the form can be gone on with, anywhere; nothing when its address was sent enough.
    /// </summary>
    /// <returns>False when the form is not there to be filled in any more.</returns>
    public Task<bool> SendResumeLinkAsync(string token, CancellationToken cancellationToken) =>
        ChangeAsync(
            token,
            async draft =>
            {
                if (
                    draft is not { NewEmail: { } email, ResumeExpiresAt: { } until }
                    || !await limits.MayMailAsync(draft, cancellationToken)
                )
                {
                    return;
                }

                draft.MailsSent++;
                audit.Record(RecoveryAuditKinds.CaseResumeSent, detail: CaseAudit.Of(draft.Id));
                await messenger.QueueAsync(
                    email,
                    new RecoveryMessage.ResumeCase(
                        draft.Reference,
                        host.AbsoluteAddress($"{CasePaths.Resume}/{token}"),
                        until
                    ),
                    new MessageSubject(caseId: draft.Id, linkHash: CaseToken.HashOf(token)),
                    cancellationToken
                );
            },
            cancellationToken
        );

    /// <summary>Gives a form up: its answers are erased at once.</summary>
    public async Task AbandonAsync(string token, CancellationToken cancellationToken)
    {
        if (CaseToken.HashOf(token) is not { } hash)
        {
            return;
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var id = await db
            .SupportCases.Where(c => c.ResumeHash == hash && c.State == CaseState.Draft)
            .Select(c => (Guid?)c.Id)
            .SingleOrDefaultAsync(cancellationToken);
        if (
            id is { } draft
            && await LapseCases.EraseDraftAsync(
                db,
                draft,
                clock.GetUtcNow(),
                DateTimeOffset.MaxValue,
                cancellationToken
            )
        )
        {
            audit.Record(RecoveryAuditKinds.CaseLapsed, detail: CaseAudit.Of(draft));
            await db.SaveChangesAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>
    /// Changes a form that is there to be filled in. The first statement holds the row, so that two tabs never lose
    /// each other's answers, and none is added to what was sent.
    /// </summary>
    internal async Task<bool> ChangeAsync(
        string token,
        Func<SupportCase, Task> change,
        CancellationToken cancellationToken
    )
    {
        if (CaseToken.HashOf(token) is not { } hash)
        {
            return false;
        }

        var now = clock.GetUtcNow();
        var until = now + options.Value.DraftLifetime;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var held = await db
            .SupportCases.Where(c => c.ResumeHash == hash && c.State == CaseState.Draft && c.ResumeExpiresAt > now)
            .ExecuteUpdateAsync(
                set => set.SetProperty(c => c.ChangedAt, now).SetProperty(c => c.ResumeExpiresAt, until),
                cancellationToken
            );
        if (held == 0)
        {
            return false;
        }

        await change(await db.SupportCases.SingleAsync(c => c.ResumeHash == hash, cancellationToken));
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>
    /// A form without a word in it, so that the mails to an address go on counting. The clean-up job removes it.
    /// </summary>
    private static SupportCase Sent(SupportCase draft) =>
        new()
        {
            Id = Guid.CreateVersion7(draft.ChangedAt),
            Reference = CaseToken.NewReference(),
            State = CaseState.Lapsed,
            CreatedAt = draft.CreatedAt,
            ChangedAt = draft.ChangedAt,
            ClosedAt = draft.ChangedAt,
            EvidenceErasedAt = draft.ChangedAt,
            AddressHash = draft.AddressHash,
            MailsSent = draft.MailsSent,
        };

    private byte[] HashOf(string email) => SHA256.HashData(Encoding.UTF8.GetBytes(addresses.Normalize(email)));

    [LoggerMessage(3100, LogLevel.Information, "Did not begin a support case: there were too many from its network.")]
    private partial void TooMany();
}

/// <summary>How beginning a form ended.</summary>
internal abstract record DraftBegun
{
    private DraftBegun() { }

    /// <param name="Token">The form's secret.</param>
    public sealed record Begun(string Token) : DraftBegun;

    /// <summary>Too many from this network.</summary>
    public sealed record TooMany(TimeSpan Wait) : DraftBegun;
}

/// <summary>What the secret of a form leads to.</summary>
internal abstract record FoundDraft
{
    private FoundDraft() { }

    /// <summary>Leads back to the app that the person came from; null when none is known.</summary>
    public string? Ticket { get; init; }

    /// <param name="KeptUntil">Without a further answer.</param>
    /// <param name="ProofSent">A link to prove the address is under way.</param>
    public sealed record Live(
        Guid Id,
        string Reference,
        string Email,
        CaseEvidence Evidence,
        DateTimeOffset KeptUntil,
        bool ProofSent
    ) : FoundDraft;

    /// <summary>The case is open: nothing is added to it this way.</summary>
    public sealed record Sent(string Reference) : FoundDraft;

    /// <summary>Nobody came back in time, and the answers are gone.</summary>
    public sealed record Lapsed : FoundDraft;

    public sealed record Unknown : FoundDraft;
}
