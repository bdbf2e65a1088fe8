using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Recovery.Ports;

namespace Recovery.Cases.Claim;

/// <summary>Takes a person's answer to what staff asked, and puts the case back on the desk.</summary>
internal sealed partial class AnswerQuestion(
    IRecoveryDb db,
    IRecoveryMessenger messenger,
    IRecoveryAudit audit,
    TimeProvider clock,
    ILogger<AnswerQuestion> logger
)
{
    /// <returns>The question, or why it cannot be answered.</returns>
    public async Task<AskedQuestion> LookAsync(string token, CancellationToken cancellationToken)
    {
        if (CaseToken.HashOf(token) is not { } hash)
        {
            return new AskedQuestion.Unknown();
        }

        await messenger.NoteOpenedAsync(hash, cancellationToken);
        var found = await db
            .SupportCases.AsNoTracking()
            .Where(c => c.ResumeHash == hash && c.OpenedAt != null)
            .Select(c => new
            {
                c.Reference,
                c.State,
                c.ResumeExpiresAt,
                c.ClientId,
                Question = db
                    .CaseEntries.Where(e => e.CaseId == c.Id && e.Kind == CaseEntryKind.Question)
                    .OrderByDescending(e => e.At)
                    .Select(e => e.Text)
                    .FirstOrDefault(),
            })
            .SingleOrDefaultAsync(cancellationToken);
        return found switch
        {
            null => new AskedQuestion.Unknown(),
            { State: CaseState.MoreWanted, ResumeExpiresAt: { } until } when until > clock.GetUtcNow() =>
                new AskedQuestion.Waiting(found.Reference, found.Question ?? "", until) { ClientId = found.ClientId },
            { State: CaseState.MoreWanted or CaseState.Lapsed } => new AskedQuestion.Expired(found.Reference)
            {
                ClientId = found.ClientId,
            },
            { ResumeExpiresAt: null } => new AskedQuestion.Unknown(), // the form's own link: nothing was asked yet
            _ => new AskedQuestion.Answered(found.Reference) { ClientId = found.ClientId },
        };
    }

    /// <summary>Keeps the answer. Of many at once exactly one is kept.</summary>
    public async Task<AskedQuestion> AnswerAsync(string token, string answer, CancellationToken cancellationToken)
    {
        if (CaseToken.HashOf(token) is not { } hash)
        {
            return new AskedQuestion.Unknown();
        }

        var now = clock.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var answered = await db
            .SupportCases.Where(c => c.ResumeHash == hash && c.State == CaseState.MoreWanted && c.ResumeExpiresAt > now)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(c => c.State, CaseState.Open)
                        .SetProperty(c => c.ChangedAt, now)
                        .AnnounceNews(CaseNews.Answered, now),
                cancellationToken
            );
        if (answered == 1)
        {
            var facts = await db
                .SupportCases.AsNoTracking()
                .Where(c => c.ResumeHash == hash)
                .Select(c => new
                {
                    c.Id,
                    c.AccountId,
                    c.ClientId,
                })
                .SingleAsync(cancellationToken);
            db.AddEntry(facts.Id, CaseEntryKind.Answer, now, text: answer);
            audit.Record(RecoveryAuditKinds.CaseAnswered, facts.AccountId, detail: CaseAudit.Of(facts.Id));
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            Answered(facts.Id);
            return new AskedQuestion.Taken { ClientId = facts.ClientId };
        }

        return await LookAsync(token, cancellationToken);
    }

    [LoggerMessage(3103, LogLevel.Information, "The question of support case {CaseId} was answered.")]
    private partial void Answered(Guid caseId);
}

/// <summary>What a link to answer with leads to.</summary>
internal abstract record AskedQuestion
{
    private AskedQuestion() { }

    /// <summary>The app that the person came from, or null.</summary>
    public string? ClientId { get; init; }

    /// <param name="Until">Not answered by then, the case lapses.</param>
    public sealed record Waiting(string Reference, string Question, DateTimeOffset Until) : AskedQuestion;

    /// <summary>The answer has just been kept.</summary>
    public sealed record Taken : AskedQuestion;

    public sealed record Answered(string Reference) : AskedQuestion;

    public sealed record Expired(string Reference) : AskedQuestion;

    /// <summary>Never made, cut short on its way, or replaced by a newer one.</summary>
    public sealed record Unknown : AskedQuestion;
}
