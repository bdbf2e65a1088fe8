namespace AuthServer.Accounts;

/// <summary>What has to be done when sessions end: the protocol tells the apps.</summary>
internal interface ISessionEnds
{
    /// <summary>Called inside the transaction that ended them. What it saves is committed with it.</summary>
    /// <param name="sids">The sessions, as apps know them.</param>
    Task EndedAsync(Guid accountId, IReadOnlyCollection<string> sids, CancellationToken cancellationToken);
}
