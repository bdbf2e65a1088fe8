using Recovery.Ports;

namespace Recovery.Cases.Desk;

/// <summary>Messages that did not arrive, and sending them again.</summary>
internal sealed class DeskMail(
    IRecoveryDb db,
    DeskCases cases,
    IHeldRecords held,
    IRecoveryMessenger messenger,
    ShownMessages links,
    IRecoveryAudit audit,
    TimeProvider clock
)
{
    private const int PerPage = 25;

    /// <summary>
    /// A page of what was refused or given up. Messages that the officer may not know of are not among them; the look
    /// is audited.
    /// </summary>
    public async Task<UndeliveredPage> UndeliveredAsync(int page, Officer officer, CancellationToken cancellationToken)
    {
        page = Math.Max(1, page);
        var found = await messenger.UndeliveredAsync((page - 1) * PerPage, PerPage + 1, cancellationToken);
        var shown = found.Take(PerPage).ToList();
        var accounts = await held.ReferencesAsync(
            [.. shown.SelectMany(m => m.About.AccountIds).Distinct()],
            cancellationToken
        );
        var references = await cases.ReferencesAsync(
            [.. shown.Select(m => m.About.CaseId).OfType<Guid>().Distinct()],
            officer,
            cancellationToken
        );
        audit.Record(
            RecoveryAuditKinds.CaseListed,
            actorId: officer.Id,
            detail: $"undelivered mail page={page} shown={shown.Count}"
        );
        await db.SaveChangesAsync(cancellationToken);
        var seen = await links.OfAsync(
            [
                .. shown
                    .Where(m => m.About.CaseId is not { } id || references.ContainsKey(id))
                    .Where(m =>
                        CaseBars.For(officer, m.About.AccountIds.Where(accounts.ContainsKey).Select(id => accounts[id]))
                            is null
                    ),
            ],
            null,
            _ => true,
            cancellationToken
        );
        return new UndeliveredPage(
            [.. seen.Select(m => (m, m.Message.About.CaseId is { } id ? references[id] : null))],
            page,
            found.Count > PerPage
        );
    }

    /// <summary>Queues a message of a case once more.</summary>
    public async Task<DeskOutcome> ResendAsync(
        string reference,
        Guid messageId,
        Officer officer,
        CancellationToken cancellationToken
    )
    {
        var (support, ended) = await cases.FindAsync(reference, officer, cancellationToken);
        if (support is null)
        {
            return ended ?? new DeskOutcome.NotFound();
        }

        return
            await messenger.FindAsync(messageId, cancellationToken) is { } message && message.About.CaseId == support.Id
            ? await ResendAsync(message, officer, cancellationToken)
            : new DeskOutcome.NotFound();
    }

    /// <summary>Queues any message that the officer may know of once more.</summary>
    public async Task<DeskOutcome> ResendAsync(Guid messageId, Officer officer, CancellationToken cancellationToken)
    {
        if (await messenger.FindAsync(messageId, cancellationToken) is not { } message)
        {
            return new DeskOutcome.NotFound();
        }

        if (
            message.About.CaseId is { } id
            && !(await cases.ReferencesAsync([id], officer, cancellationToken)).ContainsKey(id)
        )
        {
            return new DeskOutcome.NotFound();
        }

        var accounts = await held.ReferencesAsync([.. message.About.AccountIds], cancellationToken);
        return CaseBars.For(officer, accounts.Values) is { } bar
            ? new DeskOutcome.Barred(bar)
            : await ResendAsync(message, officer, cancellationToken);
    }

    private async Task<DeskOutcome> ResendAsync(
        MessageTrail message,
        Officer officer,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (!await messenger.ResendAsync(message.Id, cancellationToken))
        {
            return new DeskOutcome.Overtaken();
        }

        if (message.About.CaseId is { } caseId)
        {
            db.AddEntry(caseId, CaseEntryKind.MessageResent, clock.GetUtcNow(), officer.Id);
        }

        foreach (var accountId in message.About.AccountIds.Select(id => (Guid?)id).DefaultIfEmpty())
        {
            audit.Record(RecoveryAuditKinds.CaseMessageResent, accountId, officer.Id, $"message={message.Id}");
        }

        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new DeskOutcome.Done();
    }
}

/// <param name="Rows">The message, and the reference of its case if it has one.</param>
/// <param name="More">There is another page.</param>
internal sealed record UndeliveredPage(IReadOnlyList<(ShownMessage Message, string? Case)> Rows, int Page, bool More);
