using AuthServer.Mail;
using Npgsql;
using TestSupport;
using TestSupport.Mail;
using TestSupport.StorageContract;

namespace PostgresTests;

public sealed class PostgresOutbox : OutboxContract
{
    protected override async Task<TestDatabase> CreateDatabaseAsync() => await PostgresTestDatabase.NewAsync();

    [Fact]
    public async Task A_database_that_goes_away_while_a_mail_server_answers_makes_no_double()
    {
        await using var database = await CreateDatabaseAsync();
        await using var smtp = await MailServer.StartAsync();
        await using var server = await AuthServerFixture.StartAsync(database: database, settings: smtp.Settings);
        var id = await server.QueueAsync("hold@example.test");
        await Eventually.BecomesTrueAsync(() => Task.FromResult(smtp.Taken().Count == 1), server.Log.ToString);

        // The row is locked, so that the connection that writes the answer down waits; that connection is then cut.
        await using (var other = new NpgsqlConnection(database.ConnectionString + ";Pooling=false"))
        {
            await other.OpenAsync();
            await using var locked = await other.BeginTransactionAsync();
            await using var hold = new NpgsqlCommand("SELECT id FROM outbox WHERE id = $1 FOR UPDATE", other)
            {
                Parameters = { new() { Value = id } },
            };
            Assert.NotNull(await hold.ExecuteScalarAsync());
            smtp.Answer();
            await Eventually.BecomesTrueAsync(() => CutOneThatWaitsAsync(other), server.Log.ToString);
        }

        await Eventually.BecomesTrueAsync(
            () => Task.FromResult(server.Log.Lines.Any(line => line.Id is 6102 or 6106 or 6108)),
            server.Log.ToString
        );
        await server.Mailbox.SendAsync();

        Assert.Equal(MailState.Accepted, (await server.RowAsync(id)).State);
        Assert.Single(smtp.Taken());
        Assert.Contains(server.Log.Lines, line => line.Id == 6109); // it did fail
    }

    /// <returns>True when there was one. PostgreSQL names those that wait for this connection's locks.</returns>
    private static async Task<bool> CutOneThatWaitsAsync(NpgsqlConnection holder)
    {
        await using var cut = new NpgsqlCommand(
            """
            SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
            WHERE datname = current_database() AND pg_backend_pid() = ANY (pg_blocking_pids(pid))
            """,
            holder
        );
        return await cut.ExecuteScalarAsync() is > 0L;
    }
}

public sealed class PostgresDeadLinksInMail : DeadLinksInMailContract
{
    protected override async Task<TestDatabase> CreateDatabaseAsync() => await PostgresTestDatabase.NewAsync();
}
