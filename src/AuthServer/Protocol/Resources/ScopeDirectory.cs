using System.Collections.Frozen;
using System.Text.Json;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Protocol.Resources;

/// <summary>
/// The APIs that registered scopes belong to, from memory when it can. A change made by any process shows here within
/// <see cref="Freshness"/>; one made by this process shows at once.
/// </summary>
internal sealed class ScopeDirectory(IServiceScopeFactory scopes, TimeProvider clock)
{
    /// <summary>How old an answer may be.</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromSeconds(3);

    private volatile Known? _known;

    /// <returns>
    /// The audiences of these scopes (RFC 8707, RFC 9068 §3), each once; empty when none of them names one.
    /// </returns>
    public async ValueTask<IReadOnlyList<string>> ResourcesOfAsync(
        IReadOnlyCollection<string> scopeNames,
        CancellationToken cancellationToken
    )
    {
        var known =
            _known is { } fresh && clock.GetElapsedTime(fresh.ReadAt) < Freshness
                ? fresh
                : await ReadAsync(cancellationToken);
        return known.Resources.Count == 0
            ? []
            :
            [
                .. scopeNames
                    .SelectMany(name => known.Resources.GetValueOrDefault(name, []))
                    .Distinct(StringComparer.Ordinal),
            ];
    }

    /// <summary>Forgets everything, because a scope has just been changed.</summary>
    public void Forget() => _known = null;

    private async ValueTask<Known> ReadAsync(CancellationToken cancellationToken)
    {
        var readAt = clock.GetTimestamp();
        await using var scope = scopes.CreateAsyncScope();
        var rows = await scope
            .ServiceProvider.GetRequiredService<AuthDbContext>()
            .Scopes.AsNoTracking()
            .Where(s => s.Name != null && s.Resources != null)
            .Select(s => new { s.Name, s.Resources })
            .ToListAsync(cancellationToken);
        var known = new Known(
            rows.ToFrozenDictionary(
                row => row.Name ?? "",
                IReadOnlyList<string> (row) => JsonSerializer.Deserialize<string[]>(row.Resources ?? "[]") ?? [],
                StringComparer.Ordinal
            ),
            readAt
        );
        _known = known;
        return known;
    }

    private sealed record Known(FrozenDictionary<string, IReadOnlyList<string>> Resources, long ReadAt);
}
