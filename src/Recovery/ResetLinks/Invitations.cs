using Microsoft.EntityFrameworkCore;
using Recovery.Ports;

namespace Recovery.ResetLinks;

/// <summary>
/// Sends people who have no password yet a link to choose their first one. The host calls it when it adds accounts.
/// </summary>
public interface IInvitations
{
    /// <summary>
    /// Invites those of the people who can be: they have no password, a verified address, are not disabled, and no
    /// invitation of theirs still works. Inside the caller's transaction; the rows wait for its
    /// <c>SaveChangesAsync</c>.
    /// </summary>
    /// <returns>The accounts that were invited.</returns>
    Task<IReadOnlySet<Guid>> SendAsync(IReadOnlyCollection<Invitee> people, CancellationToken cancellationToken);
}

/// <param name="ClientId">The app that the person is led to once they have chosen a password; null: they choose from
/// the list of apps.</param>
public sealed record Invitee(AccountReference Person, string? ClientId = null);

/// <inheritdoc cref="IInvitations"/>
internal sealed class Invitations(IRecoveryDb db, LinkIssuer issuer, IRecoveryMessenger messenger, TimeProvider clock)
    : IInvitations
{
    public async Task<IReadOnlySet<Guid>> SendAsync(
        IReadOnlyCollection<Invitee> people,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetUtcNow();
        Guid[] ids = [.. people.Select(invitee => invitee.Person.Id)];
        var invited = await db
            .ResetLinks.Where(l =>
                ids.Contains(l.AccountId)
                && l.Purpose == LinkPurpose.Activation
                && l.UsedAt == null
                && l.VoidedAt == null
                && l.ExpiresAt > now
            )
            .Select(l => l.AccountId)
            .ToHashSetAsync(cancellationToken);
        Invitee[] chosen =
        [
            .. people.Where(invitee =>
                invitee.Person is { HasPassword: false, Disabled: false, Email: not null }
                && invited.Add(invitee.Person.Id)
            ),
        ];
        var links = await issuer.IssueAsync(
            [
                .. chosen.Select(invitee => new LinkOrder(
                    invitee.Person.Id,
                    LinkPurpose.Activation,
                    invitee.Person.EmailNormalized ?? "",
                    invitee.Person.SecurityStamp
                )
                {
                    ClientId = invitee.ClientId,
                }),
            ],
            cancellationToken
        );
        foreach (var ((person, _), link) in chosen.Zip(links))
        {
            await messenger.QueueAsync(
                person.Email ?? "",
                new RecoveryMessage.Invitation(person.DisplayName, person.Username, link.Address, link.ExpiresAt),
                new MessageSubject(person.Id, linkHash: link.Hash),
                cancellationToken
            );
        }

        return chosen.Select(invitee => invitee.Person.Id).ToHashSet();
    }
}
