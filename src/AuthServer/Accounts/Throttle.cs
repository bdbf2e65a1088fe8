using System.Security.Cryptography;
using System.Text;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AuthServer.Accounts;

/// <summary>What the throttle says to one attempt.</summary>
internal abstract record Attempt
{
    private Attempt() { }

    /// <summary>It may be checked. It is counted as a failure already; success takes the count back.</summary>
    /// <param name="Failures">Failures in a row, this one included.</param>
    /// <param name="Run">In which count: what becomes of the attempt is of no interest to a count that began
    /// later.</param>
    public sealed record Counted(int Failures, Guid Run) : Attempt;

    /// <summary>It may not be checked. <paramref name="RetryAfter"/> is null when only recovery helps.</summary>
    /// <param name="Undecided">True: attempts that were counted before it are being checked, and if one succeeds, it
    /// may be.</param>
    public sealed record Blocked(TimeSpan? RetryAfter, bool Undecided = false) : Attempt;
}

/// <summary>
/// Slows down guessing, in the database, so that every process counts together: some failures are free, then a delay
/// doubles, then only recovery helps. The one writer of its table.
/// </summary>
/// <remarks>
/// An attempt is counted before it is checked, in one statement that also refuses it: of a hundred parallel guesses, no
/// more are checked than of a hundred in a row. What is counted never depends on the password. Success takes all counts
/// back, so that one who is refused while others are being checked (a person with ten windows) need only wait for their
/// result.
/// </remarks>
internal sealed class Throttle
{
    private const string Find =
        "SELECT failures, blocked_until, pending, last_failure_at FROM log_in_throttles WHERE key = $1";

    /// <summary>Longer than any check takes: what is pending for longer belongs to a process that has died.</summary>
    private static readonly TimeSpan LongestCheck = TimeSpan.FromSeconds(30);

    private readonly AuthDbContext _db;
    private readonly HotSql _sql;
    private readonly DatabaseClock _databaseClock;
    private readonly TimeProvider _clock;
    private readonly LogInLimitOptions _limits;
    private readonly TimeSpan[] _delays;
    private readonly string _count;

    public Throttle(
        AuthDbContext db,
        HotSql sql,
        DatabaseClock databaseClock,
        IOptions<LogInLimitOptions> limits,
        TimeProvider clock
    )
    {
        (_db, _sql, _databaseClock, _clock, _limits) = (db, sql, databaseClock, clock, limits.Value);
        _delays = [.. Delays(_limits)];
        _count = CountStatement(_limits, _delays.Length);
    }

    /// <summary>Counts for everyone who tries this account from a browser that it does not know.</summary>
    public static string AccountKey(Guid accountId) => $"account:{accountId:N}";

    /// <summary>Counts for one browser that has logged in to this account before.</summary>
    public static string BrowserKey(Guid accountId, Guid browserId) => $"{AccountKey(accountId)}:browser:{browserId:N}";

    /// <summary>Counts the codes of devices that this account's user typed wrongly.</summary>
    public static string DeviceKey(Guid accountId) => $"{AccountKey(accountId)}:device";

    /// <summary>
    /// Counts for something that nobody logs in with. Hashed: people type passwords into the wrong field.
    /// </summary>
    public static string UnknownKey(string normalized) =>
        $"unknown:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(normalized)))}";

    /// <summary>Counts an attempt, unless it has to wait.</summary>
    public async Task<Attempt> CountAsync(string key, CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        object?[] parameters = [key, now, Guid.NewGuid(), .. _delays.Select(delay => (object)(now + delay))];
        var counted = await _sql.WriteOneAsync(
            _count,
            row => new Attempt.Counted(row.Int(0), row.Guid(1)),
            cancellationToken,
            parameters
        );
        return counted is not null ? counted : await BlockedAsync(key, now, cancellationToken);
    }

    /// <summary>A counted attempt was checked and has failed. Joins the caller's transaction.</summary>
    /// <param name="run">Of the attempt: the row may have been removed since, and begun again by others.</param>
    public Task FailedAsync(string key, Guid run, CancellationToken cancellationToken) =>
        _db
            .LogInThrottles.Where(t => t.Key == key && t.Run == run && t.Pending > 0)
            .ExecuteUpdateAsync(set => set.SetProperty(t => t.Pending, t => t.Pending - 1), cancellationToken);

    /// <summary>A log-in worked: the next failure is the first again. Joins the caller's transaction.</summary>
    public Task ResetAsync(string key, CancellationToken cancellationToken) =>
        _db.LogInThrottles.Where(t => t.Key == key).ExecuteDeleteAsync(cancellationToken);

    /// <summary>One attempt was no failure: its count is taken back, and those before it stay.</summary>
    public Task TakeBackAsync(string key, Guid run, CancellationToken cancellationToken) =>
        _db
            .LogInThrottles.Where(t => t.Key == key && t.Run == run && t.Failures > 0)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(t => t.Failures, t => t.Failures - 1)
                        .SetProperty(t => t.Pending, t => t.Pending > 0 ? t.Pending - 1 : 0)
                        .SetProperty(t => t.BlockedUntil, (DateTimeOffset?)null),
                cancellationToken
            );

    /// <summary>
    /// Recovery, or an administrator, gives the account a clean sheet in every browser. Joins the caller's transaction.
    /// </summary>
    /// <returns>How many counters there were.</returns>
    public Task<int> LiftAsync(Guid accountId, CancellationToken cancellationToken)
    {
        var account = AccountKey(accountId);
        var browsers = account + ":";
        return _db
            .LogInThrottles.Where(t => t.Key == account || t.Key.StartsWith(browsers))
            .ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>
    /// Clean-up: removes those of the counts to which nothing was added since, unless only recovery may.
    /// </summary>
    public Task<int> RemoveSpentAsync(
        IReadOnlyCollection<string> keys,
        DateTimeOffset before,
        CancellationToken cancellationToken
    ) =>
        _db
            .LogInThrottles.Where(t =>
                EF.Parameter(keys).Contains(t.Key) && t.LastFailureAt < before && t.Failures < _limits.HardStop
            )
            .ExecuteDeleteAsync(cancellationToken);

    private async Task<Attempt> BlockedAsync(string key, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var state = await _sql.ReadOneAsync(
            Find,
            row => new State(row.Int(0), row.InstantOrNull(1), row.Int(2), row.Instant(3)),
            cancellationToken,
            key
        );
        if (state is { BlockedUntil: { } late } && late - now > DelayAfter(state.Failures))
        {
            state = state with
            {
                BlockedUntil = await ClampAsync(key, late, now, DelayAfter(state.Failures), cancellationToken),
            };
        }

        return state switch
        {
            { } stopped when stopped.Failures >= _limits.HardStop => new Attempt.Blocked(null),
            { BlockedUntil: { } until } when until > now => new Attempt.Blocked(
                until - now,
                Undecided: state.Pending > 0 && (now - state.LastFailureAt).Duration() < LongestCheck
            ),

            // It was lifted or ran out between the two statements.
            _ => new Attempt.Blocked(TimeSpan.FromSeconds(1), Undecided: true),
        };
    }

    /// <summary>
    /// A clock that ran ahead has said how long to wait: it is no longer than the delay from now on. A server whose own
    /// clock is behind says so too, and does not shorten what the others go by.
    /// </summary>
    private async Task<DateTimeOffset> ClampAsync(
        string key,
        DateTimeOffset late,
        DateTimeOffset now,
        TimeSpan delay,
        CancellationToken cancellationToken
    )
    {
        var latest = now + delay;
        if (!await _databaseClock.IsAheadOfAsync(now, cancellationToken))
        {
            await _db
                .LogInThrottles.Where(t => t.Key == key && t.BlockedUntil == late)
                .ExecuteUpdateAsync(set => set.SetProperty(t => t.BlockedUntil, latest), cancellationToken);
        }

        return latest;
    }

    /// <summary>How long nothing is checked after this many failures in a row.</summary>
    private TimeSpan DelayAfter(int failures) =>
        failures <= _limits.FreeFailures
            ? TimeSpan.Zero
            : _delays[Math.Min(failures - _limits.FreeFailures, _delays.Length) - 1];

    /// <summary>The delays from the first failure that is not free on; the last one goes on for ever.</summary>
    private static IEnumerable<TimeSpan> Delays(LogInLimitOptions limits)
    {
        for (var delay = limits.FirstDelay; delay < limits.LongestDelay; delay *= 2)
        {
            yield return delay;
        }

        yield return limits.LongestDelay;
    }

    // $1 the key, $2 now, $3 a new run, then the instants at which each of the delays would be over.
    private static string CountStatement(LogInLimitOptions limits, int delays)
    {
        var steps = Enumerable
            .Range(0, delays - 1)
            .Select(i => $"WHEN t.failures + 1 = {limits.FreeFailures + 1 + i} THEN ${4 + i} ");
        var blockedUntil =
            $"CASE WHEN t.failures + 1 <= {limits.FreeFailures} THEN NULL {string.Concat(steps)}ELSE ${3 + delays} END";
        var first = limits.FreeFailures == 0 ? "$4" : "NULL";
        return $"""
            INSERT INTO log_in_throttles AS t (key, run, failures, pending, last_failure_at, blocked_until) VALUES ($1, $3, 1, 1, $2, {first})
            ON CONFLICT (key) DO UPDATE SET failures = t.failures + 1, pending = t.pending + 1, last_failure_at = $2, blocked_until = {blockedUntil}
            WHERE t.failures < {limits.HardStop} AND (t.blocked_until IS NULL OR t.blocked_until <= $2)
            RETURNING failures, run
            """;
    }

    private sealed record State(int Failures, DateTimeOffset? BlockedUntil, int Pending, DateTimeOffset LastFailureAt);
}
