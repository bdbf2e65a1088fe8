using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Recovery.Ports;

namespace Recovery.Cases.Claim;

/// <summary>
/// Sends the link that proves the new address, and opens the case when it is used. Looking at the link proves nothing:
/// mail scanners look at every link.
/// </summary>
internal sealed partial class ProveAddress(
    IRecoveryDb db,
    Drafts drafts,
    CaseLimits limits,
    CaseTerms terms,
    IRecoveryMessenger messenger,
    IRecoveryAudit audit,
    IRecoveryHost host,
    TimeProvider clock,
    ILogger<ProveAddress> logger
)
{
    /// <summary>
    /// Sends a link in the place of any before; nothing when the address was sent enough, which the page does not tell.
    /// </summary>
    /// <param name="token">The form's secret.</param>
    /// <returns>False when the form is not there to be sent any more.</returns>
    public Task<bool> SendAsync(string token, CancellationToken cancellationToken) =>
        drafts.ChangeAsync(
            token,
            async draft =>
            {
                if (
                    draft is not { NewEmail: { } email, ResumeExpiresAt: { } until }
                    || !await limits.MayMailAsync(draft, cancellationToken)
                    || !await limits.MayOpenAsync(draft.Id, draft.AddressHash, cancellationToken)
                )
                {
                    NotSent(draft.Id);
                    return;
                }

                var proof = CaseToken.New();
                draft.AddressProofHash = proof.Hash;
                draft.MailsSent++;
                audit.Record(RecoveryAuditKinds.CaseProofSent, detail: CaseAudit.Of(draft.Id));
                await messenger.QueueAsync(
                    email,
                    new RecoveryMessage.ProveAddress(
                        draft.Reference,
                        host.AbsoluteAddress($"{CasePaths.Confirm}/{proof.Text}"),
                        until
                    ),
                    new MessageSubject(caseId: draft.Id, linkHash: proof.Hash),
                    cancellationToken
                );
            },
            cancellationToken
        );

    /// <returns>What the link would do.</returns>
    public async Task<ProofLink> LookAsync(string token, CancellationToken cancellationToken)
    {
        if (CaseToken.HashOf(token) is not { } hash)
        {
            return new ProofLink.Unknown();
        }

        await messenger.NoteOpenedAsync(hash, cancellationToken);
        var found = await db
            .SupportCases.AsNoTracking()
            .SingleOrDefaultAsync(c => c.AddressProofHash == hash, cancellationToken);
        return found switch
        {
            null => new ProofLink.Unknown(),
            { AddressProvedAt: { } at } => new ProofLink.Used(found.Reference, at)
            {
                Ticket = host.TicketFor(found.ClientId),
            },
            { State: CaseState.Draft, NewEmail: { } email } when found.ResumeExpiresAt > clock.GetUtcNow() =>
                new ProofLink.Live(found.Reference, email) { Ticket = host.TicketFor(found.ClientId) },
            _ => new ProofLink.Expired { Ticket = host.TicketFor(found.ClientId) },
        };
    }

    /// <summary>Opens the case. Of many at once exactly one does.</summary>
    public async Task<ProofLink> ProveAsync(string token, CancellationToken cancellationToken)
    {
        if (CaseToken.HashOf(token) is not { } hash)
        {
            return new ProofLink.Unknown();
        }

        var now = clock.GetUtcNow();
        var status = CaseToken.New();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var opened = await db
            .SupportCases.Where(c =>
                c.AddressProofHash == hash && c.State == CaseState.Draft && c.ResumeExpiresAt > now
            )
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(c => c.State, CaseState.Open)
                        .SetProperty(c => c.AddressProvedAt, now)
                        .SetProperty(c => c.OpenedAt, now)
                        .SetProperty(c => c.ChangedAt, now)
                        .SetProperty(c => c.ResumeExpiresAt, (DateTimeOffset?)null)
                        .SetProperty(c => c.StatusHash, status.Hash)
                        .AnnounceNews(CaseNews.Opened, now),
                cancellationToken
            );
        if (opened == 0)
        {
            return await LookAsync(token, cancellationToken);
        }

        var facts = await db
            .SupportCases.AsNoTracking()
            .SingleAsync(c => c.AddressProofHash == hash, cancellationToken);
        if (!await limits.MayOpenAsync(facts.Id, facts.AddressHash, cancellationToken))
        {
            // The form stays as it is: nothing is committed.
            return new ProofLink.Enough { Ticket = host.TicketFor(facts.ClientId) };
        }

        db.AddEntry(facts.Id, CaseEntryKind.Opened, now);
        db.CaseTerms.AddRange(terms.Of(facts));
        audit.Record(RecoveryAuditKinds.CaseOpened, detail: CaseAudit.Of(facts.Id));
        await messenger.QueueAsync(
            facts.NewEmail ?? throw new InvalidOperationException($"Case {facts.Id} has no address."),
            new RecoveryMessage.CaseOpened(facts.Reference, host.AbsoluteAddress($"{CasePaths.Status}/{status.Text}")),
            // This browser is led to the same page: that it was opened says nothing about the mail.
            new MessageSubject(caseId: facts.Id),
            cancellationToken
        );
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        Opened(facts.Id);
        return new ProofLink.Opened(status.Text);
    }

    [LoggerMessage(3101, LogLevel.Information, "Support case {CaseId} was opened.")]
    private partial void Opened(Guid caseId);

    [LoggerMessage(
        3102,
        LogLevel.Information,
        "Sent no link to prove the address of support case {CaseId}: the address has had enough."
    )]
    private partial void NotSent(Guid caseId);
}

/// <summary>What a link to prove an address leads to.</summary>
internal abstract record ProofLink
{
    private ProofLink() { }

    /// <summary>Leads back to the app that the person came from; null when none is known.</summary>
    public string? Ticket { get; init; }

    public sealed record Live(string Reference, string Email) : ProofLink;

    /// <param name="StatusToken">Leads to the page on which the person sees how the case stands.</param>
    public sealed record Opened(string StatusToken) : ProofLink;

    public sealed record Used(string Reference, DateTimeOffset At) : ProofLink;

    /// <summary>
    /// Staff have as many cases with this address as they can be given. The link works again when one of them is
    /// decided.
    /// </summary>
    public sealed record Enough : ProofLink;

    /// <summary>The form was not sent in time, and its answers are gone.</summary>
    public sealed record Expired : ProofLink;

    /// <summary>Never made, cut short on its way, or replaced by a newer one.</summary>
    public sealed record Unknown : ProofLink;
}
