namespace AuthServer.Clients;

/// <summary>
/// Authenticates the client of a form POST: token, pushed authorization, device authorization, introspection and
/// revocation (RFC 6749 §2.3, OIDC Core §9). A client must use the one method it is registered for.
/// </summary>
internal sealed partial class ClientAuthentication(
    ClientDirectory clients,
    TimeProvider clock,
    ILogger<ClientAuthentication> logger
)
{
    /// <summary>
    /// Every way in which a client can authenticate on any connection; certificates are added where they are on.
    /// </summary>
    public static IReadOnlyList<string> Methods { get; } = [Basic, Post, PrivateKeyJwt, None];

    /// <summary>Every algorithm that a client assertion may be signed with (RFC 7523 §3).</summary>
    public static IReadOnlyList<string> AssertionAlgorithms { get; } = ["RS256", "PS256", "ES256"];

    public const string Basic = "client_secret_basic";
    public const string Post = "client_secret_post";
    public const string PrivateKeyJwt = "private_key_jwt";
    public const string TlsClient = "tls_client_auth";
    public const string SelfSignedTlsClient = "self_signed_tls_client_auth";
    public const string None = "none";

    /// <param name="authorizationHeader">The Authorization header; null when there is none.</param>
    /// <param name="clientId">The form's <c>client_id</c>.</param>
    /// <param name="clientSecret">The form's <c>client_secret</c>. Empty is the same as absent (RFC 6749 §3.2).</param>
    /// <param name="provenMethod">
    /// The method by which a handler has already proved that <paramref name="clientId"/> asks: an assertion or a
    /// certificate. Null: none.
    /// </param>
    /// <param name="cancellationToken">Ends the wait for the database.</param>
    public async ValueTask<ClientAuthenticationResult> AuthenticateAsync(
        string? authorizationHeader,
        string? clientId,
        string? clientSecret,
        string? provenMethod,
        CancellationToken cancellationToken
    )
    {
        if (provenMethod is not null && (authorizationHeader is { Length: > 0 } || clientSecret is { Length: > 0 }))
        {
            return new ClientAuthenticationResult.Malformed("The client authenticates in more than one way.");
        }

        if (authorizationHeader is { Length: > 0 })
        {
            if (clientSecret is { Length: > 0 })
            {
                // RFC 6749 §2.3: no more than one method in each request.
                return new ClientAuthenticationResult.Malformed("The client authenticates in more than one way.");
            }

            if (BasicCredentials.Read(authorizationHeader) is not { } basic)
            {
                return Refuse(null, "the Authorization header holds no Basic credentials");
            }

            return clientId is { Length: > 0 } && clientId != basic.ClientId
                ? new ClientAuthenticationResult.Malformed(
                    "The client_id differs from the one in the Authorization header."
                )
                : await ProveAsync(Basic, basic.ClientId, basic.Secret, basic.SecretAsSent, cancellationToken);
        }

        if (clientId is not { Length: > 0 })
        {
            return Refuse(null, "no client authentication");
        }

        if (provenMethod is not null)
        {
            return await ProveAsync(provenMethod, clientId, "", "", cancellationToken);
        }

        return clientSecret is { Length: > 0 }
            ? await ProveAsync(Post, clientId, clientSecret, clientSecret, cancellationToken)
            : await ProveAsync(None, clientId, "", "", cancellationToken);
    }

    private async ValueTask<ClientAuthenticationResult> ProveAsync(
        string method,
        string clientId,
        string secret,
        string secretAsSent,
        CancellationToken cancellationToken
    )
    {
        if (await clients.FindAsync(clientId, cancellationToken) is not { } client)
        {
            return Refuse(null, "no such client");
        }

        var now = clock.GetUtcNow();
        var isSecret = method is Basic or Post;
        var matches =
            isSecret
            && (client.HasSecret(secret, now) || (secretAsSent != secret && client.HasSecret(secretAsSent, now)));
        if (!client.Metadata.AcceptsMethod(method))
        {
            var registered = client.Metadata.TokenEndpointAuthMethod;
            return Refuse(
                client,
                $"used {method}, registered for {registered}",
                matches
                    ? $"The client secret is right, but it came by {method}; this client is registered for {registered}."
                    : null
            );
        }

        return isSecret && !matches
            ? Refuse(client, "wrong or expired secret")
            : new ClientAuthenticationResult.Authenticated(client);
    }

    // Only a registered id is logged: what else a stranger sends in its place may be anybody's name, or a secret.
    private ClientAuthenticationResult.Refused Refuse(RegisteredClient? client, string reason, string? hint = null)
    {
        Refused(client?.ClientId, reason);
        return new ClientAuthenticationResult.Refused(reason, hint);
    }

    [LoggerMessage(5001, LogLevel.Information, "Client authentication failed for {ClientId}: {Reason}.")]
    private partial void Refused(string? clientId, string reason);
}
