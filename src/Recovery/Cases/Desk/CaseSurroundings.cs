using Microsoft.EntityFrameworkCore;
using Recovery.Ports;

namespace Recovery.Cases.Desk;

/// <summary>
/// What an officer should know around a case: others that may be the same, and who can be told of an approval.
/// </summary>
internal sealed class CaseSurroundings(IRecoveryDb db, DeskCases cases, IAccountAddresses addresses)
{
    /// <summary>Other cases that are shown, the newest first.</summary>
    private const int MostOthers = 10;

    /// <summary>Cases about the same account, or from the same address, that this officer may touch.</summary>
    public async Task<IReadOnlyList<OtherCase>> OthersAsync(
        SupportCase support,
        Officer officer,
        CancellationToken cancellationToken
    )
    {
        var others = await db
            .SupportCases.AsNoTracking()
            .Where(c =>
                c.Id != support.Id
                && c.OpenedAt != null
                && (
                    (support.AccountId != null && c.AccountId == support.AccountId)
                    || (support.AddressHash != null && c.AddressHash == support.AddressHash)
                )
            )
            .OrderByDescending(c => c.OpenedAt)
            .Take(MostOthers)
            .Select(c => new
            {
                c.Id,
                c.State,
                c.ChangedAt,
                SameAccount = c.AccountId == support.AccountId && c.AccountId != null,
            })
            .ToListAsync(cancellationToken);
        if (others.Count == 0)
        {
            return [];
        }

        var references = await cases.ReferencesAsync([.. others.Select(other => other.Id)], officer, cancellationToken);
        return
        [
            .. others
                .Where(other => references.ContainsKey(other.Id))
                .Select(other => new OtherCase(references[other.Id], other.State, other.ChangedAt, other.SameAccount)),
        ];
    }

    /// <returns>How many addresses besides the new one are told when the case is approved for an account.</returns>
    public async Task<int> ToldAsync(SupportCase support, Guid accountId, CancellationToken cancellationToken)
    {
        var own = support.NewEmail is { } email ? addresses.Normalize(email) : "";
        return (await addresses.HeldAsync(accountId, cancellationToken)).Count(held =>
            addresses.Normalize(held) != own
        );
    }
}

/// <param name="SameAccount">Otherwise it comes from the same address.</param>
internal sealed record OtherCase(string Reference, CaseState State, DateTimeOffset Since, bool SameAccount);
