using AuthServer.Protocol.Keys;

namespace UnitTests.AuthServer.Protocol.Keys;

public sealed class KeyScheduleTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly KeyOptions Options = new();

    [Fact]
    public void Without_keys_one_of_each_algorithm_is_due_and_signs_at_once_by_every_clock()
    {
        var slowest = Start.AddMinutes(-5);

        var due = KeySchedule.DueAt([], Start, Options);

        Assert.Equal(["RS256", "ES256"], due.Make.Select(k => k.Algorithm));
        Assert.All(
            due.Make,
            key =>
                Assert.Equal(
                    (slowest, slowest.AddDays(90), slowest.AddDays(104)),
                    (key.ActivatesAt, key.RetiresAt, key.ExpiresAt)
                )
        );
        Assert.Empty(due.Delete);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(75.9)]
    public void A_key_with_more_than_the_time_of_announcement_left_needs_no_successor(double days) =>
        Assert.True(KeySchedule.DueAt(Pair("old", Start), Start.AddDays(days), Options).Nothing);

    [Theory]
    [InlineData(76)]
    [InlineData(89)]
    public void Its_successor_is_announced_in_time_and_signs_when_it_retires(double days)
    {
        var due = KeySchedule.DueAt(Pair("old", Start), Start.AddDays(days), Options);

        Assert.Equal(["RS256", "ES256"], due.Make.Select(k => k.Algorithm));
        Assert.All(due.Make, key => Assert.Equal(Start.AddDays(90), key.ActivatesAt));
    }

    [Fact]
    public void With_a_successor_announced_nothing_is_due()
    {
        SigningKey[] keys = [.. Pair("old", Start), .. Pair("new", Start.AddDays(90))];

        Assert.True(KeySchedule.DueAt(keys, Start.AddDays(80), Options).Nothing);
    }

    [Fact]
    public void After_a_long_rest_the_dead_keys_go_and_new_ones_sign_at_once()
    {
        var due = KeySchedule.DueAt(Pair("old", Start), Start.AddDays(365), Options);

        Assert.All(due.Make, key => Assert.Equal(Start.AddDays(365).AddMinutes(-5), key.ActivatesAt));
        Assert.Equal(["old-RS256", "old-ES256"], due.Delete);
    }

    [Fact]
    public void Only_the_algorithm_that_lacks_a_key_gets_one()
    {
        var due = KeySchedule.DueAt([Key("rsa", "RS256", Start)], Start, Options);

        Assert.Equal(["ES256"], due.Make.Select(k => k.Algorithm));
    }

    [Theory]
    [InlineData(-1, KeyState.Announced)]
    [InlineData(0, KeyState.Active)]
    [InlineData(89.9, KeyState.Active)]
    [InlineData(90, KeyState.Retired)]
    [InlineData(103.9, KeyState.Retired)]
    [InlineData(104, KeyState.Expired)]
    internal void Its_dates_tell_where_a_key_is_in_its_life(double days, KeyState state) =>
        Assert.Equal(state, KeySchedule.StateOf(Key("k", "ES256", Start), Start.AddDays(days)));

    [Fact]
    public void Of_several_active_keys_the_newest_signs_in_every_process()
    {
        SigningKey[] keys =
        [
            Key("a", "ES256", Start),
            Key("c", "ES256", Start.AddDays(1)),
            Key("b", "ES256", Start.AddDays(1)),
        ];

        var signer = KeySchedule.SignerOf(keys, "ES256", Start.AddDays(2));
        var signerOfAnother = KeySchedule.SignerOf(keys.Reverse(), "ES256", Start.AddDays(2));

        Assert.Equal("c", signer?.KeyId);
        Assert.Equal("c", signerOfAnother?.KeyId);
    }

    /// <summary>
    /// Two years, hour by hour: there is always a key to sign with, it was announced before, and nothing is lost too
    /// early.
    /// </summary>
    [Fact]
    public void Over_two_years_every_signer_was_announced_and_is_published_until_its_tokens_are_dead()
    {
        List<SigningKey> keys = [];
        var lastSigned = new Dictionary<string, DateTimeOffset>();
        for (var now = Start; now < Start.AddDays(730); now = now.AddHours(1))
        {
            var due = KeySchedule.DueAt(keys, now, Options);
            Assert.All(due.Delete, id => Assert.True(now - lastSigned[id] >= TimeSpan.FromDays(1)));
            keys.RemoveAll(key => due.Delete.Contains(key.KeyId));
            keys.AddRange(
                due.Make.Select(key => Key($"{key.Algorithm}-{now:O}", key.Algorithm, key.ActivatesAt, createdAt: now))
            );
            foreach (var algorithm in KeySchedule.Algorithms)
            {
                var signer = KeySchedule.SignerOf(keys, algorithm, now);
                Assert.NotNull(signer);
                Assert.True(signer.CreatedAt == Start || now - signer.CreatedAt >= TimeSpan.FromDays(13.9));
                lastSigned[signer.KeyId] = now;
            }
        }

        Assert.InRange(lastSigned.Count, 16, 18);
    }

    private static SigningKey[] Pair(string name, DateTimeOffset activatesAt) =>
        [.. KeySchedule.Algorithms.Select(algorithm => Key($"{name}-{algorithm}", algorithm, activatesAt))];

    private static SigningKey Key(
        string id,
        string algorithm,
        DateTimeOffset activatesAt,
        DateTimeOffset? createdAt = null
    )
    {
        var dates = KeySchedule.KeyFrom(algorithm, activatesAt, Options);
        return new SigningKey
        {
            KeyId = id,
            Algorithm = algorithm,
            SealedJwk = "",
            PublicJwk = "",
            CreatedAt = createdAt ?? activatesAt,
            ActivatesAt = dates.ActivatesAt,
            RetiresAt = dates.RetiresAt,
            ExpiresAt = dates.ExpiresAt,
        };
    }
}
