using System.Text.Json;
using AuthServer.Clients;
using AuthServer.Protocol.Claims;
using AuthServer.Protocol.ClientProof;
using AuthServer.Protocol.Handlers;
using AuthServer.Protocol.Keys;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Protocol.Discovery;

/// <summary>Discovery takes no parameters, and answers HEAD like GET; OpenIddict's extraction refuses HEAD.</summary>
internal sealed class ReadDiscoveryRequest : IOpenIddictServerHandler<ExtractConfigurationRequestContext>
{
    public ValueTask HandleAsync(ExtractConfigurationRequestContext context)
    {
        context.Request = new OpenIddictRequest();
        return default;
    }
}

/// <summary>
/// Adds what OpenIddict does not know of this server: claims, algorithms of the key ring, log-out, methods of clients.
/// </summary>
internal sealed class CompleteDiscovery(IOptions<MtlsOptions> mtls)
    : IOpenIddictServerHandler<HandleConfigurationRequestContext>
{
    public ValueTask HandleAsync(HandleConfigurationRequestContext context)
    {
        Replace(context.Scopes, Scopes.Supported);
        Replace(context.Claims, [.. ClaimCatalogue.OfTokens, .. ClaimCatalogue.All.Select(claim => claim.Name)]);
        Replace(context.IdTokenSigningAlgorithms, KeySchedule.Algorithms);
        Replace(context.PromptValues, ["none", "login", "consent", "select_account"]);
        Replace(context.ResponseModes, ["query", "form_post"]);
        string[] methods = [.. ClientAuthentication.Methods, .. mtls.Value.Methods];
        Replace(context.TokenEndpointAuthenticationMethods, methods);
        Replace(context.RevocationEndpointAuthenticationMethods, methods);
        Replace(context.PushedAuthorizationEndpointAuthenticationMethods, methods);
        Replace(context.DeviceAuthorizationEndpointAuthenticationMethods, methods);
        Replace(
            context.IntrospectionEndpointAuthenticationMethods,
            [.. methods.Where(m => m != ClientAuthentication.None)]
        );
        context.Metadata["userinfo_signing_alg_values_supported"] = new OpenIddictParameter([
            .. KeySchedule.Algorithms,
        ]);
        context.Metadata["token_endpoint_auth_signing_alg_values_supported"] = new OpenIddictParameter([
            .. ClientAuthentication.AssertionAlgorithms,
        ]);
        context.Metadata["acr_values_supported"] = new OpenIddictParameter([.. AuthenticationContext.Supported]);
        context.Metadata["claim_types_supported"] = new OpenIddictParameter(["normal"]);
        context.Metadata["ui_locales_supported"] = new OpenIddictParameter(["en-GB"]);
        context.Metadata["claims_parameter_supported"] = true;
        if (mtls.Value.Enabled)
        {
            context.Metadata["tls_client_certificate_bound_access_tokens"] = true; // RFC 8705 §3.3
        }

        context.Metadata["backchannel_logout_supported"] = true;
        context.Metadata["backchannel_logout_session_supported"] = true;
        return default;
    }

    private static void Replace(HashSet<string> set, IEnumerable<string> values)
    {
        set.Clear();
        set.UnionWith(values);
    }
}

/// <summary>Keeps the document and writes it. The issuer has no slash at its end; OpenIddict's does.</summary>
internal sealed class WriteDiscovery(DiscoveryEndpoint endpoint, IOptions<ProtocolOptions> options)
    : IOpenIddictServerHandler<ApplyConfigurationResponseContext>
{
    public async ValueTask HandleAsync(ApplyConfigurationResponseContext context)
    {
        context.Response["issuer"] = options.Value.Issuer;
        using var document = new MemoryStream();
        using (
            var json = new Utf8JsonWriter(
                document,
                new JsonWriterOptions { Indented = true, Encoder = JsonAnswer.Plain.Encoder }
            )
        )
        {
            context.Response.WriteTo(json);
        }

        endpoint.Document = document.ToArray();
        await DiscoveryEndpoint.WriteAsync(context.Transaction.Http(), endpoint.Document);
        context.HandleRequest();
    }
}
