using AuthServer.Audit;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace TestSupport.StorageContract;

/// <summary>Prepared SQL says the same as EF Core does, on the same rows.</summary>
public abstract class HotSqlContract : StorageContract
{
    private const string InsertGrant = """
        INSERT INTO authorizations (id, account_id, subject, sid, scopes, authenticated_at, methods, creation_date, expires_at, offline,
            refresh_token_hash, rotated_at, refresh_generation)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0)
        RETURNING id, account_id, subject, authenticated_at, offline, refresh_token_hash, rotated_at, claims_request
        """;

    private const string InsertEvent = "INSERT INTO audit_events (id, at, kind) VALUES ($1, $2, $3) RETURNING kind";

    /// <summary>As fine as both databases can keep.</summary>
    private static readonly DateTimeOffset Instant = new DateTimeOffset(
        2026,
        1,
        31,
        9,
        0,
        0,
        TimeSpan.Zero
    ).AddMicroseconds(123456);

    private HotSql Sql => Server.Services.GetRequiredService<HotSql>();

    [Fact]
    public async Task Every_type_comes_back_as_it_was_written()
    {
        var (id, account, hash) = (Guid.NewGuid(), Guid.NewGuid(), new byte[] { 0, 1, 254, 255 });

        var written = await InsertAsync(id, account, hash, rotatedAt: null);

        Assert.Equal(new Row(id, account, "o’brien", Instant, true, Convert.ToHexString(hash), null, null), written);
    }

    [Fact]
    public async Task Entity_Framework_reads_what_it_wrote()
    {
        var (id, account, hash) = (Guid.NewGuid(), Guid.NewGuid(), new byte[] { 7 });

        await InsertAsync(id, account, hash, rotatedAt: Instant);

        var grant = await Server.InDatabaseAsync(db =>
            db.Authorizations.AsNoTracking().SingleAsync(g => g.Id == id && g.CreationDate == Instant.UtcDateTime)
        );
        Assert.Equal(account, grant.AccountId);
        Assert.Equal(Instant, grant.AuthenticatedAt);
        Assert.Equal(Instant, grant.RotatedAt);
        Assert.Equal(hash, grant.RefreshTokenHash);
        Assert.True(grant.Offline);
        Assert.Null(grant.RevokedAt);
    }

    [Fact]
    public async Task It_finds_what_Entity_Framework_wrote()
    {
        var id = Guid.NewGuid();
        await Server.InDatabaseAsync(db =>
        {
            db.AuditEvents.Add(
                new AuditEvent
                {
                    Id = id,
                    At = Instant,
                    Kind = "test.found",
                }
            );
            return db.SaveChangesAsync();
        });

        var kind = await Sql.ReadOneAsync(
            "SELECT kind FROM audit_events WHERE id = $1 AND at = $2",
            row => row.Text(0),
            CancellationToken.None,
            id,
            Instant
        );

        Assert.Equal("test.found", kind);
    }

    [Fact]
    public async Task Nothing_found_and_nothing_written_are_null()
    {
        var read = await Sql.ReadOneAsync(
            "SELECT kind FROM audit_events WHERE id = $1",
            row => row.Text(0),
            CancellationToken.None,
            Guid.NewGuid()
        );
        var written = await Sql.WriteOneAsync(
            "UPDATE audit_events SET kind = $2 WHERE id = $1 RETURNING kind",
            row => row.Text(0),
            CancellationToken.None,
            Guid.NewGuid(),
            "test.nobody"
        );

        Assert.Null(read);
        Assert.Null(written);
    }

    [Fact]
    public async Task A_write_that_breaks_a_rule_fails_alone_however_many_are_on_their_way()
    {
        var taken = Guid.NewGuid();
        await WriteEventAsync(taken);

        var ids = Enumerable.Range(0, 60).Select(i => i % 6 == 0 ? taken : Guid.NewGuid()).ToArray();
        var outcomes = await Task.WhenAll(
            ids.Select(async id =>
            {
                try
                {
                    return await WriteEventAsync(id) is not null;
                }
                catch (System.Data.Common.DbException)
                {
                    return false;
                }
            })
        );

        Assert.Equal(ids.Select(id => id != taken), outcomes);
        Assert.Equal(51, await Server.InDatabaseAsync(db => db.AuditEvents.CountAsync(e => e.Kind == "test.many")));
    }

    [Fact]
    public async Task A_failure_reaches_whoever_waits_and_the_next_write_works()
    {
        var broken = Enumerable
            .Range(0, 20)
            .Select(_ =>
                Sql.WriteOneAsync(
                        "UPDATE no_such_table SET a = 1 RETURNING a",
                        row => row.Text(0),
                        CancellationToken.None
                    )
                    .AsTask()
            )
            .ToArray();

        foreach (var write in broken)
        {
            await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => write);
        }

        Assert.NotNull(await WriteEventAsync(Guid.NewGuid()));
    }

    [Fact]
    public async Task Of_many_that_race_for_one_row_exactly_one_writes_it()
    {
        var id = Guid.NewGuid();
        await InsertAsync(id, Guid.NewGuid(), [], rotatedAt: null);

        var winners = await Task.WhenAll(
            Enumerable
                .Range(0, 50)
                .Select(_ =>
                    Task.Run(() =>
                        Sql.WriteOneAsync(
                                "UPDATE authorizations SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL RETURNING sid",
                                row => row.Text(0),
                                CancellationToken.None,
                                id,
                                Instant
                            )
                            .AsTask()
                    )
                )
        );

        Assert.Single(winners, winner => winner is not null);
    }

    private ValueTask<string?> WriteEventAsync(Guid id) =>
        Sql.WriteOneAsync(InsertEvent, row => row.Text(0), CancellationToken.None, id, Instant, "test.many");

    private ValueTask<Row?> InsertAsync(Guid id, Guid account, byte[] hash, DateTimeOffset? rotatedAt) =>
        Sql.WriteOneAsync(
            InsertGrant,
            row => new Row(
                row.Guid(0),
                row.Guid(1),
                row.Text(2),
                row.Instant(3),
                row.Bool(4),
                Convert.ToHexString(row.BytesOrNull(5) ?? []),
                row.InstantOrNull(6),
                row.TextOrNull(7)
            ),
            CancellationToken.None,
            id,
            account,
            "o’brien",
            "sid",
            "openid",
            Instant,
            "pwd",
            Instant,
            Instant,
            true,
            hash,
            rotatedAt
        );

    private sealed record Row(
        Guid Id,
        Guid AccountId,
        string Subject,
        DateTimeOffset AuthenticatedAt,
        bool Offline,
        string Hash,
        DateTimeOffset? RotatedAt,
        string? ClaimsRequest
    );
}
