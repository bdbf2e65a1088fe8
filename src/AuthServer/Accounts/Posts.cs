using AuthServer.Data;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Accounts;

/// <summary>A post as it is told: a <see cref="Post"/> without its keys.</summary>
internal sealed record PostFacts(
    string Employer,
    string? Specialty = null,
    string? Grade = null,
    DateOnly? From = null,
    DateOnly? To = null,
    string? Supervisor = null
)
{
    public static PostFacts Of(Post post) =>
        new(post.Employer, post.Specialty, post.Grade, post.From, post.To, post.Supervisor);
}

/// <summary>Keeps the posts that people held. The one writer of their table.</summary>
internal sealed class Posts(AuthDbContext db, TimeProvider clock)
{
    /// <summary>
    /// Gives accounts these posts and no others; the rows wait for the caller's <c>SaveChangesAsync</c>.
    /// </summary>
    /// <returns>The accounts for which that changed something.</returns>
    public async Task<IReadOnlySet<Guid>> SetAsync(
        IReadOnlyDictionary<Guid, IReadOnlyList<PostFacts>> wanted,
        CancellationToken cancellationToken
    )
    {
        var changed = new HashSet<Guid>();
        if (wanted.Count == 0)
        {
            return changed;
        }

        var now = clock.GetUtcNow();
        Guid[] accounts = [.. wanted.Keys];
        var held = (
            await db.Posts.Where(post => accounts.Contains(post.AccountId)).ToListAsync(cancellationToken)
        ).ToLookup(post => post.AccountId);
        foreach (var (accountId, posts) in wanted)
        {
            var missing = posts.ToHashSet();
            foreach (var post in held[accountId].Where(post => !missing.Remove(PostFacts.Of(post))))
            {
                db.Posts.Remove(post);
                changed.Add(accountId);
            }

            foreach (var post in missing)
            {
                db.Posts.Add(New(accountId, post, now));
                changed.Add(accountId);
            }
        }

        return changed;
    }

    private static Post New(Guid accountId, PostFacts post, DateTimeOffset now) =>
        new()
        {
            Id = Guid.CreateVersion7(now),
            AccountId = accountId,
            Employer = post.Employer,
            Specialty = post.Specialty,
            Grade = post.Grade,
            From = post.From,
            To = post.To,
            Supervisor = post.Supervisor,
        };
}
