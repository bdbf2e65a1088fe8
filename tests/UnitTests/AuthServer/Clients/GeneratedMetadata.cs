using System.Text.Json;
using System.Text.Json.Nodes;
using AuthServer.Clients;
using FsCheck;
using FsCheck.Fluent;

namespace UnitTests.AuthServer.Clients;

/// <summary>Client metadata of every kind: each member at its default or at one of a few telling values.</summary>
internal static class GeneratedMetadata
{
    private const string Keys =
        """{"keys":[{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}""";

    private static readonly string[] Addresses =
    [
        "https://app.example/cb",
        "https://app.example:443/cb",
        "https://APP.example/cb",
        "https://app.example/cb?a=%7E",
        "https://app.example",
        "https://app.example/",
        "http://127.0.0.1:8080/cb",
        "http://[::1]/cb",
        "uk.example.app:/cb",
        "http://localhost/a%2Fb",
    ];

    /// <summary>Values by type, for members without values of their own below.</summary>
    private static readonly Dictionary<Type, string[]> ByType = new()
    {
        [typeof(string)] = ["\"\"", "\"x\"", "\"O'Brien & \\u00e9\""],
        [typeof(bool)] = ["true", "false"],
        [typeof(int?)] = ["0", "60", "300", "86400", "31622400", "2147483647"],
        [typeof(IReadOnlyList<string>)] = ["[]", "[\"a\"]", "[\"b\",\"a\"]"],
        [typeof(JsonElement?)] = [Keys],
    };

    private static readonly Dictionary<string, string[]> ByName = new()
    {
        ["redirect_uris"] = Lists(Addresses),
        ["post_logout_redirect_uris"] = Lists(Addresses),
        ["grant_types"] = Lists([.. ClientMetadataRules.GrantTypes]),
        ["response_types"] = ["[]", "[\"code\"]"],
        ["token_endpoint_auth_method"] =
        [
            .. ClientMetadataRules.AuthenticationMethods.Select(method => $"\"{method}\""),
        ],
        ["application_type"] = ["\"web\"", "\"native\""],
        ["scope"] =
        [
            "\"\"",
            "\"openid\"",
            "\"email openid\"",
            "\"api\"",
            $"\"{string.Join(' ', ClientScopes.Default)}\"",
        ],
        ["allowed_scopes"] = ["[]", "[\"openid\"]", "[\"email\",\"openid\"]"],
    };

    public static Gen<ClientMetadata> Any { get; } =
        JsonSerializerOptions
            .Default.GetTypeInfo(typeof(ClientMetadata))
            .Properties.Where(property => property.Get is not null)
            .Aggregate(
                Gen.Constant("{}"),
                (json, property) =>
                    json.SelectMany(sofar =>
                        Gen.Frequency(
                            (1, Gen.Constant(sofar)),
                            (
                                1,
                                Gen.Elements(ByName.GetValueOrDefault(property.Name) ?? ByType[property.PropertyType])
                                    .Select(value => With(sofar, property.Name, value))
                            )
                        )
                    )
            )
            .Select(json => JsonSerializer.Deserialize<ClientMetadata>(json)!)
            .Select(metadata => metadata.IsPublic ? metadata with { RequirePkce = true } : metadata); // as the rules demand

    private static string With(string json, string member, string value)
    {
        var all = JsonNode.Parse(json)!.AsObject();
        all[member] = JsonNode.Parse(value);
        return all.ToJsonString();
    }

    private static string[] Lists(string[] values) =>
        [
            "[]",
            .. values.Select(value => JsonSerializer.Serialize(new[] { value })),
            JsonSerializer.Serialize(values),
            JsonSerializer.Serialize(values.Reverse()),
            JsonSerializer.Serialize(values.Take(2)),
        ];
}
