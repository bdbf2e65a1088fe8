using AuthServer.Protocol.Keys;
using AuthServer.Protocol.Tokens;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Validation;
using static OpenIddict.Validation.OpenIddictValidationEvents;

namespace AuthServer.Protocol.Validation;

/// <summary>
/// Guards APIs of this server by its own access tokens: the scheme of OpenIddict.Validation, on the local server. An
/// endpoint asks for it with <c>RequireAuthorization</c> and the scheme <c>OpenIddict.Validation.AspNetCore</c>.
/// </summary>
internal static class ApiValidation
{
    public static void UseKeyRingAndGrants(this OpenIddictValidationBuilder validation)
    {
        validation.UseLocalServer();
        validation.UseAspNetCore();
        validation
            .Services.AddOptions<OpenIddictValidationOptions>()
            .Configure<IOptions<ProtocolOptions>>((options, protocol) => options.Audiences.Add(protocol.Value.Issuer)); // tokens for another API open nothing here

        // The keys rotate while the server runs, so those that OpenIddict took from its options at the start are no
        // use.
        validation.AddEventHandler<ValidateTokenContext>(handler =>
            handler
                .UseSingletonHandler<UsePublishedKeys>()
                .SetOrder(
                    OpenIddictValidationHandlers.Protection.ResolveTokenValidationParameters.Descriptor.Order + 100
                )
        );

        // In place of OpenIddict's look at the authorization: a session that has ended or a locked account ends the
        // token too.
        validation.AddEventHandler<ValidateTokenContext>(handler =>
            handler
                .UseSingletonHandler<RequireLiveGrant>()
                .SetOrder(OpenIddictValidationHandlers.Protection.ValidateAudiences.Descriptor.Order + 100)
        );
    }
}

/// <summary>Verifies with the keys that are published now.</summary>
internal sealed class UsePublishedKeys(SigningKeyRing keys, IOptions<ProtocolOptions> options)
    : IOpenIddictValidationHandler<ValidateTokenContext>
{
    public async ValueTask HandleAsync(ValidateTokenContext context)
    {
        context.TokenValidationParameters.IssuerSigningKeys = await keys.PublishedKeysAsync(context.CancellationToken);
        context.TokenValidationParameters.ValidIssuer = options.Value.Issuer;
    }
}

/// <summary>A token works while its grant lives; one of client credentials while its client is registered.</summary>
internal sealed class RequireLiveGrant(Grants grants, Clients.ClientDirectory clients)
    : IOpenIddictValidationHandler<ValidateTokenContext>
{
    public async ValueTask HandleAsync(ValidateTokenContext context)
    {
        var lives = context.Principal?.GetClaim(AccessTokenReader.GrantClaim) is { } grant
            ? Guid.TryParse(grant, out var id) && await grants.FindAsync(id, context.CancellationToken) is not null
            : context.Principal?.GetClaim(OpenIddictConstants.Claims.ClientId) is { } clientId
                && await clients.FindAsync(clientId, context.CancellationToken) is not null;
        if (!lives)
        {
            context.Reject(
                OpenIddictConstants.Errors.InvalidToken,
                "The access token is revoked, or its session has ended."
            );
        }
    }
}
