using AuthServer.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Recovery.Ports;
using Recovery.ResetLinks;
using Xunit;

namespace TestSupport.StorageContract;

/// <summary>Links are made for many accounts at once, and for the same accounts by others at that moment.</summary>
public abstract class LinkIssuesContract : StorageContract
{
    private const int People = 64;
    private const int Rounds = 2;

    [Fact]
    public async Task Batches_and_single_links_at_the_same_moment_all_succeed_and_the_newest_link_of_each_account_wins()
    {
        var ids = await PeopleAsync();
        var work = new List<Task>();
        for (var round = 0; round < Rounds; round++)
        {
            work.Add(Task.Run(() => IssueAsync(ids)));
            work.Add(Task.Run(() => IssueAsync(ids.AsEnumerable().Reverse())));
            work.AddRange(ids.Chunk(People / 8).Select(few => Task.Run(() => IssueAsync(few.Take(3)))));
        }

        await Task.WhenAll(work);

        var links = await Server.InDatabaseAsync(db => db.ResetLinks.AsNoTracking().ToListAsync());
        foreach (var one in links.GroupBy(link => link.AccountId))
        {
            var inOrder = one.OrderBy(link => link.Generation).ToList();
            Assert.Equal(Enumerable.Range(1, inOrder.Count), inOrder.Select(link => link.Generation));
            Assert.Null(inOrder[^1].VoidedAt);
            Assert.All(inOrder.SkipLast(1), link => Assert.Equal(VoidReason.Replaced, link.VoidedBecause));
        }

        Assert.Equal(People, links.Select(link => link.AccountId).Distinct().Count());
    }

    /// <summary>As an import does it, or an answer to one request.</summary>
    private protected Task<bool> IssueAsync(IEnumerable<Guid> ids, Func<IRecoveryDb, Task>? afterwards = null) =>
        Server.InScopeAsync(async services =>
        {
            var db = services.GetRequiredService<IRecoveryDb>();
            await using var transaction = await db.Database.BeginTransactionAsync();
            await services
                .GetRequiredService<LinkIssuer>()
                .IssueAsync(
                    [.. ids.Select(id => new LinkOrder(id, LinkPurpose.Reset, "anna@example.org", Guid.NewGuid()))],
                    CancellationToken.None
                );
            await db.SaveChangesAsync();
            await (afterwards?.Invoke(db) ?? Task.CompletedTask);
            await transaction.CommitAsync();
            return true;
        });

    private protected Task<List<Guid>> PeopleAsync() =>
        Server.InDatabaseAsync(async db =>
        {
            var people = Enumerable
                .Range(0, People)
                .Select(i => new Account
                {
                    Id = Guid.NewGuid(),
                    Username = $"person{i}",
                    CreatedAt = Server.Now,
                    UpdatedAt = Server.Now,
                })
                .ToList();
            db.Accounts.AddRange(people);
            await db.SaveChangesAsync();
            return people.ConvertAll(account => account.Id);
        });
}
