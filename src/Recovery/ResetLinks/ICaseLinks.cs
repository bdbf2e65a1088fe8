using Recovery.Ports;

namespace Recovery.ResetLinks;

/// <summary>Makes the link to choose a password that a support case ends in. Releasing a case calls it.</summary>
internal interface ICaseLinks
{
    /// <summary>
    /// Makes a <see cref="LinkPurpose.Case"/> link in the place of every other link of the account, inside the caller's
    /// transaction. The proved address is the account's by then.
    /// </summary>
    /// <param name="email">The address that it will be sent to, as typed.</param>
    /// <param name="clientId">The app to lead back to, or null.</param>
    Task<CaseLink> NewAsync(
        AccountReference account,
        Guid caseId,
        string email,
        string? clientId,
        CancellationToken cancellationToken
    );
}

/// <param name="Address">Absolute, with the token in it.</param>
/// <param name="ExpiresAt">Afterwards the person asks for another with the forgotten-details tool.</param>
/// <param name="Hash">SHA-256 of the token.</param>
internal sealed record CaseLink(string Address, DateTimeOffset ExpiresAt, byte[] Hash);
