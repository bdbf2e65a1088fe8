using Microsoft.EntityFrameworkCore;
using Recovery.Ports;
using Recovery.ResetLinks;

namespace Recovery.Cases.Desk;

/// <summary>A message as staff see it.</summary>
/// <param name="To">Where it went; null when that is not for this officer to know.</param>
/// <param name="Links">What became of the links in it.</param>
internal sealed record ShownMessage(MessageTrail Message, string? To, IReadOnlyList<ShownLink> Links);

/// <param name="OpenedAt">When its page was first asked for: by the person, or by a program that looks at links in
/// mail.</param>
/// <param name="Link">The link to choose a password, while it is kept; null for any other.</param>
internal sealed record ShownLink(DateTimeOffset? OpenedAt, ResetLink? Link);

/// <summary>Adds to messages what became of their links.</summary>
internal sealed class ShownMessages(IRecoveryDb db)
{
    /// <param name="accountId">Of messages that are about several accounts, only this one's links are shown. Null:
    /// all.</param>
    /// <param name="toShown">Whether the officer may read where it went.</param>
    public async Task<IReadOnlyList<ShownMessage>> OfAsync(
        IReadOnlyList<MessageTrail> messages,
        Guid? accountId,
        Func<MessageTrail, bool> toShown,
        CancellationToken cancellationToken
    )
    {
        byte[][] hashes =
        [
            .. messages.SelectMany(m => Parts(m, accountId)).Select(part => part.LinkHash).OfType<byte[]>(),
        ];
        var links =
            hashes.Length == 0
                ? []
                : await db
                    .ResetLinks.AsNoTracking()
                    .Where(link => hashes.Contains(link.TokenHash))
                    .ToDictionaryAsync(link => Convert.ToHexString(link.TokenHash), cancellationToken);
        return
        [
            .. messages.Select(message => new ShownMessage(
                message,
                toShown(message) ? message.To : null,
                [
                    .. Parts(message, accountId)
                        .Where(part => part.LinkHash is not null || part.LinkOpenedAt is not null)
                        .Select(part => new ShownLink(
                            part.LinkOpenedAt,
                            part.LinkHash is { } hash ? links.GetValueOrDefault(Convert.ToHexString(hash)) : null
                        )),
                ]
            )),
        ];
    }

    private static IEnumerable<MessagePart> Parts(MessageTrail message, Guid? accountId) =>
        message.About.Parts.Where(part => accountId is null || part.AccountId == accountId);
}
