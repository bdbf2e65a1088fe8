using AuthServer.Clients;
using AuthServer.Protocol.ClientProof;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Protocol.Handlers;

/// <summary>
/// Refuses a token request without a certificate from a client whose access tokens are bound to one (RFC 8705 §3.4),
/// before its code or refresh token is used up. Also when certificates are off: a bearer token would not be what was
/// registered.
/// </summary>
internal sealed class RequireBoundCertificate(ClientCertificates certificates)
    : IOpenIddictServerHandler<ValidateTokenRequestContext>
{
    public ValueTask HandleAsync(ValidateTokenRequestContext context)
    {
        if (
            context.Transaction.Get<RegisteredClient>().Metadata.TlsClientCertificateBoundAccessTokens
            && certificates.Of(context.Transaction.Http()) is null
        )
        {
            context.Refuse(
                ProtocolError.InvalidRequest(
                    "The access tokens of this client are bound to its certificate, and no certificate was presented."
                )
            );
        }

        return default;
    }
}
