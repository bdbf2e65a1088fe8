using AuthServer.Audit;
using AuthServer.Data;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Options;

namespace AuthServer.Protocol.Keys;

/// <summary>
/// Makes, retires and deletes signing keys: the one writer of their table. Any number of processes may do so at once;
/// they take turns, and whoever comes second finds nothing left to do.
/// </summary>
internal sealed class SigningKeys(
    AuthDbContext db,
    AuditTrail audit,
    IDataProtectionProvider protection,
    IOptions<KeyOptions> options,
    TimeProvider clock
)
{
    /// <summary>What private keys are sealed for; nothing else can be opened with it.</summary>
    public const string Purpose = "AuthServer.SigningKey.v1";

    /// <summary>Every key there is, newest first.</summary>
    public Task<List<SigningKey>> ListAsync(CancellationToken cancellationToken) =>
        db
            .SigningKeys.AsNoTracking()
            .OrderByDescending(k => k.ActivatesAt)
            .ThenBy(k => k.KeyId)
            .ToListAsync(cancellationToken);

    /// <summary>Makes the keys that are due and deletes the expired ones (<see cref="KeySchedule.DueAt"/>).</summary>
    /// <param name="unusable">Keys that this process cannot open: it needs others in their place.</param>
    /// <param name="cancellationToken">Gives up waiting for another process.</param>
    /// <returns>What was done.</returns>
    public async Task<KeysDue> DoWhatIsDueAsync(
        IReadOnlyCollection<string> unusable,
        CancellationToken cancellationToken
    )
    {
        // Mostly there is nothing to do, and then nobody has to wait for anybody.
        var due = DueAmong(
            await db.SigningKeys.AsNoTracking().ToListAsync(cancellationToken),
            unusable,
            clock.GetUtcNow()
        );
        if (due.Nothing)
        {
            return due;
        }

        var pairs = MakePairs(due.Make.Select(key => key.Algorithm));
        await using var turn = await TakeTurnAsync(cancellationToken);
        var now = clock.GetUtcNow(); // not before the turn: whoever had it before may have made keys since
        var keys = await db.SigningKeys.ToListAsync(cancellationToken);
        due = DueAmong(keys, unusable, now);
        // The rest is due next time.
        due = due with
        {
            Make = [.. due.Make.Where(key => pairs.ContainsKey(key.Algorithm))],
        };
        foreach (var key in due.Make)
        {
            Add(key, pairs[key.Algorithm], now, actor: null);
        }

        db.SigningKeys.RemoveRange(keys.Where(k => due.Delete.Contains(k.KeyId)));
        await db.SaveChangesAsync(cancellationToken);
        await turn.CommitAsync(cancellationToken);
        return due;
    }

    /// <summary>
    /// Replaces every key: the new ones are published at once and sign after
    /// <see cref="KeySchedule.NoticeOfRotation"/>; the old ones sign until then, and stay published for
    /// <see cref="KeyOptions.Keep"/>. Keys that never signed are deleted.
    /// </summary>
    /// <param name="withdraw">True when a private key has leaked: the old keys are published no longer than they sign,
    /// and tokens signed with them stop working.</param>
    /// <param name="actor">Who asked for it.</param>
    /// <returns>The new keys.</returns>
    public async Task<IReadOnlyList<SigningKey>> RotateAsync(
        bool withdraw,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var pairs = MakePairs(KeySchedule.Algorithms);
        await using var turn = await TakeTurnAsync(cancellationToken);
        var now = clock.GetUtcNow();
        var handOver = now + KeySchedule.NoticeOfRotation;
        foreach (var key in await db.SigningKeys.ToListAsync(cancellationToken))
        {
            Retire(key, now, handOver, withdraw);
        }

        SigningKey[] made =
        [
            .. KeySchedule.Algorithms.Select(algorithm =>
                Add(KeySchedule.KeyFrom(algorithm, handOver, options.Value), pairs[algorithm], now, actor)
            ),
        ];
        await db.SaveChangesAsync(cancellationToken);
        await turn.CommitAsync(cancellationToken);
        return made;
    }

    private KeysDue DueAmong(List<SigningKey> keys, IReadOnlyCollection<string> unusable, DateTimeOffset now)
    {
        var due = KeySchedule.DueAt([.. keys.Where(k => !unusable.Contains(k.KeyId))], now, options.Value);

        // An unusable key is left alone until its time: another process may be able to open it.
        return due with
        {
            Delete = KeySchedule.DueAt(keys, now, options.Value).Delete,
        };
    }

    private void Retire(SigningKey key, DateTimeOffset now, DateTimeOffset handOver, bool withdraw)
    {
        switch (KeySchedule.StateOf(key, now))
        {
            case KeyState.Announced when key.CreatedAt - now > Clocks.MostApart && !withdraw:
                // The clock was ahead, and is put back: by the clock of then it may have signed.
                (key.ActivatesAt, key.RetiresAt, key.ExpiresAt) = (handOver, handOver, handOver + options.Value.Keep);
                break;
            case KeyState.Announced:
                db.SigningKeys.Remove(key);
                break;
            case KeyState.Active:
                key.RetiresAt = handOver;
                key.ExpiresAt = withdraw
                    ? handOver
                    : Later(handOver, Earlier(key.ExpiresAt, handOver + options.Value.Keep));
                break;
            case KeyState.Retired when withdraw:
                key.ExpiresAt = now;
                break;
        }
    }

    /// <summary>
    /// Made and sealed before the turn is taken: it takes a while, and the first sealing of all has to write a
    /// data-protection key, for which it would wait for us.
    /// </summary>
    private Dictionary<string, SealedPair> MakePairs(IEnumerable<string> algorithms)
    {
        var protector = protection.CreateProtector(Purpose);
        return algorithms.ToDictionary(
            algorithm => algorithm,
            algorithm =>
            {
                var pair = JsonWebKeyPair.Make(algorithm);
                return new SealedPair(
                    pair.KeyId ?? throw new InvalidOperationException("A key pair was made without its id."),
                    protector.Protect(JsonWebKeyPair.Write(pair)),
                    JsonWebKeyPair.Write(pair.WithoutPrivateHalf())
                );
            }
        );
    }

    private SigningKey Add(NewKey wanted, SealedPair pair, DateTimeOffset now, string? actor)
    {
        var key = new SigningKey
        {
            KeyId = pair.KeyId,
            Algorithm = wanted.Algorithm,
            SealedJwk = pair.SealedJwk,
            PublicJwk = pair.PublicJwk,
            CreatedAt = now,
            ActivatesAt = wanted.ActivatesAt,
            RetiresAt = wanted.RetiresAt,
            ExpiresAt = wanted.ExpiresAt,
        };
        db.SigningKeys.Add(key);
        audit.Record(
            AuditKinds.KeysRotated,
            actor: actor,
            detail: $"kid={key.KeyId} alg={key.Algorithm} signs-from={key.ActivatesAt:O}"
        );
        return key;
    }

    /// <summary>
    /// A transaction that only one process can be in: on SQLite every writing one is; PostgreSQL has to be asked.
    /// </summary>
    private async Task<IDbContextTransaction> TakeTurnAsync(CancellationToken cancellationToken)
    {
        // The first seal ever makes a data-protection key, which is written by itself: inside our turn it would wait
        // for us.
        protection.CreateProtector(Purpose).Protect([]);
        var turn = await db.Database.BeginTransactionAsync(cancellationToken);
        if (db.Database.IsNpgsql())
        {
            // Conflicts with itself and with writers; readers go on.
            await db.Database.ExecuteSqlRawAsync(
                "LOCK TABLE signing_keys IN SHARE ROW EXCLUSIVE MODE",
                cancellationToken
            );
        }

        return turn;
    }

    private static DateTimeOffset Earlier(DateTimeOffset left, DateTimeOffset right) => left < right ? left : right;

    private static DateTimeOffset Later(DateTimeOffset left, DateTimeOffset right) => left > right ? left : right;

    private sealed record SealedPair(string KeyId, string SealedJwk, string PublicJwk);
}
