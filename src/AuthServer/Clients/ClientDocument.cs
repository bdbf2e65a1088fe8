using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace AuthServer.Clients;

/// <summary>Writes a client as JSON: the client information response of RFC 7591 §3.2.1.</summary>
internal static class ClientDocument
{
    private static readonly JsonSerializerOptions Json = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <param name="client">The client.</param>
    /// <param name="secret">A secret that has just been made; null shows none.</param>
    public static JsonObject Write(RegisteredClient client, string? secret = null)
    {
        var document = new JsonObject
        {
            ["client_id"] = client.ClientId,
            ["client_id_issued_at"] = client.CreatedAt.ToUnixTimeSeconds(),
        };
        if (secret is not null)
        {
            document["client_secret"] = secret;
            document["client_secret_expires_at"] = 0; // never: rotation ends it
        }

        foreach (var (name, value) in JsonSerializer.SerializeToNode(client.Metadata, Json)?.AsObject() ?? [])
        {
            document[name] = value?.DeepClone();
        }

        return document;
    }
}
