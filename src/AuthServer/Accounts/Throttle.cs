using System.Security.Cryptography;
using System.Text;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AuthServer.Accounts;

/// <summary>What the throttle says to one attempt.</summary>
internal abstract record Attempt
{
    private Attempt()
    {
    }

    /// <summary>It may be checked. It is counted as a failure already; success takes the count back.</summary>
    /// <param name="Failures">Failures in a row, this one included.</param>
    public sealed record Counted(int Failures) : Attempt;

    /// <summary>It may not be checked. <paramref name="RetryAfter"/> is null when only recovery helps.</summary>
    /// <param name="Undecided">True: attempts that were counted before it are being checked, and if one succeeds, it may be.</param>
    public sealed record Blocked(TimeSpan? RetryAfter, bool Undecided = false) : Attempt;
}

/// <summary>
/// Slows down guessing, in the database, so that every process counts together: some failures are free, then a delay doubles,
/// then only recovery helps. The one writer of its table.
/// </summary>
/// <remarks>
/// An attempt is counted before it is checked, in one statement that also refuses it: of a hundred parallel guesses, no more are
/// checked than of a hundred in a row. What is counted never depends on the password. Success takes all counts back, so that
/// one who is refused while others are being checked (a person with ten windows) need only wait for their result.
/// </remarks>
internal sealed class Throttle
{
    private const string Find = "SELECT failures, blocked_until, pending, last_failure_at FROM log_in_throttles WHERE key = $1";

    /// <summary>Longer than any check takes: what is pending for longer belongs to a process that has died.</summary>
    private static readonly TimeSpan LongestCheck = TimeSpan.FromSeconds(30);

    private readonly AuthDbContext _db;
    private readonly HotSql _sql;
    private readonly TimeProvider _clock;
    private readonly LogInLimitOptions _limits;
    private readonly TimeSpan[] _delays;
    private readonly string _count;

    public Throttle(AuthDbContext db, HotSql sql, IOptions<LogInLimitOptions> limits, TimeProvider clock)
    {
        (_db, _sql, _clock, _limits) = (db, sql, clock, limits.Value);
        _delays = [.. Delays(_limits)];
        _count = CountStatement(_limits, _delays.Length);
    }

    /// <summary>Counts for everyone who tries this account from a browser that it does not know.</summary>
    public static string AccountKey(Guid accountId) => $"account:{accountId:N}";

    /// <summary>Counts for one browser that has logged in to this account before.</summary>
    public static string BrowserKey(Guid accountId, Guid browserId) => $"{AccountKey(accountId)}:browser:{browserId:N}";

    /// <summary>Counts the codes of devices that this account's user typed wrongly.</summary>
    public static string DeviceKey(Guid accountId) => $"{AccountKey(accountId)}:device";

    /// <summary>Counts for something that nobody logs in with. Hashed: people type passwords into the wrong field.</summary>
    public static string UnknownKey(string normalized) =>
        $"unknown:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(normalized)))}";

    /// <summary>Counts an attempt, unless it has to wait.</summary>
    public async Task<Attempt> CountAsync(string key, CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        object?[] parameters = [key, now, .. _delays.Select(delay => (object)(now + delay))];
        var counted = await _sql.WriteOneAsync(
            _count, row => new Attempt.Counted(row.Int(0)), cancellationToken, parameters);
        return counted is not null ? counted : await BlockedAsync(key, now, cancellationToken);
    }

    /// <summary>A counted attempt was checked and has failed. Joins the caller's transaction.</summary>
    public Task FailedAsync(string key, CancellationToken cancellationToken) =>
        _db.LogInThrottles.Where(t => t.Key == key && t.Pending > 0)
            .ExecuteUpdateAsync(set => set.SetProperty(t => t.Pending, t => t.Pending - 1), cancellationToken);

    /// <summary>A log-in worked: the next failure is the first again. Joins the caller's transaction.</summary>
    public Task ResetAsync(string key, CancellationToken cancellationToken) =>
        _db.LogInThrottles.Where(t => t.Key == key).ExecuteDeleteAsync(cancellationToken);

    /// <summary>One attempt was no failure: its count is taken back, and those before it stay.</summary>
    public Task TakeBackAsync(string key, CancellationToken cancellationToken) =>
        _db.LogInThrottles.Where(t => t.Key == key && t.Failures > 0).ExecuteUpdateAsync(
            set => set.SetProperty(t => t.Failures, t => t.Failures - 1)
                .SetProperty(t => t.Pending, t => t.Pending > 0 ? t.Pending - 1 : 0)
                .SetProperty(t => t.BlockedUntil, (DateTimeOffset?)null),
            cancellationToken);

    /// <summary>Recovery, or an administrator, gives the account a clean sheet in every browser. Joins the caller's transaction.</summary>
    /// <returns>How many counters there were.</returns>
    public Task<int> LiftAsync(Guid accountId, CancellationToken cancellationToken)
    {
        var account = AccountKey(accountId);
        var browsers = account + ":";
        return _db.LogInThrottles.Where(t => t.Key == account || t.Key.StartsWith(browsers)).ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>Clean-up: removes those of the counts to which nothing was added since, unless only recovery may.</summary>
    public Task<int> RemoveSpentAsync(IReadOnlyCollection<string> keys, DateTimeOffset before, CancellationToken cancellationToken) =>
        _db.LogInThrottles
            .Where(t => EF.Parameter(keys).Contains(t.Key) && t.LastFailureAt < before && t.Failures < _limits.HardStop)
            .ExecuteDeleteAsync(cancellationToken);

    private async Task<Attempt> BlockedAsync(string key, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var state = await _sql.ReadOneAsync(
            Find, row => new State(row.Int(0), row.InstantOrNull(1), row.Int(2), row.Instant(3)), cancellationToken, key);
        return state switch
        {
            { } stopped when stopped.Failures >= _limits.HardStop => new Attempt.Blocked(null),
            { BlockedUntil: { } until } when until > now => new Attempt.Blocked(
                until - now, Undecided: state.Pending > 0 && (now - state.LastFailureAt).Duration() < LongestCheck),

            // It was lifted or ran out between the two statements.
            _ => new Attempt.Blocked(TimeSpan.FromSeconds(1), Undecided: true),
        };
    }

    /// <summary>The delays from the first failure that is not free on; the last one goes on for ever.</summary>
    private static IEnumerable<TimeSpan> Delays(LogInLimitOptions limits)
    {
        for (var delay = limits.FirstDelay; delay < limits.LongestDelay; delay *= 2)
        {
            yield return delay;
        }

        yield return limits.LongestDelay;
    }

    // $1 the key, $2 now, then the instants at which each of the delays would be over.
    private static string CountStatement(LogInLimitOptions limits, int delays)
    {
        var steps = Enumerable.Range(0, delays - 1)
            .Select(i => $"WHEN t.failures + 1 = {limits.FreeFailures + 1 + i} THEN ${3 + i} ");
        var blockedUntil =
            $"CASE WHEN t.failures + 1 <= {limits.FreeFailures} THEN NULL {string.Concat(steps)}ELSE ${2 + delays} END";
        var first = limits.FreeFailures == 0 ? "$3" : "NULL";
        return $"""
            INSERT INTO log_in_throttles AS t (key, failures, pending, last_failure_at, blocked_until) VALUES ($1, 1, 1, $2, {first})
            ON CONFLICT (key) DO UPDATE SET failures = t.failures + 1, pending = t.pending + 1, last_failure_at = $2, blocked_until = {blockedUntil}
            WHERE t.failures < {limits.HardStop} AND (t.blocked_until IS NULL OR t.blocked_until <= $2)
            RETURNING failures
            """;
    }

    private sealed record State(int Failures, DateTimeOffset? BlockedUntil, int Pending, DateTimeOffset LastFailureAt);
}
