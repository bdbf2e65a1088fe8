using AuthServer.Data;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Mail;

/// <summary>
/// The messages that a mail service has taken, and what it says became of them. Each question is taken up by one
/// process; the first answer is the one that counts.
/// </summary>
internal sealed class DeliveryQuestions(AuthDbContext db, TimeProvider clock)
{
    /// <summary>Messages that were taken, and of which it is time to ask what became of them.</summary>
    public Task<List<OutboxMessage>> ToAskAboutAsync(int most, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var later = now + AskSchedule.Longest + Clocks.MostApart;
        return db
            .Outbox.AsNoTracking()
            .Where(m => m.AskAt != null && (m.AskAt <= now || m.AskAt > later) && m.State == MailState.Accepted)
            .OrderBy(m => m.AskAt)
            .Take(most)
            .ToListAsync(cancellationToken);
    }

    /// <summary>Takes the question up: of any number of processes one asks it.</summary>
    /// <param name="next">When it is asked again, unless there was an answer.</param>
    public async Task<bool> TakeQuestionAsync(
        OutboxMessage message,
        DateTimeOffset next,
        CancellationToken cancellationToken
    ) =>
        await db
            .Outbox.Where(m => m.Id == message.Id && m.AskAt == message.AskAt && m.State == MailState.Accepted)
            .ExecuteUpdateAsync(s => s.SetProperty(m => m.AskAt, next), cancellationToken) == 1;

    /// <summary>The mail service says that it arrived, or will never say: its words are erased.</summary>
    public Task EndedWellAsync(Guid id, MailState state, string answer) =>
        ReportedAsync(id, state, answer, keepsWords: false);

    /// <summary>The mail service could not deliver it. Its words are kept for sending it again.</summary>
    public Task BouncedAsync(Guid id, string answer) => ReportedAsync(id, MailState.Bounced, answer, keepsWords: true);

    private Task<int> ReportedAsync(Guid id, MailState state, string answer, bool keepsWords)
    {
        var now = clock.GetUtcNow();
        return db
            .Outbox.Where(m => m.Id == id && m.State == MailState.Accepted && m.AskAt != null)
            .ExecuteUpdateAsync(
                s =>
                    s.SetProperty(m => m.State, state)
                        .SetProperty(m => m.SealedBody, m => keepsWords ? m.SealedBody : null)
                        .SetProperty(m => m.AskAt, (DateTimeOffset?)null)
                        .SetProperty(m => m.SettledAt, m => state == MailState.Accepted ? m.SettledAt : now)
                        .SetProperty(m => m.LastAnswer, Outbox.Shortened(answer)),
                CancellationToken.None
            );
    }
}
