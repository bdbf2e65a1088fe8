using Recovery.Ports;

namespace Recovery.ResetLinks;

/// <summary>
/// Whoever changes both an account and its links begins with this, in whatever order the rows are written afterwards:
/// two such transactions follow each other instead of each waiting for a row that the other has.
/// </summary>
internal static class LinkHold
{
    /// <summary>Until the current transaction ends.</summary>
    public static Task HoldLinksAsync(this IRecoveryDb db, Guid accountId, CancellationToken cancellationToken) =>
        db.HoldAsync($"links of {accountId:N}", cancellationToken);
}
