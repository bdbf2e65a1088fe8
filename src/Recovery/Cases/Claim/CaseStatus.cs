using Microsoft.EntityFrameworkCore;
using Recovery.Ports;

namespace Recovery.Cases.Claim;

/// <summary>Tells the person how their case stands: nothing of what they stated, and nothing of what is held.</summary>
internal sealed class CaseStatus(IRecoveryDb db)
{
    /// <returns>Null when the token leads to no case.</returns>
    public async Task<CaseStanding?> FindAsync(string token, CancellationToken cancellationToken) =>
        CaseToken.HashOf(token) is { } hash
            ? await db
                .SupportCases.AsNoTracking()
                .Where(c => c.StatusHash == hash && c.OpenedAt != null)
                .Select(c => new CaseStanding(
                    c.Reference,
                    c.State,
                    c.OpenedAt ?? c.CreatedAt,
                    c.ResumeExpiresAt,
                    c.ReleaseAt,
                    c.ClosedAt
                )
                {
                    ClientId = c.ClientId,
                })
                .SingleOrDefaultAsync(cancellationToken)
            : null;
}

/// <param name="AnswerBy">While something is asked: until when it can be answered.</param>
internal sealed record CaseStanding(
    string Reference,
    CaseState State,
    DateTimeOffset OpenedAt,
    DateTimeOffset? AnswerBy,
    DateTimeOffset? ReleaseAt,
    DateTimeOffset? ClosedAt
)
{
    /// <summary>The app that the person came from, or null.</summary>
    public string? ClientId { get; init; }
}
