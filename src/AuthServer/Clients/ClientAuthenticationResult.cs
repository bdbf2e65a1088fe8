namespace AuthServer.Clients;

/// <summary>What came of a client's attempt to say who it is.</summary>
public abstract record ClientAuthenticationResult
{
    private ClientAuthenticationResult() { }

    /// <summary>
    /// The client proved who it is in the way it is registered for, or is a public client that named itself.
    /// </summary>
    public sealed record Authenticated(RegisteredClient Client) : ClientAuthenticationResult;

    /// <summary>
    /// RFC 6749 §5.2 <c>invalid_client</c>. An unknown client and a wrong secret must look alike outside.
    /// </summary>
    /// <param name="Reason">For the log only.</param>
    /// <param name="Hint">
    /// For the app's developer, and only when the secret was right: by which method it has to come. Otherwise null.
    /// </param>
    public sealed record Refused(string Reason, string? Hint = null) : ClientAuthenticationResult;

    /// <summary>RFC 6749 §5.2 <c>invalid_request</c>: the request contradicts itself.</summary>
    /// <param name="Description">A sentence for the client's developer, fit for <c>error_description</c>.</param>
    public sealed record Malformed(string Description) : ClientAuthenticationResult;
}
