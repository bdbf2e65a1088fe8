using AuthServer.Data;
using AuthServer.Mail.Letters;
using Microsoft.EntityFrameworkCore;
using Recovery.Ports;

namespace AuthServer.Mail;

/// <summary>Writes recovery's messages, and tells what became of them.</summary>
internal sealed class RecoveryMessenger(AuthDbContext db, Outbox outbox, RecoveryLetters letters, TimeProvider clock)
    : IRecoveryMessenger
{
    /// <summary>As many as anybody reads.</summary>
    private const int LongestTrail = 200;

    /// <summary>
    /// How long staff are shown what was not sent because it was of no use any more; nothing can be done about it.
    /// </summary>
    private static readonly TimeSpan ExpiredShownFor = TimeSpan.FromDays(7);

    public Task QueueAsync(
        string address,
        RecoveryMessage message,
        MessageSubject about,
        CancellationToken cancellationToken
    )
    {
        var letter = letters.Write(message);
        outbox.Add(address, message.GetType().Name, letter, letters.Render(letter), about, message.GoodUntil);
        return Task.CompletedTask;
    }

    public async Task<IReadOnlyList<MessageTrail>> TrailOfCaseAsync(Guid caseId, CancellationToken cancellationToken) =>
        await ReadAsync(db.Outbox.Where(m => m.CaseId == caseId), skip: 0, LongestTrail, cancellationToken);

    public async Task<IReadOnlyList<MessageTrail>> TrailOfAccountAsync(
        Guid accountId,
        CancellationToken cancellationToken
    ) =>
        await ReadAsync(
            db.Outbox.Where(m =>
                db.OutboxSubjects.Where(s => s.AccountId == accountId).Select(s => s.MessageId).Contains(m.Id)
            ),
            skip: 0,
            LongestTrail,
            cancellationToken
        );

    public async Task<IReadOnlyList<MessageTrail>> TrailOfStrangerAsync(
        string address,
        CancellationToken cancellationToken
    ) =>
        await ReadAsync(
            db.Outbox.Where(m => m.To == address && m.CaseId == null && !m.Subjects.Any(s => s.AccountId != null)),
            skip: 0,
            LongestTrail,
            cancellationToken
        );

    public Task NoteOpenedAsync(byte[] linkHash, CancellationToken cancellationToken) =>
        outbox.NoteOpenedAsync(linkHash, cancellationToken);

    public async Task<IReadOnlyList<MessageTrail>> UndeliveredAsync(
        int skip,
        int take,
        CancellationToken cancellationToken
    )
    {
        var expiredSince = clock.GetUtcNow() - ExpiredShownFor;
        return await ReadAsync(
            db.Outbox.Where(m =>
                (m.SealedBody != null && MailStates.Failed.Contains(m.State))
                || (m.State == MailState.Expired && m.SettledAt > expiredSince)
            ),
            skip,
            take,
            cancellationToken
        );
    }

    public async Task<MessageTrail?> FindAsync(Guid messageId, CancellationToken cancellationToken) =>
        (await ReadAsync(db.Outbox.Where(m => m.Id == messageId), 0, 1, cancellationToken)).SingleOrDefault();

    public Task<bool> ResendAsync(Guid messageId, CancellationToken cancellationToken) =>
        outbox.ResendAsync(messageId, cancellationToken);

    private static async Task<List<MessageTrail>> ReadAsync(
        IQueryable<OutboxMessage> which,
        int skip,
        int take,
        CancellationToken cancellationToken
    )
    {
        var rows = await which
            .AsNoTracking()
            .OrderByDescending(m => m.QueuedAt)
            .ThenByDescending(m => m.Id)
            .Skip(skip)
            .Take(take)
            .Select(m => new
            {
                m.Id,
                m.Kind,
                m.To,
                m.State,
                m.QueuedAt,
                m.SettledAt,
                m.Attempts,
                m.LastAnswer,
                Parts = m
                    .Subjects.OrderBy(s => s.Position)
                    .Select(s => new MessagePart(s.AccountId, s.LinkHash, s.LinkOpenedAt))
                    .ToList(),
                m.CaseId,
                HasWords = m.SealedBody != null,
            })
            .ToListAsync(cancellationToken);
        return
        [
            .. rows.Select(m => new MessageTrail(
                m.Id,
                m.Kind,
                m.To,
                StateOf(m.State),
                m.QueuedAt,
                m.SettledAt,
                m.Attempts,
                m.LastAnswer,
                new(m.Parts, m.CaseId),
                m.HasWords && MailStates.Failed.Contains(m.State)
            )),
        ];
    }

    private static MessageState StateOf(MailState state) =>
        state switch
        {
            MailState.Queued or MailState.HandingOver => MessageState.Queued,
            MailState.Accepted => MessageState.Accepted,
            MailState.Refused => MessageState.Refused,
            MailState.Dead => MessageState.Dead,
            MailState.Unknown => MessageState.Unknown,
            MailState.Delivered => MessageState.Delivered,
            MailState.Bounced => MessageState.Bounced,
            MailState.Expired => MessageState.Expired,
            _ => throw new InvalidOperationException($"A message is in state {state}."),
        };
}
