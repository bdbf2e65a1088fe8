using AuthServer.Clients;

namespace AuthServer.Protocol;

/// <summary>Turns the outcome of client authentication into the protocol's errors (RFC 6749 §5.2).</summary>
internal static class ClientAuthenticationExtensions
{
    /// <returns>The client, <c>invalid_client</c>, or <c>invalid_request</c> when more than one method was used.</returns>
    public static async ValueTask<Result<RegisteredClient>> AuthenticateAsync(
        this ClientAuthentication authentication, HttpRequest http, Parameters form, CancellationToken cancellationToken) =>
        await authentication.AuthenticateAsync(
            http.Headers.Authorization, form["client_id"], form["client_secret"], cancellationToken) switch
        {
            ClientAuthenticationResult.Authenticated(var client) => client,
            ClientAuthenticationResult.Malformed(var description) => ProtocolError.InvalidRequest(description),
            ClientAuthenticationResult.Refused refused => ProtocolError.InvalidClient(refused.Reason),
            var other => throw new InvalidOperationException($"Client authentication ended in {other.GetType()}."),
        };
}
