using AuthServer.Data;
using AuthServer.Mail.Letters;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Recovery.Ports;

namespace AuthServer.Mail;

/// <summary>
/// The one writer of the outbox until a message is taken; what became of it then is for
/// <see cref="DeliveryQuestions"/>. A message is queued in the transaction of the fact that it tells of, and taken up
/// by one sender at a time, which holds it for <see cref="Lease"/>; every later word of that sender counts only while
/// it does.
/// </summary>
internal sealed class Outbox(
    AuthDbContext db,
    AfterCommit afterCommit,
    MailSeal seal,
    MailWaker waker,
    IOptions<MailOptions> options,
    TimeProvider clock
)
{
    /// <summary>
    /// How long a sender may take until it hands the message over: connecting, greeting, the message's bytes.
    /// </summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    /// <summary>The most that <see cref="SmtpOptions.AnswerTimeout"/> may be.</summary>
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromMinutes(30);

    /// <summary>What a mail server said is kept up to this length.</summary>
    private const int AnswerLength = 500;

    /// <summary>
    /// Adds a message to the unit of work at hand; the caller's <c>SaveChangesAsync</c> writes it. Sent once committed.
    /// </summary>
    /// <param name="goodUntil">When its links stop working; null when it is of use without.</param>
    public void Add(
        string to,
        string kind,
        Letter letter,
        MailBody body,
        MessageSubject about,
        DateTimeOffset? goodUntil
    )
    {
        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var messageId = $"<{id:N}@{options.Value.Sender().WireDomain()}>";
        Add(
            new OutboxMessage
            {
                Id = id,
                Kind = kind,
                To = to,
                Subject = letter.Subject,
                SealedBody = seal.Seal(body, messageId),
                MessageId = messageId,
                CaseId = about.CaseId,
                QueuedAt = now,
                GoodUntil = goodUntil,
                State = MailState.Queued,
                NextAttemptAt = now,
            },
            about.Parts
        );
    }

    /// <summary>
    /// Queues a message once more that failed (<see cref="MailStates.Failed"/>), with the same words and the same
    /// Message-ID. The row that failed stays as it is, for the trail, without its words: it is sent again once.
    /// </summary>
    /// <returns>False when it is none of these (any more), or its words are gone.</returns>
    public async Task<bool> ResendAsync(Guid id, CancellationToken cancellationToken)
    {
        var failed = await db
            .Outbox.AsNoTracking()
            .Include(m => m.Subjects)
            .SingleOrDefaultAsync(m => m.Id == id, cancellationToken);
        if (failed is not { SealedBody: { } body })
        {
            return false;
        }

        await using var own = db.Database.CurrentTransaction is null
            ? await db.Database.BeginTransactionAsync(cancellationToken)
            : null;
        if (
            await db
                .Outbox.Where(m => m.Id == id && m.SealedBody != null && MailStates.Failed.Contains(m.State))
                .ExecuteUpdateAsync(s => s.SetProperty(m => m.SealedBody, (byte[]?)null), cancellationToken) == 0
        )
        {
            return false;
        }

        // Who opens the link from now on has it from the new one.
        await db
            .OutboxSubjects.Where(s => s.MessageId == id)
            .ExecuteUpdateAsync(s => s.SetProperty(m => m.LinkHash, (byte[]?)null), cancellationToken);
        var now = clock.GetUtcNow();
        Add(
            new OutboxMessage
            {
                Id = Guid.CreateVersion7(now),
                Kind = failed.Kind,
                To = failed.To,
                Subject = failed.Subject,
                SealedBody = body,
                MessageId = failed.MessageId,
                CaseId = failed.CaseId,
                QueuedAt = now,
                GoodUntil = failed.GoodUntil,
                State = MailState.Queued,
                NextAttemptAt = now,
            },
            failed.Subjects.OrderBy(s => s.Position).Select(s => new MessagePart(s.AccountId, s.LinkHash))
        );
        await db.SaveChangesAsync(cancellationToken);
        if (own is not null)
        {
            await own.CommitAsync(cancellationToken);
        }

        return true;
    }

    /// <summary>Messages that may be taken up now, the longest due first.</summary>
    public Task<List<OutboxMessage>> DueAsync(int most, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var (atOnce, later, held) = (now + Clocks.MostApart, now + LongestPause, LatestClaim(now));
        return db
            .Outbox.AsNoTracking()
            .Where(m =>
                m.State == MailState.Queued
                && (m.NextAttemptAt <= now || m.NextAttemptAt > (m.Attempts == 0 ? atOnce : later))
                && (m.ClaimedUntil == null || m.ClaimedUntil <= now || m.ClaimedUntil > held)
            )
            .OrderBy(m => m.NextAttemptAt)
            .Take(most)
            .ToListAsync(cancellationToken);
    }

    /// <summary>
    /// Messages whose sender died while it handed them over, or could not find out whether they arrived.
    /// </summary>
    public Task<List<OutboxMessage>> InterruptedAsync(int most, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var held = LatestClaim(now);
        return db
            .Outbox.AsNoTracking()
            .Where(m => m.State == MailState.HandingOver && (m.ClaimedUntil <= now || m.ClaimedUntil > held))
            .OrderBy(m => m.NextAttemptAt)
            .Take(most)
            .ToListAsync(cancellationToken);
    }

    /// <returns>When the message was queued that waits longest, or null when none waits.</returns>
    public async Task<DateTimeOffset?> OldestWaitingAsync(CancellationToken cancellationToken) =>
        await db
            .Outbox.Where(m => m.State == MailState.Queued)
            .OrderBy(m => m.QueuedAt)
            .Select(m => (DateTimeOffset?)m.QueuedAt)
            .FirstOrDefaultAsync(cancellationToken);

    /// <summary>Takes a message up: of any number of senders, on any number of nodes, one gets it.</summary>
    /// <returns>The claim, or null when another has it.</returns>
    public async Task<MailClaim?> ClaimAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var held = LatestClaim(now);
        var claim = new MailClaim(message, message.Attempts + 1);
        return
            await db
                .Outbox.Where(m =>
                    m.Id == message.Id
                    && m.State == message.State
                    && m.Attempts == message.Attempts
                    && (m.ClaimedUntil == null || m.ClaimedUntil <= now || m.ClaimedUntil > held)
                )
                .ExecuteUpdateAsync(
                    s => s.SetProperty(m => m.Attempts, claim.Attempt).SetProperty(m => m.ClaimedUntil, now + Lease),
                    cancellationToken
                ) == 1
            ? claim
            : null;
    }

    /// <returns>
    /// Why the message is of no use any more, or null: its links have expired, or, when it has waited for another
    /// attempt, all links to choose a password in it have been used or voided.
    /// </returns>
    public async Task<string?> WhyUselessAsync(MailClaim claim, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (claim.Message.GoodUntil <= now)
        {
            return "Not sent: the links in it had expired.";
        }

        if (claim.Attempt == 1)
        {
            return null; // a moment old: what happened since is no reason to wonder where the mail is
        }

        var links = await db
            .ResetLinks.Where(l =>
                db.OutboxSubjects.Any(s => s.MessageId == claim.Message.Id && s.LinkHash == l.TokenHash)
            )
            .Select(l => l.UsedAt == null && l.VoidedAt == null)
            .ToListAsync(cancellationToken);
        return links.Count > 0 && !links.Contains(true) ? "Not sent: the links in it had stopped working." : null;
    }

    /// <summary>It is of no use any more, and is not sent. Its words are erased.</summary>
    public Task ExpiredAsync(MailClaim claim, string why)
    {
        var now = clock.GetUtcNow();
        return Held(claim)
            .ExecuteUpdateAsync(
                s =>
                    s.SetProperty(m => m.State, MailState.Expired)
                        .SetProperty(m => m.SealedBody, (byte[]?)null)
                        .SetProperty(m => m.ClaimedUntil, (DateTimeOffset?)null)
                        .SetProperty(m => m.SettledAt, now)
                        .SetProperty(m => m.LastAnswer, why),
                CancellationToken.None
            );
    }

    /// <summary>
    /// Writes down that the next thing that happens may be its arrival. What follows is not interrupted.
    /// </summary>
    /// <param name="answerWithin">How long the answer may take.</param>
    /// <returns>
    /// False when the claim has run out: then another may have taken it up, and it must not be handed over.
    /// </returns>
    public async Task<bool> HandOverAsync(MailClaim claim, TimeSpan answerWithin)
    {
        var now = clock.GetUtcNow();
        return await db
                .Outbox.Where(m =>
                    m.Id == claim.Message.Id
                    && m.State == MailState.Queued
                    && m.Attempts == claim.Attempt
                    && m.ClaimedUntil > now
                )
                .ExecuteUpdateAsync(
                    s =>
                        s.SetProperty(m => m.State, MailState.HandingOver)
                            .SetProperty(m => m.ClaimedUntil, now + answerWithin + Lease),
                    CancellationToken.None
                ) == 1;
    }

    /// <summary>
    /// It was taken. True whoever holds it by now: what was accepted has arrived. Its words are erased, unless it may
    /// come back.
    /// </summary>
    /// <param name="askAt">When who took it is asked what became of it; null when it cannot be.</param>
    public Task AcceptedAsync(MailClaim claim, string answer, DateTimeOffset? askAt = null)
    {
        var now = clock.GetUtcNow();
        return db
            .Outbox.Where(m =>
                m.Id == claim.Message.Id
                && m.State != MailState.Accepted
                && m.State != MailState.Delivered
                && m.State != MailState.Bounced
            )
            .ExecuteUpdateAsync(
                s =>
                    s.SetProperty(m => m.State, MailState.Accepted)
                        .SetProperty(m => m.SealedBody, m => askAt == null ? null : m.SealedBody)
                        .SetProperty(m => m.AskAt, askAt)
                        .SetProperty(m => m.ClaimedUntil, (DateTimeOffset?)null)
                        .SetProperty(m => m.SettledAt, now)
                        .SetProperty(m => m.LastAnswer, Shortened(answer)),
                CancellationToken.None
            );
    }

    /// <summary>
    /// It failed for good, in one of the states that staff look after. Its words are kept for sending it again.
    /// </summary>
    public Task FailedAsync(MailClaim claim, MailState state, string answer)
    {
        var now = clock.GetUtcNow();
        return Held(claim)
            .ExecuteUpdateAsync(
                s =>
                    s.SetProperty(m => m.State, state)
                        .SetProperty(m => m.ClaimedUntil, (DateTimeOffset?)null)
                        .SetProperty(m => m.SettledAt, now)
                        .SetProperty(m => m.LastAnswer, Shortened(answer)),
                CancellationToken.None
            );
    }

    /// <summary>It did not arrive, and is tried again later.</summary>
    public Task TryAgainAsync(MailClaim claim, DateTimeOffset at, string answer) =>
        Held(claim)
            .ExecuteUpdateAsync(
                s =>
                    s.SetProperty(m => m.State, MailState.Queued)
                        .SetProperty(m => m.ClaimedUntil, (DateTimeOffset?)null)
                        .SetProperty(m => m.NextAttemptAt, at)
                        .SetProperty(m => m.LastAnswer, Shortened(answer)),
                CancellationToken.None
            );

    /// <summary>
    /// Nobody can say yet whether it arrived: the question is asked again later, and it is not sent meanwhile.
    /// </summary>
    public Task AskAgainAsync(MailClaim claim, DateTimeOffset at, string answer) =>
        Held(claim)
            .ExecuteUpdateAsync(
                s =>
                    s.SetProperty(m => m.State, MailState.HandingOver)
                        .SetProperty(m => m.ClaimedUntil, at)
                        .SetProperty(m => m.LastAnswer, Shortened(answer)),
                CancellationToken.None
            );

    /// <summary>Gives it back untried: the server is stopping.</summary>
    public Task ReleaseAsync(MailClaim claim) =>
        Held(claim)
            .Where(m => m.State == MailState.Queued)
            .ExecuteUpdateAsync(s => s.SetProperty(m => m.ClaimedUntil, (DateTimeOffset?)null), CancellationToken.None);

    /// <summary>Notes the first time that somebody, or some program, asked for the page behind a link.</summary>
    /// <param name="linkHash">SHA-256 of the link's token.</param>
    public async Task NoteOpenedAsync(byte[] linkHash, CancellationToken cancellationToken)
    {
        var unopened = db.OutboxSubjects.Where(s => s.LinkHash == linkHash && s.LinkOpenedAt == null);
        if (await unopened.AnyAsync(cancellationToken))
        {
            var now = clock.GetUtcNow();
            await unopened.ExecuteUpdateAsync(set => set.SetProperty(s => s.LinkOpenedAt, now), cancellationToken);
        }
    }

    /// <summary>
    /// Clean-up: removes those of the messages that were settled before this instant. One that waits, or is being sent,
    /// is none of them.
    /// </summary>
    public Task<int> RemoveSettledAsync(
        IReadOnlyCollection<Guid> ids,
        DateTimeOffset before,
        CancellationToken cancellationToken
    ) =>
        db
            .Outbox.Where(m =>
                EF.Parameter(ids).Contains(m.Id)
                && m.SettledAt < before
                && m.State != MailState.Queued
                && m.State != MailState.HandingOver
            )
            .ExecuteDeleteAsync(cancellationToken);

    private void Add(OutboxMessage message, IEnumerable<MessagePart> parts)
    {
        foreach (var (position, part) in parts.Index())
        {
            message.Subjects.Add(
                new OutboxSubject
                {
                    MessageId = message.Id,
                    Position = position,
                    AccountId = part.AccountId,
                    LinkHash = part.LinkHash,
                }
            );
        }

        db.Outbox.Add(message);
        afterCommit.Do(waker.Wake);
    }

    /// <summary>
    /// Further ahead than that no attempt can have been put off: a clock that ran ahead did, and the message is due.
    /// </summary>
    private TimeSpan LongestPause => options.Value.LongestRetry * (1 + RetrySchedule.Jitter) + Clocks.MostApart;

    /// <summary>
    /// Until then a message can be held; what is held for longer was taken up by a clock that ran ahead.
    /// </summary>
    private DateTimeOffset LatestClaim(DateTimeOffset now) =>
        now
        + (
            LongestPause > LongestAnswer + Lease + Clocks.MostApart
                ? LongestPause
                : LongestAnswer + Lease + Clocks.MostApart
        );

    private IQueryable<OutboxMessage> Held(MailClaim claim) =>
        db.Outbox.Where(m =>
            m.Id == claim.Message.Id
            && m.Attempts == claim.Attempt
            && (m.State == MailState.Queued || m.State == MailState.HandingOver)
        );

    /// <summary>What a mail server said, as long as it is kept.</summary>
    public static string Shortened(string answer) => answer.Length <= AnswerLength ? answer : answer[..AnswerLength];
}
