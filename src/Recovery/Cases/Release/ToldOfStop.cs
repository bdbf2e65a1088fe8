using Recovery.Ports;

namespace Recovery.Cases.Release;

/// <summary>
/// Tells the claimant and whoever approved that somebody at a held address stopped a case. In the caller's transaction.
/// </summary>
internal sealed class ToldOfStop(IAccountDirectory accounts, IRecoveryMessenger messenger, IRecoveryHost host)
{
    public async Task TellAsync(SupportCase support, StopMoment moment, CancellationToken cancellationToken)
    {
        var about = new MessageSubject(support.AccountId, support.Id);

        // Who has chosen a password already may be somebody else than they said: they are not warned.
        if (support.NewEmail is { } email && moment != StopMoment.AfterUse)
        {
            await messenger.QueueAsync(
                email,
                new RecoveryMessage.CaseStopped(support.Reference, moment == StopMoment.BeforeUse)
                {
                    Ticket = host.TicketFor(support.ClientId),
                },
                about,
                cancellationToken
            );
        }

        foreach (var approver in new[] { support.ApprovedBy, support.SecondApprovedBy }.OfType<Guid>())
        {
            if (await accounts.FindByIdAsync(approver, cancellationToken) is { Email: { } theirs })
            {
                await messenger.QueueAsync(
                    theirs,
                    new RecoveryMessage.CaseStoppedForStaff(support.Reference, moment),
                    about,
                    cancellationToken
                );
            }
        }
    }
}
