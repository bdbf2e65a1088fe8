using AuthServer.Clients;
using AuthServer.Protocol.ClientProof;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Protocol.Handlers;

/// <summary>
/// Checks the claims of a client assertion and hands OpenIddict the keys to verify it with. In place of OpenIddict's
/// resolver, which blocks a thread, knows no <c>jwks_uri</c>, and demands a <c>typ</c> that most libraries do not send.
/// </summary>
internal sealed class ReadClientAssertion(
    ClientDirectory clients,
    ClientKeySets keySets,
    IOptions<ProtocolOptions> options,
    TimeProvider clock
) : IOpenIddictServerHandler<ValidateTokenContext>
{
    private const string Typ = "client-authentication+jwt";

    private static readonly string[] Types = ["JWT", "application/JWT", Typ, "application/" + Typ];

    private static readonly JsonWebTokenHandler Verifier = new();

    public async ValueTask HandleAsync(ValidateTokenContext context)
    {
        if (
            context.ValidTokenTypes is not { Count: 1 } types
            || !types.Contains(TokenTypeIdentifiers.Private.ClientAssertion)
        )
        {
            return;
        }

        var cancellationToken = context.CancellationToken;
        var audiences = Audiences(context.Transaction.Http().Request.Path);
        if (context.Transaction.Request?.ClientAssertionType != ClientAssertion.Type)
        {
            context.Refuse(ProtocolError.InvalidClient("client_assertion_type is unknown"));
        }
        else if (
            !ClientAssertion
                .Read(context.Token ?? "", audiences, clock.GetUtcNow())
                .TryGet(out var assertion, out var error)
        )
        {
            context.Refuse(error);
        }
        else if (
            await clients.FindAsync(assertion.ClientId, cancellationToken) is not { } client
            || !client.Metadata.AcceptsMethod(ClientAuthentication.PrivateKeyJwt)
        )
        {
            context.Refuse(
                ProtocolError.InvalidClient("client assertion: no client that is registered for private_key_jwt")
            );
        }
        else
        {
            context.Transaction.Set(new AssertedClient(client, assertion));
            context.ValidAudiences.UnionWith(audiences);
            context.TokenValidationParameters.ClockSkew = TimeSpan.Zero;
            context.TokenValidationParameters.ValidTypes = Types;
            context.TokenValidationParameters.TypeValidator = ValidateType;
            context.TokenValidationParameters.ValidAlgorithms = client.Metadata.TokenEndpointAuthSigningAlg
                is { } algorithm
                ? [algorithm]
                : ClientAuthentication.AssertionAlgorithms;
            context.TokenValidationParameters.IssuerSigningKeyResolver = null;
            context.TokenValidationParameters.IssuerSigningKeys = await KeysAsync(
                client,
                assertion,
                context,
                cancellationToken
            );
        }
    }

    /// <summary>
    /// The issuer (FAPI 2.0), the token endpoint (OIDC Core §9), or the endpoint that is called (RFC 9126 §2).
    /// </summary>
    private string[] Audiences(PathString path)
    {
        var issuer = options.Value.Issuer;
        return [issuer, issuer + ProtocolPaths.Token, issuer + path.Value];
    }

    // The keys may have been replaced since they were fetched: an unknown kid, or a signature that none of them made,
    // says so.
    private async ValueTask<IReadOnlyList<SecurityKey>> KeysAsync(
        RegisteredClient client,
        ClientAssertion assertion,
        ValidateTokenContext context,
        CancellationToken cancellationToken
    )
    {
        var keys = await keySets.FindAsync(client, cancellationToken);
        if (client.Metadata.JwksUri is null)
        {
            return keys;
        }

        var mayBeKnown = assertion.KeyId is null || keys.Any(key => key.Kid is null || key.Kid == assertion.KeyId);
        if (mayBeKnown)
        {
            var parameters = context.TokenValidationParameters.Clone();
            parameters.IssuerSigningKeys = keys;
            if ((await Verifier.ValidateTokenAsync(context.Token, parameters)).IsValid)
            {
                return keys;
            }
        }

        return await keySets.RenewAsync(client, cancellationToken);
    }

    // OpenIddict takes the type for what the token is, and "JWT" for an ID token.
    private static string ValidateType(string? type, SecurityToken token, TokenValidationParameters parameters) =>
        type is not { Length: > 0 } || Types.Contains(type, StringComparer.OrdinalIgnoreCase)
            ? Typ
            : throw new SecurityTokenInvalidTypeException("The typ of a client assertion is wrong.")
            {
                InvalidType = type,
            };
}

/// <summary>Uses up the <c>jti</c> of a client assertion that OpenIddict has verified.</summary>
internal sealed class UseClientAssertionOnce(UsedAssertions used)
    : IOpenIddictServerHandler<ProcessAuthenticationContext>
{
    public async ValueTask HandleAsync(ProcessAuthenticationContext context)
    {
        if (context.ClientAssertionPrincipal is null)
        {
            return;
        }

        var (client, assertion) = context.Transaction.Get<AssertedClient>();
        if (assertion.ClientId != context.ClientId)
        {
            context.Refuse(ProtocolError.InvalidClient("client assertion: iss is not the client_id"));
        }
        else if (!await used.UseAsync(client, assertion, context.CancellationToken))
        {
            context.Refuse(ProtocolError.InvalidClient("client assertion: its jti was used before"));
        }
    }
}
