namespace AuthServer.Accounts;

internal interface IAccountGrants
{
    Task RevokeAllAsync(Guid accountId, CancellationToken cancellationToken);
}
