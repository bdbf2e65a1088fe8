using Recovery.Ports;

namespace Recovery.ResetLinks;

/// <inheritdoc cref="ICaseLinks"/>
internal sealed class CaseLinks(LinkIssuer issuer, IAccountAddresses addresses) : ICaseLinks
{
    public async Task<CaseLink> NewAsync(
        AccountReference account,
        Guid caseId,
        string email,
        string? clientId,
        CancellationToken cancellationToken
    )
    {
        var issued = await issuer.IssueAsync(
            [
                new LinkOrder(account.Id, LinkPurpose.Case, addresses.Normalize(email), account.SecurityStamp)
                {
                    ClientId = clientId,
                    AnswersTo = caseId,
                },
            ],
            cancellationToken
        );
        return new CaseLink(issued[0].Address, issued[0].ExpiresAt, issued[0].Hash);
    }
}
