using System.Text.Json;
using AuthServer.Audit;
using AuthServer.Protocol.Keys;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace TestSupport.StorageContract;

/// <summary>Signing keys are rows that any process may look after, and every process sees alike.</summary>
public abstract class SigningKeysContract : StorageContract
{
    [Fact]
    public async Task The_first_start_makes_a_key_of_each_algorithm_and_writes_it_down()
    {
        var published = await PublishedAsync(Server);

        var rows = await RowsAsync();
        Assert.Equal(["ES256", "RS256"], rows.Select(row => row.Algorithm).Order(StringComparer.Ordinal));
        Assert.Equal(rows.Select(row => row.KeyId).Order(), published.Order());
        Assert.All(
            rows,
            row => Assert.DoesNotContain("\"d\"", row.SealedJwk + row.PublicJwk, StringComparison.Ordinal)
        );
        Assert.Equal(
            2,
            await Server.InDatabaseAsync(db => db.AuditEvents.CountAsync(e => e.Kind == AuditKinds.KeysRotated))
        );
    }

    [Fact]
    public async Task Processes_that_start_at_once_share_one_key_of_each_algorithm()
    {
        await PublishedAsync(Server);
        await Server.InDatabaseAsync(db => db.SigningKeys.ExecuteDeleteAsync());

        var done = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => DoWhatIsDueAsync(Server))));

        Assert.Equal(2, done.Sum(due => due.Make.Count));
        Assert.Equal(2, (await RowsAsync()).Count);
    }

    [Fact]
    public async Task Servers_that_start_at_once_on_an_empty_database_publish_and_sign_with_the_same_keys()
    {
        await using var empty = await CreateDatabaseAsync();

        var servers = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => Task.Run(() => AuthServerFixture.StartAsync(database: empty)))
        );

        var published = new List<IReadOnlyList<string>>();
        var signers = new List<IReadOnlyList<string>>();
        foreach (var server in servers)
        {
            published.Add(await PublishedAsync(server));
            signers.Add(await SignersAsync(server));
            Assert.DoesNotContain(server.Log.Lines, line => line.Level >= LogLevel.Error);
            await server.DisposeAsync();
        }

        Assert.All(published, keys => Assert.Equal(published[0], keys));
        Assert.All(signers, keys => Assert.Equal(signers[0], keys));
        Assert.Equal(2, published[0].Count);
    }

    [Fact]
    [Trait("oidc", "J4")]
    public async Task A_rotation_by_another_process_is_published_within_five_seconds_and_signs_after_ten()
    {
        await using var other = await AuthServerFixture.StartAsync(Server.Clock, Server.Database);
        var before = await PublishedAsync(Server);
        var signedBefore = await SignersAsync(Server);

        var made = await RotateAsync(other);
        Server.Clock.Advance(TimeSpan.FromSeconds(5));
        var announced = await PublishedAsync(Server);
        var stillSigning = await SignersAsync(Server);
        Server.Clock.Advance(TimeSpan.FromSeconds(5));
        var signedAfter = await SignersAsync(Server);

        Assert.Equal(before, announced.Take(2));
        Assert.Equal(made.Order(), announced.Skip(2).Order());
        Assert.Equal(signedBefore, stillSigning);
        Assert.Equal(made.Order(), signedAfter.Order());
        Assert.Equal(signedAfter, await SignersAsync(other));
    }

    [Fact]
    public async Task The_old_keys_are_published_until_the_last_token_has_expired_and_then_deleted()
    {
        var old = await PublishedAsync(Server);
        await RotateAsync(Server);

        Server.Clock.Advance(TimeSpan.FromDays(14));
        var kept = await PublishedAsync(Server);
        Server.Clock.Advance(TimeSpan.FromSeconds(10));
        var left = await PublishedAsync(Server);
        var done = await DoWhatIsDueAsync(Server);

        Assert.Empty(old.Except(kept));
        Assert.Empty(left.Intersect(old));
        Assert.Equal(old.Order(), done.Delete.Order());
        Assert.Empty((await RowsAsync()).Select(row => row.KeyId).Intersect(old));
    }

    [Fact]
    public async Task Leaked_keys_that_are_withdrawn_are_published_no_longer_than_they_sign()
    {
        var leaked = await PublishedAsync(Server);

        var made = await RotateAsync(Server, withdraw: true);
        Server.Clock.Advance(KeySchedule.NoticeOfRotation);

        Assert.Equal(made.Order(), (await PublishedAsync(Server)).Order());
        Assert.Empty((await PublishedAsync(Server)).Intersect(leaked));
    }

    [Fact]
    public async Task Rotating_twice_leaves_no_moment_without_a_key()
    {
        await PublishedAsync(Server);
        await RotateAsync(Server);
        Server.Clock.Advance(TimeSpan.FromSeconds(6));

        var made = await RotateAsync(Server);

        for (var second = 0; second < 12; second++)
        {
            Assert.Equal(2, (await SignersAsync(Server)).Count);
            Server.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(made.Order(), (await SignersAsync(Server)).Order());
        Assert.Equal(4, (await RowsAsync()).Count);
    }

    [Fact]
    public async Task The_next_keys_are_announced_two_weeks_before_the_old_ones_retire()
    {
        var old = await PublishedAsync(Server);
        Server.Clock.Advance(TimeSpan.FromDays(76));

        await DoWhatIsDueAsync(Server);
        Server.Clock.Advance(SigningKeyRing.Freshness);

        var published = await PublishedAsync(Server);
        Assert.Equal(4, published.Count);
        Assert.Equal(old.Order(), (await SignersAsync(Server)).Order());
        Server.Clock.Advance(TimeSpan.FromDays(14));
        Assert.Equal(published.Except(old).Order(), (await SignersAsync(Server)).Order());
    }

    [Fact]
    public async Task A_key_that_cannot_be_opened_is_replaced_and_stays_published()
    {
        var lost = await PublishedAsync(Server);
        await Server.InDatabaseAsync(db =>
            db.SigningKeys.ExecuteUpdateAsync(s => s.SetProperty(k => k.SealedJwk, "CfDJ8garbage"))
        );
        await using var restarted = await AuthServerFixture.StartAsync(Server.Clock, Server.Database);

        var signers = await SignersAsync(restarted);

        Assert.Empty(signers.Intersect(lost));
        Assert.Empty(lost.Except(await PublishedAsync(restarted)));
        Assert.Contains(restarted.Log.Lines, line => line.Id == 2801);
    }

    [Fact]
    public async Task While_the_keys_cannot_be_read_those_known_are_used()
    {
        var known = await PublishedAsync(Server);
        await RunAsync("ALTER TABLE signing_keys RENAME TO signing_keys_away");
        Server.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(known, await PublishedAsync(Server));
        Assert.Equal(2, (await SignersAsync(Server)).Count);
        Assert.Contains(Server.Log.Lines, line => line.Id == 2802);
    }

    private static async Task<IReadOnlyList<string>> PublishedAsync(AuthServerFixture server)
    {
        using var http = new HttpClient();
        var jwks = await http.GetStringAsync(server.Issuer + "/.well-known/jwks.json");
        return
        [
            .. JsonDocument
                .Parse(jwks)
                .RootElement.GetProperty("keys")
                .EnumerateArray()
                .Select(key => key.GetProperty("kid").GetString() ?? ""),
        ];
    }

    private static async Task<IReadOnlyList<string>> SignersAsync(AuthServerFixture server)
    {
        var ring = server.Services.GetRequiredService<SigningKeyRing>();
        return
        [
            (await ring.SigningCredentialsAsync("RS256", default)).Kid,
            (await ring.SigningCredentialsAsync("ES256", default)).Kid,
        ];
    }

    private static Task<KeysDue> DoWhatIsDueAsync(AuthServerFixture server) =>
        server.InScopeAsync(services =>
            services.GetRequiredService<SigningKeys>().DoWhatIsDueAsync([], CancellationToken.None)
        );

    private static Task<IReadOnlyList<string>> RotateAsync(AuthServerFixture server, bool withdraw = false) =>
        server.InScopeAsync<IReadOnlyList<string>>(async services =>
        {
            var made = await services
                .GetRequiredService<SigningKeys>()
                .RotateAsync(withdraw, "test", CancellationToken.None);
            return [.. made.Select(key => key.KeyId)];
        });

    private Task<List<SigningKey>> RowsAsync() =>
        Server.InDatabaseAsync(db => db.SigningKeys.AsNoTracking().ToListAsync());

    private Task<int> RunAsync(string sql) => Server.InDatabaseAsync(db => db.Database.ExecuteSqlRawAsync(sql));
}
