using AuthServer.Accounts;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace TestSupport.StorageContract;

/// <summary>Sessions are rows: who is logged in where, and until when.</summary>
public abstract class SessionsContract : StorageContract
{
    [Fact]
    public async Task A_log_in_is_one_living_row_with_the_browser_and_its_network()
    {
        var account = await Server.Given.AccountAsync();

        using var browser = await Server.Given.LoggedInAsync(account);

        var session = Assert.Single(await RowsAsync(account.Id));
        Assert.Equal(Server.Now, session.AuthenticatedAt);
        Assert.Equal(Server.Now.AddHours(12), session.ExpiresAt);
        Assert.Equal("pwd", session.Methods);
        Assert.Equal("127.0.0.0/24", session.Network);
        Assert.Null(session.EndedAt);
    }

    [Fact]
    public async Task The_same_person_logging_in_again_keeps_the_sid_and_gets_a_new_id()
    {
        var account = await Server.Given.AccountAsync();
        using var browser = await Server.Given.LoggedInAsync(account);

        await Server.Given.LoggedInAsync(account, browser);

        var rows = await RowsAsync(account.Id);
        Assert.Equal(2, rows.Count);
        Assert.Single(rows.Select(row => row.Sid).Distinct());
        Assert.Single(rows, row => row.EndedAt is null);
    }

    [Fact]
    public async Task Another_persons_log_in_in_the_same_browser_ends_the_first_session()
    {
        var first = await Server.Given.AccountAsync();
        var second = await Server.Given.AccountAsync();
        using var browser = await Server.Given.LoggedInAsync(first);

        await Server.Given.LoggedInAsync(second, browser);

        var ended = Assert.Single(await RowsAsync(first.Id));
        var alive = Assert.Single(await RowsAsync(second.Id));
        Assert.NotNull(ended.EndedAt);
        Assert.Null(alive.EndedAt);
        Assert.NotEqual(ended.Sid, alive.Sid);
    }

    private Task<List<Session>> RowsAsync(Guid accountId) => Server.InDatabaseAsync(db =>
        db.Sessions.AsNoTracking().Where(session => session.AccountId == accountId).ToListAsync());
}
