using AuthServer.Protocol.Storage;

namespace AuthServer.Protocol.Claims;

/// <summary>
/// The one function that makes a <c>sub</c>, for every token, userinfo answer and log-out (OIDC Core §2, §8).
/// </summary>
internal static class Subject
{
    /// <returns>The account's id: never an e-mail address or a username, never given to another person.</returns>
    public static string Of(Guid accountId) => Authorization.SubjectOf(accountId);
}
