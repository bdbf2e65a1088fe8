using System.Text.Json;
using System.Text.Json.Nodes;

namespace AuthServer.Clients;

/// <summary>A client as somebody describes it in JSON.</summary>
/// <param name="Metadata">Its metadata, of which only the types are known to be right.</param>
/// <param name="ClientId">For imports: the id it has had elsewhere.</param>
/// <param name="ClientSecret">For imports: the secret it has had elsewhere.</param>
public sealed record DescribedClient(ClientMetadata Metadata, string? ClientId = null, string? ClientSecret = null);

/// <summary>
/// Reads client metadata from JSON (RFC 7591 §2). Members that nobody here knows are ignored, as it demands.
/// </summary>
internal static class ClientMetadataReader
{
    private static readonly Dictionary<string, Type> Members = JsonSerializerOptions
        .Default.GetTypeInfo(typeof(ClientMetadata))
        .Properties.Where(property => property.Get is not null)
        .ToDictionary(property => property.Name, property => property.PropertyType, StringComparer.Ordinal);

    /// <summary>Protection that is not offered: an app that relies on it must not believe that it has it.</summary>
    private static readonly Dictionary<string, string> Demands = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["require_signed_request_object"] = "true",
        ["dpop_bound_access_tokens"] = "true",
        ["subject_type"] = "\"pairwise\"",
    };

    private static readonly string[] Encryption =
    [
        "id_token_encrypted_response_alg",
        "userinfo_encrypted_response_alg",
    ];

    /// <returns>The client, or null and the mistakes: members of the wrong type, each named.</returns>
    public static (DescribedClient? Client, IReadOnlyList<MetadataMistake> Mistakes) Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return (null, [MetadataMistake.InMetadata("The metadata must be a JSON object.")]);
        }

        List<MetadataMistake> mistakes = [];
        var known = new JsonObject();
        foreach (var member in json.EnumerateObject())
        {
            if (!IsText(() => member.Name))
            {
                mistakes.Add(
                    MetadataMistake.InMetadata("The name of a member must be text: half a character stands in it.")
                );
                continue;
            }

            if (member.Value.ValueKind == JsonValueKind.Null)
            {
                continue; // the same as not being there
            }

            if (Refused(member) is { } wrong)
            {
                var inRedirectUris = member.NameEquals("redirect_uris");
                mistakes.Add(
                    new(
                        inRedirectUris ? MetadataMistake.RedirectUri : MetadataMistake.Metadata,
                        $"{member.Name} {wrong}"
                    )
                );
            }
            else if (Members.ContainsKey(member.Name))
            {
                known[member.Name] = JsonNode.Parse(member.Value.GetRawText());
            }
        }

        return mistakes.Count > 0
            ? (null, mistakes)
            : (
                new DescribedClient(
                    known.Deserialize<ClientMetadata>()
                        ?? throw new InvalidOperationException("An object was read as null."),
                    Text(json, "client_id"),
                    Text(json, "client_secret")
                ),
                []
            );
    }

    /// <returns>True when this is a member of the metadata, and of its type.</returns>
    public static bool IsMember(string name, JsonElement value) =>
        Members.ContainsKey(name) && WrongType(name, value) is null;

    private static string? Refused(JsonProperty member)
    {
        if (Demands.TryGetValue(member.Name, out var demand) && member.Value.GetRawText() == demand)
        {
            return $"must not be {demand.Trim('"')}: this is not offered.";
        }

        return Encryption.Contains(member.Name)
            ? "must not be set: encryption is not offered."
            : WrongType(member.Name, member.Value);
    }

    private static string? WrongType(string name, JsonElement value)
    {
        var type = name is "client_id" or "client_secret" ? typeof(string) : Members.GetValueOrDefault(name);
        return type switch
        {
            null => null,
            _ when type == typeof(string) => IsString(value) ? null : "must be a string.",
            _ when type == typeof(bool) => value.ValueKind is JsonValueKind.True or JsonValueKind.False
                ? null
                : "must be true or false.",
            _ when type == typeof(int?) => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out _)
                ? null
                : "must be a whole number.",
            _ when type == typeof(IReadOnlyList<string>) => value.ValueKind == JsonValueKind.Array
            && value.EnumerateArray().All(IsString)
                ? null
                : "must be an array of strings.",
            _ when type == typeof(JsonElement?) => value.ValueKind == JsonValueKind.Object && IsTextThroughout(value)
                ? null
                : "must be an object.",
            _ => throw new InvalidOperationException($"Client metadata of type {type} cannot be read."),
        };
    }

    private static bool IsString(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && IsText(value.GetString);

    private static bool IsTextThroughout(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String => IsText(value.GetString),
            JsonValueKind.Array => value.EnumerateArray().All(IsTextThroughout),
            JsonValueKind.Object => value
                .EnumerateObject()
                .All(member => IsText(() => member.Name) && IsTextThroughout(member.Value)),
            _ => true,
        };

    // Half a surrogate pair ("\ud800") is JSON and no text, and reading it is an InvalidOperationException.
    private static bool IsText(Func<string?> read)
    {
        try
        {
            read();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static string? Text(JsonElement json, string member) =>
        json.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
