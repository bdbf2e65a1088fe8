using System.Globalization;
using Recovery.Ports;

namespace Recovery.Cases.Matching;

/// <summary>
/// Compares the post that a person states with those that are held. What agrees counts for the one post that agrees
/// best; a detail speaks against the person only when no post that is held has it.
/// </summary>
internal sealed class PostMatch(ITypedText text)
{
    private static readonly IReadOnlyList<PostDetail> Details =
    [
        new(FactKind.Employer, s => s.Employer, h => h.Employer, WordsMatch.Compare),
        new(FactKind.Specialty, s => s.Specialty, h => h.Specialty, WordsMatch.Compare),
        new(FactKind.Grade, s => s.Grade, h => h.Grade, WordsMatch.Compare),
        new(FactKind.From, s => s.From, h => Day(h.From), (s, h) => StatedDate.Compare(s, Day(h))),
        new(FactKind.To, s => s.To, h => Day(h.To), (s, h) => StatedDate.Compare(s, Day(h))),
        new(FactKind.Supervisor, s => s.Supervisor, h => h.Supervisor, NameMatch.Whole),
    ];

    public IReadOnlyList<ComparedFact> Compare(StatedPost stated, HeldRecord held)
    {
        // Which post comes first in a list must not matter, so equals are told apart by what is in them.
        var best = held
            .Posts.OrderByDescending(post =>
                Details.Sum(detail => Math.Max(0, FactRule.Of(detail.Kind).Points(Of(detail, stated, post, held).Mark)))
            )
            .ThenByDescending(post => post.From)
            .ThenBy(post => post.ToString(), StringComparer.Ordinal)
            .FirstOrDefault();
        return [.. Details.Select(detail => Fact(detail, stated, best, held))];
    }

    private ComparedFact Fact(PostDetail detail, StatedPost stated, HeldPost? best, HeldRecord held)
    {
        var fact = Of(detail, stated, best, held);
        if (fact.Stated is null || fact.Mark >= Mark.Similar)
        {
            return fact;
        }

        // It fits another post of this person: no contradiction, and no support for this one. It fits none: against the
        // person.
        var others = held.Posts.Select(post => Of(detail, stated, post, held)).ToList();
        return others.Any(other => other.Mark >= Mark.Similar) ? fact with { Mark = Mark.Unclear }
            : others
                .Where(other => other.Mark == Mark.Different)
                .OrderBy(other => other.Held, StringComparer.Ordinal)
                .FirstOrDefault()
                is { } against
                ? fact with
                {
                    Mark = Mark.Different,
                    Held = fact.Held ?? against.Held,
                }
            : fact;
    }

    /// <summary>
    /// One detail against one post. Supervisions are held apart from posts, and say who supervises just as well.
    /// </summary>
    private ComparedFact Of(PostDetail detail, StatedPost stated, HeldPost? post, HeldRecord held)
    {
        var (said, own) = (detail.Stated(stated), post is null ? null : detail.Held(post));
        string[] known =
            detail.Kind != FactKind.Supervisor
                ? own is null
                    ? []
                    : [own]
                : [.. held.Supervisors.Order(StringComparer.Ordinal).Prepend(own).OfType<string>()];
        if (string.IsNullOrWhiteSpace(said))
        {
            return new ComparedFact(detail.Kind, null, null, known.Length > 0 ? Mark.NotStated : Mark.NotHeld);
        }

        if (detail.Kind == FactKind.To && StatedDate.IsStill(said))
        {
            return new ComparedFact(
                detail.Kind,
                said,
                own,
                own is null && post is not null ? Mark.Similar : Mark.Unclear
            );
        }

        return known.Length == 0
            ? new ComparedFact(detail.Kind, said, null, Mark.NotHeld)
            : known
                .Select(one => new ComparedFact(
                    detail.Kind,
                    said,
                    one,
                    detail.Compare(text.Plain(said), text.Plain(one))
                ))
                .MaxBy(fact => fact.Mark)!;
    }

    private static string? Day(DateOnly? day) => day?.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);

    private static DateOnly Day(string day) => DateOnly.ParseExact(day, "d MMMM yyyy", CultureInfo.InvariantCulture);

    private sealed record PostDetail(
        FactKind Kind,
        Func<StatedPost, string?> Stated,
        Func<HeldPost, string?> Held,
        Func<string, string, Mark> Compare
    );
}
