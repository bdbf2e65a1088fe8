using AuthServer.Protocol.Device;
using AuthServer.Protocol.Discovery;
using AuthServer.Protocol.EndSession;
using AuthServer.Protocol.Introspection;
using AuthServer.Protocol.Revocation;
using AuthServer.Protocol.TokenExchange;
using AuthServer.Protocol.UserInfo;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;
using AspNet = OpenIddict.Server.AspNetCore.OpenIddictServerAspNetCoreHandlers;
using BuiltIn = OpenIddict.Server.OpenIddictServerHandlers;

namespace AuthServer.Protocol.Handlers;

/// <summary>
/// Every departure from OpenIddict's own handlers, in the order of a request: what each of ours does is its name, the
/// reason stands behind it. Orders are relative to OpenIddict's, and a test prints the whole pipeline and compares it
/// with a checked-in text.
/// </summary>
internal static class HandlerList
{
    public static void UseOurHandlers(this OpenIddictServerBuilder server)
    {
        // The request: its endpoint is known from the route, and its parameters are read strictly.
        // Rate limits, CORS and 405 are the route's.
        server.Replace<ProcessRequestContext, UseRoutedEndpoint>(AspNet.ResolveRequestUri.Descriptor);
        server.Remove(BuiltIn.InferEndpointType.Descriptor, AspNet.ValidateHostHeader.Descriptor); // the route has told
        server.Replace<ExtractConfigurationRequestContext, ReadDiscoveryRequest>(
            AspNet.ExtractGetRequest<ExtractConfigurationRequestContext>.Descriptor
        ); // HEAD too
        server.Replace<ExtractAuthorizationRequestContext, ReadAuthorizationRequest>(
            AspNet.ExtractGetOrPostRequest<ExtractAuthorizationRequestContext>.Descriptor
        ); // tickets; repeats
        server.Replace<ExtractEndSessionRequestContext, ReadEndSessionRequest>(
            AspNet.ExtractGetOrPostRequest<ExtractEndSessionRequestContext>.Descriptor
        ); // POST without the cookie
        server.Replace<ExtractUserInfoRequestContext, ReadUserInfoRequest>(
            AspNet.ExtractGetOrPostRequest<ExtractUserInfoRequestContext>.Descriptor
        ); // no token in the query, none twice
        server.Remove(AspNet.ExtractAccessToken<ExtractUserInfoRequestContext>.Descriptor);
        server.ReadForms<ExtractTokenRequestContext>();
        server.ReadForms<ExtractIntrospectionRequestContext>();
        server.ReadForms<ExtractRevocationRequestContext>();
        server.ReadForms<ExtractPushedAuthorizationRequestContext>();
        server.ReadForms<ExtractDeviceAuthorizationRequestContext>();

        // Who asks, and with which token.
        server.Remove(
            BuiltIn.ValidateRequiredTokens.Descriptor,
            BuiltIn.ValidateClientId.Descriptor,
            BuiltIn.ValidateClientType.Descriptor
        );
        server.Add<ValidateTokenContext, ReadClientAssertion>(
            BuiltIn.Protection.ResolveTokenValidationParameters.Descriptor.Order + 100
        ); // keys, claims
        // ReadClientAssertion, before a signature is checked.
        server.Remove(BuiltIn.ValidateClientAssertionWellknownClaims.Descriptor);
        server.Add<ProcessAuthenticationContext, UseClientAssertionOnce>(
            BuiltIn.ValidateClientAssertionIssuer.Descriptor.Order + 100
        ); // one INSERT
        // AuthenticateClient: by the registered names and keys, not by redirect URIs.
        server.Remove(BuiltIn.ValidateClientCertificate.Descriptor);
        // One registered method, several secrets.
        server.Replace<ProcessAuthenticationContext, AuthenticateClient>(BuiltIn.ValidateClientSecret.Descriptor);
        server.Replace<ProcessAuthenticationContext, ReadAuthorizationCode>(
            BuiltIn.ValidateAuthorizationCode.Descriptor
        ); // our sealed code, without a row
        // Our opaque token.
        server.Replace<ProcessAuthenticationContext, ReadRefreshToken>(BuiltIn.ValidateRefreshToken.Descriptor);
        // slow_down; another client's code.
        server.Add<ProcessAuthenticationContext, CheckPoll>(BuiltIn.ValidateDeviceCode.Descriptor.Order - 100);
        // Our access token, without a row.
        server.Replace<ProcessAuthenticationContext, ReadSubjectToken>(BuiltIn.ValidateSubjectToken.Descriptor);
        server.Remove(
            BuiltIn.ValidateAccessToken.Descriptor,
            BuiltIn.ValidateGenericToken.Descriptor,
            BuiltIn.ValidateIdentityToken.Descriptor
        ); // read where they are answered

        // /connect/authorize
        server.Remove(
            BuiltIn.Authentication.ValidateRequestParameter.Descriptor, // AuthorizeChecks has these, in one list
            BuiltIn.Authentication.ValidateRequestUriParameter.Descriptor,
            BuiltIn.Authentication.ValidateRedirectUriParameter.Descriptor,
            BuiltIn.Authentication.ValidateResponseTypeParameter.Descriptor,
            BuiltIn.Authentication.ValidateResponseModeParameter.Descriptor,
            BuiltIn.Authentication.ValidateScopeParameter.Descriptor,
            BuiltIn.Authentication.ValidateAudienceParameter.Descriptor,
            BuiltIn.Authentication.ValidateResourceParameter.Descriptor,
            BuiltIn.Authentication.ValidateScopes.Descriptor,
            BuiltIn.Authentication.ValidateResources.Descriptor,
            BuiltIn.Authentication.ValidateResourcePermissions.Descriptor,
            BuiltIn.Authentication.ValidateNonceParameter.Descriptor,
            BuiltIn.Authentication.ValidatePromptParameter.Descriptor,
            BuiltIn.Authentication.ValidateProofKeyForCodeExchangeParameters.Descriptor,
            BuiltIn.Authentication.ValidateResponseType.Descriptor,
            BuiltIn.Authentication.ValidateClientRedirectUri.Descriptor,
            BuiltIn.Authentication.ValidateEndpointPermissions.Descriptor,
            BuiltIn.Authentication.ValidateGrantTypePermissions.Descriptor,
            BuiltIn.Authentication.ValidateResponseTypePermissions.Descriptor,
            BuiltIn.Authentication.ValidateScopePermissions.Descriptor,
            BuiltIn.Authentication.ValidatePushedAuthorizationRequestsRequirement.Descriptor,
            BuiltIn.Authentication.ValidateProofKeyForCodeExchangeRequirement.Descriptor,
            BuiltIn.Authentication.ValidateAuthorizedParty.Descriptor
        );
        server.Replace<ValidateAuthorizationRequestContext, FindClient>(
            BuiltIn.Authentication.ValidateClientIdParameter.Descriptor
        );
        server.Only<ValidateAuthorizationRequestContext, PushedRequestOnly>(
            BuiltIn.Authentication.ValidateAuthentication.Descriptor
        ); // nothing else to authenticate
        server.Add<ValidateAuthorizationRequestContext, UsePushedRequest>(
            BuiltIn.Authentication.ValidateAuthentication.Descriptor.Order + 100
        );
        server.Add<ValidateAuthorizationRequestContext, ProveReturnAddress>(
            BuiltIn.Authentication.ValidateAuthentication.Descriptor.Order + 200
        );
        server.Add<ValidateAuthorizationRequestContext, CheckAuthorizationRequest>(
            BuiltIn.Authentication.ValidateAuthentication.Descriptor.Order + 300
        );
        server.Replace<HandleAuthorizationRequestContext, DecideAuthorization>(
            BuiltIn.Authentication.AttachPrincipal.Descriptor
        ); // log-in, consent, or a code

        // /connect/par
        server.Remove(
            // AuthorizeChecks, as at the authorization endpoint.
            BuiltIn.Authentication.ValidatePushedRequestParameter.Descriptor,
            BuiltIn.Authentication.ValidatePushedRequestUriParameter.Descriptor,
            BuiltIn.Authentication.ValidatePushedClientIdParameter.Descriptor,
            BuiltIn.Authentication.ValidatePushedRedirectUriParameter.Descriptor,
            BuiltIn.Authentication.ValidatePushedResponseTypeParameter.Descriptor,
            BuiltIn.Authentication.ValidatePushedResponseModeParameter.Descriptor,
            BuiltIn.Authentication.ValidatePushedScopeParameter.Descriptor,
            BuiltIn.Authentication.ValidatePushedAudienceParameter.Descriptor,
            BuiltIn.Authentication.ValidatePushedResourceParameter.Descriptor,
            BuiltIn.Authentication.ValidatePushedScopes.Descriptor,
            BuiltIn.Authentication.ValidatePushedResources.Descriptor,
            BuiltIn.Authentication.ValidatePushedResourcePermissions.Descriptor,
            BuiltIn.Authentication.ValidatePushedNonceParameter.Descriptor,
            BuiltIn.Authentication.ValidatePushedPromptParameter.Descriptor,
            BuiltIn.Authentication.ValidatePushedProofKeyForCodeExchangeParameters.Descriptor,
            BuiltIn.Authentication.ValidatePushedResponseType.Descriptor,
            BuiltIn.Authentication.ValidatePushedClientRedirectUri.Descriptor,
            BuiltIn.Authentication.ValidatePushedEndpointPermissions.Descriptor,
            BuiltIn.Authentication.ValidatePushedGrantTypePermissions.Descriptor,
            BuiltIn.Authentication.ValidatePushedResponseTypePermissions.Descriptor,
            BuiltIn.Authentication.ValidatePushedScopePermissions.Descriptor,
            BuiltIn.Authentication.ValidatePushedProofKeyForCodeExchangeRequirement.Descriptor,
            BuiltIn.Authentication.ValidatePushedAuthorizedParty.Descriptor
        );
        server.Add<ValidatePushedAuthorizationRequestContext, CheckPushedRequest>(
            BuiltIn.Authentication.ValidatePushedAuthentication.Descriptor.Order + 100
        );

        // /connect/device
        server.Remove(
            // CheckDeviceRequest: scopes that are not open to the client are ignored.
            BuiltIn.Device.ValidateScopeParameter.Descriptor,
            BuiltIn.Device.ValidateScopes.Descriptor,
            BuiltIn.Device.ValidateClientCredentialsParameters.Descriptor, // AuthenticateClient answers invalid_client
            BuiltIn.Device.ValidateEndpointPermissions.Descriptor,
            BuiltIn.Device.ValidateGrantTypePermissions.Descriptor,
            BuiltIn.Device.ValidateScopePermissions.Descriptor
        );
        server.Add<ValidateDeviceAuthorizationRequestContext, CheckDeviceRequest>(
            BuiltIn.Device.ValidateDeviceAuthentication.Descriptor.Order + 100
        );
        // The scopes that may be granted; interval.
        server.Add<HandleDeviceAuthorizationRequestContext, IssueDeviceCodes>(0);

        // /connect/token
        server.Remove(
            BuiltIn.Exchange.ValidateClientIdParameter.Descriptor, // AuthenticateClient answers invalid_client
            BuiltIn.Exchange.ValidateClientCredentialsParameters.Descriptor,
            BuiltIn.Exchange.ValidateAudienceParameter.Descriptor, // scopes and resources are the registration's
            BuiltIn.Exchange.ValidateResourceParameter.Descriptor,
            BuiltIn.Exchange.ValidateScopes.Descriptor,
            BuiltIn.Exchange.ValidateAudiences.Descriptor,
            BuiltIn.Exchange.ValidateResources.Descriptor,
            BuiltIn.Exchange.ValidateAudiencePermissions.Descriptor,
            BuiltIn.Exchange.ValidateResourcePermissions.Descriptor,
            BuiltIn.Exchange.ValidateResourceOwnerCredentialsParameters.Descriptor, // a grant that is not offered
            BuiltIn.Exchange.ValidateProofKeyForCodeExchangeParameters.Descriptor,
            BuiltIn.Exchange.ValidateScopeParameter.Descriptor, // a scope sent with a code is ignored (RFC 6749 §4.1.3)
            BuiltIn.Exchange.ValidateEndpointPermissions.Descriptor,
            BuiltIn.Exchange.ValidateScopePermissions.Descriptor,
            BuiltIn.Exchange.ValidateProofKeyForCodeExchangeRequirement.Descriptor,
            // RedeemCodeOnce: invalid_grant in every case (RFC 7636 §4.6)
            BuiltIn.Exchange.ValidateRedirectUri.Descriptor,
            BuiltIn.Exchange.ValidateCodeVerifier.Descriptor,
            BuiltIn.Exchange.ValidateGrantedScopes.Descriptor
        ); // RotateRefreshToken: invalid_scope (RFC 6749 §5.2)
        server.Replace<ValidateTokenRequestContext, RequireRegisteredGrantType>(
            BuiltIn.Exchange.ValidateGrantTypePermissions.Descriptor
        );
        server.Add<ValidateTokenRequestContext, RequireBoundCertificate>(
            BuiltIn.Exchange.ValidateGrantTypePermissions.Descriptor.Order + 100
        );
        // One INSERT.
        server.Add<HandleTokenRequestContext, RedeemCodeOnce>(BuiltIn.Exchange.AttachPrincipal.Descriptor.Order + 100);
        server.Add<HandleTokenRequestContext, RotateRefreshToken>(
            BuiltIn.Exchange.AttachPrincipal.Descriptor.Order + 200
        ); // one UPDATE
        server.Add<HandleTokenRequestContext, IssueClientCredentials>(
            BuiltIn.Exchange.AttachPrincipal.Descriptor.Order + 300
        ); // no row
        server.Add<HandleTokenRequestContext, RedeemDeviceCode>(
            BuiltIn.Exchange.AttachPrincipal.Descriptor.Order + 400
        ); // one INSERT
        // No row; the subject's grant.
        server.Add<HandleTokenRequestContext, ExchangeToken>(BuiltIn.Exchange.AttachPrincipal.Descriptor.Order + 500);

        // The response of authorize and token.
        server.Remove(BuiltIn.RedeemTokenEntry.Descriptor); // RedeemDeviceCode; the others have no row
        server.Remove(BuiltIn.AttachAuthorization.Descriptor); // the row is written when the code is redeemed
        // Single use, after the log-in.
        server.Add<ProcessSignInContext, EndPushedRequest>(BuiltIn.EvaluateGeneratedTokens.Descriptor.Order + 100);
        server.Add<ProcessSignInContext, SealAuthorizationCode>(BuiltIn.EvaluateGeneratedTokens.Descriptor.Order + 200);
        server.Add<ProcessSignInContext, IssueTokens>(BuiltIn.EvaluateGeneratedTokens.Descriptor.Order + 300);
        server.Remove(
            BuiltIn.Authentication.AttachRedirectUri.Descriptor,
            BuiltIn.Authentication.InferResponseMode.Descriptor,
            BuiltIn.Authentication.AttachResponseState.Descriptor,
            BuiltIn.Authentication.AttachIssuer.Descriptor,
            AspNet.AttachHttpResponseCode<ApplyAuthorizationResponseContext>.Descriptor,
            AspNet.AttachCacheControlHeader<ApplyAuthorizationResponseContext>.Descriptor,
            AspNet.Authentication.ProcessFormPostResponse.Descriptor,
            AspNet.Authentication.ProcessQueryResponse.Descriptor,
            AspNet.Authentication.ProcessFragmentResponse.Descriptor,
            AspNet.ProcessLocalErrorResponse<ApplyAuthorizationResponseContext>.Descriptor
        );
        server.Add<ApplyAuthorizationResponseContext, EndPushedRequest>(
            AspNet.Authentication.ProcessSelfRedirection.Descriptor.Order - 100
        ); // an error ends it too
        server.Replace<ApplyAuthorizationResponseContext, SendAuthorizationResponse>(
            AspNet.Authentication.ProcessSelfRedirection.Descriptor
        ); // errors to the app; 303; CSP
        server.WriteJson<ApplyTokenResponseContext>();
        server.WriteJson<ApplyIntrospectionResponseContext>();
        server.WriteJson<ApplyRevocationResponseContext>();
        server.WriteJson<ApplyPushedAuthorizationResponseContext>();
        server.WriteJson<ApplyDeviceAuthorizationResponseContext>();

        // The other endpoints, each answered by one handler.
        server.Remove(
            BuiltIn.UserInfo.ValidateAccessTokenParameter.Descriptor,
            BuiltIn.UserInfo.ValidateAuthentication.Descriptor
        );
        server.Remove(BuiltIn.UserInfo.AttachAudiences.Descriptor, BuiltIn.UserInfo.AttachClaims.Descriptor);
        // The grant is looked at each time.
        server.Replace<HandleUserInfoRequestContext, AnswerUserInfo>(BuiltIn.UserInfo.AttachPrincipal.Descriptor);
        server.Remove(
            BuiltIn.Introspection.ValidateTokenParameter.Descriptor,
            BuiltIn.Introspection.ValidateClientCredentialsParameters.Descriptor,
            BuiltIn.Introspection.ValidateEndpointPermissions.Descriptor,
            BuiltIn.Introspection.ValidateTokenType.Descriptor,
            BuiltIn.Introspection.ValidateAuthorizedParty.Descriptor,
            BuiltIn.Introspection.AttachMetadataClaims.Descriptor,
            BuiltIn.Introspection.AttachApplicationClaims.Descriptor
        );
        server.Replace<HandleIntrospectionRequestContext, AnswerIntrospection>(
            BuiltIn.Introspection.AttachPrincipal.Descriptor
        ); // the same; unknown tokens are inactive
        server.Remove(
            BuiltIn.Revocation.ValidateTokenParameter.Descriptor,
            BuiltIn.Revocation.ValidateClientCredentialsParameters.Descriptor,
            BuiltIn.Revocation.ValidateEndpointPermissions.Descriptor,
            BuiltIn.Revocation.ValidateTokenType.Descriptor,
            BuiltIn.Revocation.ValidateAuthorizedParty.Descriptor,
            BuiltIn.Revocation.RevokeToken.Descriptor
        );
        // Either token ends the grant.
        server.Replace<HandleRevocationRequestContext, AnswerRevocation>(BuiltIn.Revocation.AttachPrincipal.Descriptor);
        server.Remove(
            BuiltIn.Session.ValidateRequestUriParameter.Descriptor,
            BuiltIn.Session.ValidatePostLogoutRedirectUriParameter.Descriptor,
            BuiltIn.Session.ValidateAuthentication.Descriptor,
            BuiltIn.Session.ValidateClientPostLogoutRedirectUri.Descriptor,
            BuiltIn.Session.ValidateEndpointPermissions.Descriptor,
            BuiltIn.Session.ValidateAuthorizedParty.Descriptor
        );
        // Asks, and never trusts an unproved request.
        server.Replace<HandleEndSessionRequestContext, AnswerEndSession>(BuiltIn.Session.AttachPrincipal.Descriptor);
        server.Add<HandleConfigurationRequestContext, CompleteDiscovery>(
            BuiltIn.Discovery.AttachAdditionalMetadata.Descriptor.Order + 100
        );
        server.Remove(
            AspNet.AttachHttpResponseCode<ApplyConfigurationResponseContext>.Descriptor,
            AspNet.AttachWwwAuthenticateHeader<ApplyConfigurationResponseContext>.Descriptor
        );
        server.Replace<ApplyConfigurationResponseContext, WriteDiscovery>(
            AspNet.ProcessJsonResponse<ApplyConfigurationResponseContext>.Descriptor
        ); // cached bytes, no slash
    }

    private static void ReadForms<TContext>(this OpenIddictServerBuilder server)
        where TContext : BaseValidatingContext
    {
        // Strict names, no repeats.
        server.Replace<TContext, ReadForm<TContext>>(AspNet.ExtractPostRequest<TContext>.Descriptor);
        server.Remove(AspNet.ExtractGetOrPostRequest<TContext>.Descriptor);
        server.Remove(
            AspNet.ValidateClientAuthenticationMethod<TContext>.Descriptor,
            AspNet.ExtractBasicAuthenticationCredentials<TContext>.Descriptor
        );
    }

    private static void WriteJson<TContext>(this OpenIddictServerBuilder server)
        where TContext : BaseRequestContext
    {
        server.Remove(
            AspNet.AttachHttpResponseCode<TContext>.Descriptor,
            AspNet.AttachCacheControlHeader<TContext>.Descriptor,
            AspNet.AttachWwwAuthenticateHeader<TContext>.Descriptor
        );
        // Status, challenge, no foreign links.
        server.Replace<TContext, WriteJson<TContext>>(AspNet.ProcessJsonResponse<TContext>.Descriptor);
    }

    private static void Add<TContext, THandler>(this OpenIddictServerBuilder server, int order)
        where TContext : BaseContext
        where THandler : class, IOpenIddictServerHandler<TContext> =>
        server.AddEventHandler(
            OpenIddictServerHandlerDescriptor
                .CreateBuilder<TContext>()
                .UseSingletonHandler<THandler>()
                .SetOrder(order)
                .SetType(OpenIddictServerHandlerType.Custom)
                .Build()
        );

    private static void Remove(
        this OpenIddictServerBuilder server,
        params OpenIddictServerHandlerDescriptor[] descriptors
    )
    {
        foreach (var descriptor in descriptors)
        {
            server.RemoveEventHandler(descriptor);
        }
    }

    /// <summary>Ours in the place of OpenIddict's.</summary>
    private static void Replace<TContext, THandler>(
        this OpenIddictServerBuilder server,
        OpenIddictServerHandlerDescriptor replaced
    )
        where TContext : BaseContext
        where THandler : class, IOpenIddictServerHandler<TContext>
    {
        server.RemoveEventHandler(replaced);
        server.Add<TContext, THandler>(replaced.Order);
    }

    /// <summary>OpenIddict's handler, with a filter more.</summary>
    private static void Only<TContext, TFilter>(
        this OpenIddictServerBuilder server,
        OpenIddictServerHandlerDescriptor descriptor
    )
        where TContext : BaseContext
        where TFilter : class, IOpenIddictServerHandlerFilter<TContext>
    {
        var filtered = OpenIddictServerHandlerDescriptor
            .CreateBuilder<TContext>()
            .Import(descriptor)
            .AddFilter<TFilter>()
            .SetType(OpenIddictServerHandlerType.Custom)
            .Build();
        server.Services.AddSingleton<TFilter>();
        server.Configure(options =>
        {
            options.Handlers.Remove(descriptor); // the handler's service stays: only the descriptor is replaced
            options.Handlers.Add(filtered);
        });
    }
}
