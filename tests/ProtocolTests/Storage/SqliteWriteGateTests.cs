using AuthServer.Audit;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using TestSupport;

namespace ProtocolTests.Storage;

/// <summary>
/// SQLite has one writer: writers queue in the process, and nobody leaves with the gate in the pocket.
/// </summary>
public sealed class SqliteWriteGateTests(AuthServerFixture server) : IClassFixture<AuthServerFixture>
{
    private const string Insert = "INSERT INTO audit_events (id, at, kind) VALUES ($1, $2, $3) RETURNING id";

    private SqliteWriteGate Gate => server.Services.GetRequiredService<SqliteWriteGate>();

    [Fact]
    public async Task A_hundred_writers_at_once_all_get_their_turn()
    {
        const string Kind = "test.crowd";
        var sql = server.Services.GetRequiredService<HotSql>();

        await Task.WhenAll(
            Enumerable
                .Range(0, 100)
                .Select(i =>
                    Task.Run(() =>
                        (i % 4) switch
                        {
                            0 => SaveAsync(Kind),
                            1 => SaveInTransactionAsync(Kind),
                            2 => SaveAndUpdateAsync(Kind),
                            _ => sql.WriteOneAsync(
                                    Insert,
                                    row => row.Guid(0).ToString(),
                                    CancellationToken.None,
                                    Guid.NewGuid(),
                                    server.Now,
                                    Kind
                                )
                                .AsTask(),
                        }
                    )
                )
        );

        Assert.Equal(100, await CountAsync(Kind));
    }

    [Fact]
    public async Task A_transaction_disposed_of_without_a_commit_gives_the_gate_back()
    {
        await server.InDatabaseAsync(async db =>
        {
            await using (await db.Database.BeginTransactionAsync())
            {
                db.AuditEvents.Add(Event("test.undone"));
                await db.SaveChangesAsync();
            }

            await AssertFreeAsync();
            return 0;
        });

        Assert.Equal(0, await CountAsync("test.undone"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_context_disposed_of_in_the_middle_of_a_transaction_gives_the_gate_back(
        bool connectionOpenedFirst
    )
    {
        await server.InDatabaseAsync(async db =>
        {
            if (connectionOpenedFirst)
            {
                await db.Database.OpenConnectionAsync();
            }

            await db.Database.BeginTransactionAsync();
            return await db.AuditEvents.Where(e => e.Kind == "test.none").ExecuteDeleteAsync();
        });

        await AssertFreeAsync();
    }

    [Fact]
    public async Task A_save_that_fails_gives_the_gate_back()
    {
        var twice = Event("test.twice");
        await server.InDatabaseAsync(db =>
        {
            db.AuditEvents.Add(twice);
            return db.SaveChangesAsync();
        });

        await Assert.ThrowsAsync<DbUpdateException>(() =>
            server.InDatabaseAsync(async db =>
            {
                db.AuditEvents.Add(twice);
                return await db.SaveChangesAsync();
            })
        );

        await AssertFreeAsync();
    }

    [Fact]
    public async Task A_statement_that_fails_gives_the_gate_back()
    {
        await server.InDatabaseAsync(async db =>
        {
            await Assert.ThrowsAnyAsync<Exception>(() => db.Database.ExecuteSqlRawAsync("DELETE FROM no_such_table"));

            await AssertFreeAsync();
            return 0;
        });
    }

    [Fact]
    public async Task Who_stops_waiting_for_the_gate_does_not_take_it_along()
    {
        using var impatience = new CancellationTokenSource();
        await Gate.EnterAsync(CancellationToken.None);
        var waiting = server.InDatabaseAsync(db => db.AuditEvents.ExecuteDeleteAsync(impatience.Token));

        await impatience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Gate.Leave();
        await AssertFreeAsync();
    }

    [Theory]
    [InlineData(nameof(SaveAsync))]
    [InlineData(nameof(SaveInTransactionAsync))]
    [InlineData(nameof(SaveAndUpdateAsync))]
    public async Task No_way_of_writing_goes_round_the_gate(string way)
    {
        await Gate.EnterAsync(CancellationToken.None);
        var writing = Task.Run(() =>
            way switch
            {
                nameof(SaveAsync) => SaveAsync("test.queue"),
                nameof(SaveInTransactionAsync) => SaveInTransactionAsync("test.queue"),
                _ => SaveAndUpdateAsync("test.queue"),
            }
        );

        // A writer that waits as it should is never done here, however slow the machine is.
        var first = await Task.WhenAny(writing, Task.Delay(TimeSpan.FromMilliseconds(500)));
        Gate.Leave();

        Assert.NotSame(writing, first);
        await writing;
    }

    /// <summary>
    /// Waits for the gate if it must, and fails (after the gate's own patience) when somebody kept it.
    /// </summary>
    private async Task AssertFreeAsync()
    {
        await Gate.EnterAsync(CancellationToken.None);
        Gate.Leave();
    }

    private Task<int> CountAsync(string kind) =>
        server.InDatabaseAsync(db => db.AuditEvents.CountAsync(e => e.Kind == kind));

    /// <summary>One row: EF needs no transaction for it.</summary>
    private Task SaveAsync(string kind) =>
        server.InDatabaseAsync(db =>
        {
            db.AuditEvents.Add(Event(kind));
            return db.SaveChangesAsync();
        });

    private Task SaveInTransactionAsync(string kind) =>
        server.InDatabaseAsync(async db =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            db.AuditEvents.Add(Event(kind));
            await db.SaveChangesAsync();
            await transaction.CommitAsync();
            return 0;
        });

    private Task SaveAndUpdateAsync(string kind) =>
        server.InDatabaseAsync(async db =>
        {
            var added = Event(kind);
            db.AuditEvents.Add(added);
            await db.SaveChangesAsync();
            return await db
                .AuditEvents.Where(e => e.Id == added.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(e => e.Detail, "seen"));
        });

    private AuditEvent Event(string kind) =>
        new()
        {
            Id = Guid.NewGuid(),
            At = server.Now,
            Kind = kind,
        };
}
