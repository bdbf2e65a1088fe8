using System.Diagnostics.Metrics;
using AuthServer.Audit;
using AuthServer.Data;
using AuthServer.Passwords;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AuthServer.Accounts;

/// <summary>
/// Checks what a person typed into the log-in form: throttle, normalization, forgiving forms, hash, and what happens
/// then.
/// </summary>
/// <remarks>
/// Known and unknown, ordinary, disabled and staff accounts take the same steps: one look-up, one count, as many hashes
/// as the submission asks for, one audit row. Older kinds of hash take another time, so a refusal is held back until a
/// time that is the same for all of them (docs/adr/0002).
/// </remarks>
internal sealed partial class PasswordLogIn
{
    /// <summary>RFC 8176.</summary>
    private const string Methods = "pwd";

    /// <summary>
    /// How often, and after what pause, an attempt is made that others at the same account hold up: ten seconds in all.
    /// </summary>
    private const int Looks = 100;

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(100);

    private readonly AuthDbContext _db;
    private readonly LogInAccounts _accounts;
    private readonly PasswordHashQueue _queue;
    private readonly PasswordCheck _check;
    private readonly AnswerPadding _padding;
    private readonly Throttle _throttle;
    private readonly KnownBrowsers _browsers;
    private readonly AuditTrail _audit;
    private readonly TimeProvider _clock;
    private readonly LogInLimitOptions _limits;
    private readonly PasswordOptions _passwords;
    private readonly Counter<long> _logIns;
    private readonly ILogger<PasswordLogIn> _logger;

    public PasswordLogIn(
        AuthDbContext db,
        LogInAccounts accounts,
        PasswordHashQueue queue,
        PasswordCheck check,
        AnswerPadding padding,
        Throttle throttle,
        KnownBrowsers browsers,
        AuditTrail audit,
        IOptions<LogInLimitOptions> limits,
        IOptions<PasswordOptions> passwords,
        IMeterFactory meters,
        TimeProvider clock,
        ILogger<PasswordLogIn> logger
    )
    {
        (_db, _accounts, _queue, _check, _padding) = (db, accounts, queue, check, padding);
        (_throttle, _browsers, _audit, _clock) = (throttle, browsers, audit, clock);
        (_limits, _passwords) = (limits.Value, passwords.Value);
        _logIns = meters.Create("AuthServer").CreateCounter<long>("auth.log_ins", "{log-in}", "Log-ins by outcome.");
        _logger = logger;
    }

    /// <param name="identifier">A username or e-mail address, as typed.</param>
    /// <param name="password">As typed.</param>
    /// <param name="http">For the known-browser cookie, which is read here and written on success.</param>
    public async Task<LogInOutcome> TryAsync(
        string identifier,
        string password,
        HttpContext http,
        CancellationToken cancellationToken
    )
    {
        var outcome = await DecideAsync(identifier, password, http, cancellationToken);
        _logIns.Add(
            1,
            new KeyValuePair<string, object?>(
                "outcome",
                outcome switch
                {
                    LogInOutcome.LoggedIn => "logged-in",
                    LogInOutcome.Refused => "refused",
                    LogInOutcome.Throttled => "throttled",
                    _ => "busy",
                }
            )
        );
        return outcome;
    }

    private async Task<LogInOutcome> DecideAsync(
        string identifier,
        string password,
        HttpContext http,
        CancellationToken cancellationToken
    )
    {
        var keys = IdentifierKeys.Of(identifier);
        using var turn = _padding.Begin(keys.Throttled);
        var hints = LogInHints.For(identifier, password, _passwords.ForgivingLogIn);
        var submission = new Submission(keys, password, hints, turn);
        // One who comes while others are being checked may have to wait for what becomes of them: a person with ten
        // windows.
        for (var look = 1; ; look++)
        {
            if (await AttemptAsync(submission, http, last: look == Looks, cancellationToken) is { } outcome)
            {
                return outcome;
            }

            await Task.Delay(LookAgain, TimeProvider.System, cancellationToken); // real time, as hashing takes it
        }
    }

    /// <param name="last">True: whatever comes of it is the answer.</param>
    /// <returns>Null when another attempt at the same account decides what becomes of this one.</returns>
    private async Task<LogInOutcome?> AttemptAsync(
        Submission submission,
        HttpContext http,
        bool last,
        CancellationToken cancellationToken
    )
    {
        // The place comes before the count: who is sent away because the server is busy has not guessed.
        using var place = _queue.TryEnter();
        if (place is null)
        {
            return new LogInOutcome.Busy(_queue.RetryAfter);
        }

        var account = await _accounts.FindAsync(submission.Keys, cancellationToken);
        var key = _accounts.ThrottleKey(account, submission.Keys, http.Request);
        var attempt = await _throttle.CountAsync(key, cancellationToken);
        if (attempt is not Attempt.Counted { Failures: var failures, Run: var run })
        {
            if (attempt is Attempt.Blocked { Undecided: true } && !last)
            {
                return null;
            }

            Throttled(account?.Id);
            return new LogInOutcome.Throttled((attempt as Attempt.Blocked)?.RetryAfter);
        }

        var stored = account is { Disabled: false }
            ? new StoredPassword(account.Hash, account.Scheme, account.IsStaff)
            : StoredPassword.None;
        var typed = TypedPassword.From(submission.Password);
        var verdict = await place.RunAsync(() => _check.Check(stored, typed), cancellationToken);

        // The password was checked: what follows is finished even if the browser goes away.
        var now = _clock.GetUtcNow();
        if (account is not null && verdict.IsRight)
        {
            if (await SucceedAsync(account, verdict.NewHash, key, now))
            {
                _browsers.Remember(http, account.Id);
                if (verdict.NewHash is not null)
                {
                    await PadAsync(place, submission, verdict, cancellationToken);
                }

                return new LogInOutcome.LoggedIn(account.Id, account.SecurityStamp, Methods, now);
            }

            if (!last)
            {
                await _throttle.TakeBackAsync(key, run, CancellationToken.None); // the password was right
                // Another log-in has rehashed the same password, or it is another one now: it is checked again.
                return null;
            }
        }

        await FailAsync(account, key, run, failures);
        await PadAsync(place, submission, verdict, cancellationToken);
        return new LogInOutcome.Refused(submission.Hints, OfferHelpFirst: failures >= _limits.FreeFailures);
    }

    private Task PadAsync(
        PasswordHashQueue.Place place,
        Submission submission,
        PasswordVerdict verdict,
        CancellationToken cancellationToken
    )
    {
        place.Dispose(); // waiting for the time of the answer takes nobody's place
        return _padding.WaitAsync(submission.Turn, verdict.Longest, cancellationToken);
    }

    /// <returns>
    /// False when the account was disabled, or its password changed, while the hash was being computed.
    /// </returns>
    private async Task<bool> SucceedAsync(LogInAccount account, string? newHash, string key, DateTimeOffset now)
    {
        var hash = newHash ?? account.Hash;
        await using var transaction = await _db.Database.BeginTransactionAsync(CancellationToken.None);
        var updated = await _db
            .Accounts.Where(a =>
                a.Id == account.Id
                && !a.Disabled
                && a.PasswordHash == account.Hash
                && a.SecurityStamp == account.SecurityStamp
            )
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(a => a.LastLogInAt, now)
                        .SetProperty(a => a.PasswordHash, hash)
                        .SetProperty(a => a.PasswordScheme, TypedPassword.Scheme),
                CancellationToken.None
            );
        if (updated == 1)
        {
            await _throttle.ResetAsync(key, CancellationToken.None);
        }

        await transaction.CommitAsync(CancellationToken.None);
        if (updated == 1 && newHash is not null)
        {
            Rehashed(account.Id);
        }

        return updated == 1;
    }

    private async Task FailAsync(LogInAccount? account, string key, Guid run, int failures)
    {
        var reason = account switch
        {
            null => "unknown",
            { Disabled: true } => "disabled",
            { Hash: null } => "no-password",
            _ => "wrong-password",
        };
        _audit.Record(AuditKinds.LogInFailed, account?.Id, detail: $"reason={reason} failures={failures}");
        await using (var transaction = await _db.Database.BeginTransactionAsync(CancellationToken.None))
        {
            await _throttle.FailedAsync(key, run, CancellationToken.None);
            await _db.SaveChangesAsync(CancellationToken.None);
            await transaction.CommitAsync(CancellationToken.None);
        }

        Refused(account?.Id, reason, failures);
        if (failures >= _limits.HardStop)
        {
            Stopped(account?.Id, failures);
        }
    }

    [LoggerMessage(
        4001,
        LogLevel.Information,
        "Refused a log-in to account {AccountId}: {Reason}, {Failures} in a row."
    )]
    private partial void Refused(Guid? accountId, string reason, int failures);

    [LoggerMessage(4002, LogLevel.Information, "Throttled a log-in to account {AccountId}.")]
    private partial void Throttled(Guid? accountId);

    [LoggerMessage(4003, LogLevel.Information, "Rehashed the password of account {AccountId}.")]
    private partial void Rehashed(Guid accountId);

    [LoggerMessage(
        4004,
        LogLevel.Warning,
        "Stopped log-ins to account {AccountId} after {Failures} failures: only recovery or \"users unlock\" helps."
    )]
    private partial void Stopped(Guid? accountId, int failures);

    private sealed record Submission(
        IdentifierKeys Keys,
        string Password,
        IReadOnlyList<LogInHint> Hints,
        AnswerPadding.Turn Turn
    );
}
