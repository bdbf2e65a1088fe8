using AuthServer.Clients;
using AuthServer.Protocol.ClientProof;
using AuthServer.Protocol.Handlers;
using AuthServer.Protocol.Tokens;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Protocol.TokenExchange;

/// <summary>
/// Reads the subject token of a token exchange (RFC 8693 §2.1): an access token of ours. In place of OpenIddict's,
/// which looks for a token row. One that is bound to a certificate has to come with it (RFC 8705 §3). Whether its grant
/// lives is found out when it is exchanged.
/// </summary>
internal sealed class ReadSubjectToken(AccessTokenReader reader, ClientCertificates certificates)
    : IOpenIddictServerHandler<ProcessAuthenticationContext>
{
    public async ValueTask HandleAsync(ProcessAuthenticationContext context)
    {
        if (
            context is not { ValidateSubjectToken: true, SubjectToken: { Length: > 0 } text }
            || !context
                .Transaction.Get<RegisteredClient>()
                .Metadata.GrantTypes.Contains(ClientMetadataRules.TokenExchange)
        )
        {
            return; // RequireRegisteredGrantType says so
        }

        if (!(await reader.ReadAsync(text, context.CancellationToken)).TryGet(out var token, out var error))
        {
            context.Refuse(ExchangeToken.InvalidSubjectToken(error.Reason ?? error.Description));
        }
        else if (token.CertificateHash is { } hash && certificates.HashOf(context.Transaction.Http()) != hash)
        {
            context.Refuse(ExchangeToken.InvalidSubjectToken("bound to a certificate that was not presented"));
        }
        else
        {
            context.Transaction.Set(token);
            context.SubjectTokenPrincipal = Presented.By(context.ClientId);
        }
    }
}
