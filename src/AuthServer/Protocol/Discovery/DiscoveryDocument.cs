using System.Buffers;
using System.Text.Json;
using AuthServer.Clients;
using AuthServer.Protocol.Authorize;
using AuthServer.Protocol.Claims;
using AuthServer.Protocol.EndSession;
using AuthServer.Protocol.Introspection;
using AuthServer.Protocol.Keys;
using AuthServer.Protocol.Revocation;
using AuthServer.Protocol.Token;
using AuthServer.Protocol.UserInfo;
using Microsoft.Extensions.Options;

namespace AuthServer.Protocol.Discovery;

/// <summary>The provider's metadata (OIDC Discovery §3, RFC 8414 §2), computed from what is registered: no list is kept twice.</summary>
internal sealed class DiscoveryDocument(IEnumerable<ITokenGrant> grants, IOptions<ProtocolOptions> options)
{
    /// <returns>The document as UTF-8 JSON. It does not change while the server runs.</returns>
    public byte[] Build()
    {
        var issuer = options.Value.Issuer;
        var body = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(body, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("issuer", issuer);
            json.WriteString("authorization_endpoint", issuer + AuthorizeEndpoint.Path);
            json.WriteString("token_endpoint", issuer + TokenEndpoint.Path);
            json.WriteString("userinfo_endpoint", issuer + UserInfoEndpoint.Path);
            json.WriteString("jwks_uri", issuer + JwksEndpoint.Path);
            json.WriteString("end_session_endpoint", issuer + EndSessionEndpoint.Path);
            json.WriteString("introspection_endpoint", issuer + IntrospectionEndpoint.Path);
            json.WriteString("revocation_endpoint", issuer + RevocationEndpoint.Path);
            Write(json, "response_types_supported", ["code"]);
            Write(json, "response_modes_supported", ["query", "form_post"]);
            Write(json, "grant_types_supported", [.. grants.Select(grant => grant.GrantType)]);
            Write(json, "code_challenge_methods_supported", ["S256"]);
            Write(json, "subject_types_supported", ["public"]);
            Write(json, "id_token_signing_alg_values_supported", KeySchedule.Algorithms);
            Write(json, "userinfo_signing_alg_values_supported", KeySchedule.Algorithms);
            Write(json, "token_endpoint_auth_methods_supported", ClientAuthentication.Methods);
            Write(json, "introspection_endpoint_auth_methods_supported", [.. ClientAuthentication.Methods.Where(m => m != "none")]);
            Write(json, "revocation_endpoint_auth_methods_supported", ClientAuthentication.Methods);
            Write(json, "scopes_supported", Scopes.Supported);
            Write(json, "claim_types_supported", ["normal"]);
            Write(json, "claims_supported", [.. ClaimCatalogue.OfTokens, .. ClaimCatalogue.All.Select(claim => claim.Name)]);
            Write(json, "acr_values_supported", AuthenticationContext.Supported);
            Write(json, "prompt_values_supported", ["none", "login", "consent", "select_account"]);
            Write(json, "ui_locales_supported", ["en-GB"]);
            json.WriteBoolean("claims_parameter_supported", true);
            json.WriteBoolean("backchannel_logout_supported", true);
            json.WriteBoolean("backchannel_logout_session_supported", true);
            json.WriteBoolean("request_parameter_supported", false);
            json.WriteBoolean("request_uri_parameter_supported", false);
            json.WriteBoolean("authorization_response_iss_parameter_supported", true);
            json.WriteEndObject();
        }

        return body.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }
}
