using AuthServer.Data;
using AuthServer.Mail.Letters;
using Microsoft.EntityFrameworkCore;
using Recovery.Ports;

namespace AuthServer.Mail;

/// <summary>Writes recovery's messages, and tells what became of them.</summary>
internal sealed class RecoveryMessenger(AuthDbContext db, Outbox outbox, RecoveryLetters letters) : IRecoveryMessenger
{
    /// <summary>As many as anybody reads.</summary>
    private const int LongestTrail = 200;

    public Task QueueAsync(string address, RecoveryMessage message, MessageSubject about, CancellationToken cancellationToken)
    {
        var letter = letters.Write(message);
        outbox.Add(address, message.GetType().Name, letter, letters.Render(letter), about);
        return Task.CompletedTask;
    }

    public async Task<IReadOnlyList<MessageTrail>> TrailAsync(MessageSubject about, CancellationToken cancellationToken) =>
        await ReadAsync(
            db.Outbox.Where(m => (about.AccountId != null && m.AccountId == about.AccountId) || (about.CaseId != null && m.CaseId == about.CaseId)),
            skip: 0,
            LongestTrail,
            cancellationToken);

    public async Task<IReadOnlyList<MessageTrail>> UndeliveredAsync(int skip, int take, CancellationToken cancellationToken) =>
        await ReadAsync(
            db.Outbox.Where(m => m.SealedBody != null
                && (m.State == MailState.Refused || m.State == MailState.Dead || m.State == MailState.Unknown)),
            skip,
            take,
            cancellationToken);

    public async Task<MessageTrail?> FindAsync(Guid messageId, CancellationToken cancellationToken) =>
        (await ReadAsync(db.Outbox.Where(m => m.Id == messageId), 0, 1, cancellationToken)).SingleOrDefault();

    public Task<bool> ResendAsync(Guid messageId, CancellationToken cancellationToken) =>
        outbox.ResendAsync(messageId, cancellationToken);

    private static async Task<List<MessageTrail>> ReadAsync(
        IQueryable<OutboxMessage> which, int skip, int take, CancellationToken cancellationToken)
    {
        var rows = await which.AsNoTracking()
            .OrderByDescending(m => m.QueuedAt).ThenByDescending(m => m.Id)
            .Skip(skip).Take(take)
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
                m.AccountId,
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
                new(m.AccountId, m.CaseId),
                m.HasWords && m.State is (MailState.Refused or MailState.Dead or MailState.Unknown))),
        ];
    }

    private static MessageState StateOf(MailState state) => state switch
    {
        MailState.Queued or MailState.HandingOver => MessageState.Queued,
        MailState.Accepted => MessageState.Accepted,
        MailState.Refused => MessageState.Refused,
        MailState.Dead => MessageState.Dead,
        MailState.Unknown => MessageState.Unknown,
        _ => throw new InvalidOperationException($"A message is in state {state}."),
    };
}
