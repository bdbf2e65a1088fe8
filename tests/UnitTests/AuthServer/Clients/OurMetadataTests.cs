using System.Text.Json;
using AuthServer.Clients;
using TestSupport;

namespace UnitTests.AuthServer.Clients;

/// <summary>Developers of apps find every member of client metadata that no standard has in one table.</summary>
public sealed class OurMetadataTests
{
    /// <summary>
    /// RFC 7591, 8705 and 9126; OpenID Connect Registration, RP-Initiated Logout and Back-Channel Logout.
    /// </summary>
    private static readonly string[] Standard =
    [
        "application_type",
        "backchannel_logout_session_required",
        "backchannel_logout_uri",
        "client_name",
        "client_uri",
        "contacts",
        "default_max_age",
        "grant_types",
        "id_token_signed_response_alg",
        "initiate_login_uri",
        "jwks",
        "jwks_uri",
        "logo_uri",
        "policy_uri",
        "post_logout_redirect_uris",
        "redirect_uris",
        "require_auth_time",
        "require_pushed_authorization_requests",
        "response_types",
        "scope",
        "software_id",
        "software_version",
        "tls_client_auth_san_dns",
        "tls_client_auth_san_email",
        "tls_client_auth_san_ip",
        "tls_client_auth_san_uri",
        "tls_client_auth_subject_dn",
        "tls_client_certificate_bound_access_tokens",
        "token_endpoint_auth_method",
        "token_endpoint_auth_signing_alg",
        "tos_uri",
        "userinfo_signed_response_alg",
    ];

    [Fact]
    public void Every_member_of_our_own_is_in_the_readmes_table_and_nothing_else_is()
    {
        var ours = JsonSerializerOptions
            .Default.GetTypeInfo(typeof(ClientMetadata))
            .Properties.Where(property => property.Get is not null)
            .Select(property => property.Name)
            .Except(Standard);
        var table = File.ReadAllLines(Repository.PathOf("README.md"))
            .SkipWhile(line => line != "### Client metadata of our own")
            .TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .SelectMany(line => line.Split('|')[1].Split(','))
            .Select(member => member.Trim(' ', '`'));

        Assert.Equal(ours.Order(StringComparer.Ordinal), table.Order(StringComparer.Ordinal));
    }
}
