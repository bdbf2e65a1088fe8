namespace AuthServer.Accounts;

/// <summary>
/// What accounts need of the protocol: the end of every grant of an account that is locked or recovered.
/// </summary>
internal interface IAccountGrants
{
    /// <summary>Revokes every live grant of the account, offline ones too, inside the caller's transaction.</summary>
    Task RevokeAllAsync(Guid accountId, CancellationToken cancellationToken);
}
