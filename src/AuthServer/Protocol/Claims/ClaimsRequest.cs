using System.Text.Json;
using System.Text.Json.Serialization;

namespace AuthServer.Protocol.Claims;

/// <summary>
/// What the <c>claims</c> parameter asks for (OIDC Core §5.5), brought down to what matters here: names we know, in two
/// lists, and the two demands that can fail a request. Kept with the grant, so that a refreshed token answers it too.
/// </summary>
internal sealed record ClaimsRequest
{
    public static readonly ClaimsRequest Nothing = new();

    [JsonPropertyName("i")]
    public IReadOnlyList<string> IdToken { get; init; } = [];

    [JsonPropertyName("u")]
    public IReadOnlyList<string> UserInfo { get; init; } = [];

    /// <summary>A <c>sub</c> with a given value: nobody else will do (Core §5.5.1).</summary>
    [JsonIgnore]
    public string? RequiredSubject { get; init; }

    /// <summary>
    /// An essential <c>acr</c> with given values: the log-in fails when none can be met (Core §5.5.1.1).
    /// </summary>
    [JsonIgnore]
    public IReadOnlyList<string>? RequiredAcr { get; init; }

    /// <summary>Parses the parameter.</summary>
    /// <returns>
    /// The request, or <c>invalid_request</c> when it is not the JSON object that Core §5.5 describes.
    /// </returns>
    public static Result<ClaimsRequest> Parse(string? json)
    {
        if (json is null)
        {
            return Nothing;
        }

        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            if (
                root.ValueKind != JsonValueKind.Object
                || Part(root, "id_token") is not { } idToken
                || Part(root, "userinfo") is not { } userInfo
            )
            {
                return NotUnderstood();
            }

            return new ClaimsRequest
            {
                IdToken = [.. idToken.Keys.Where(IsKnown)],
                UserInfo = [.. userInfo.Keys.Where(IsKnown)],
                RequiredSubject = (Values(idToken, "sub") ?? Values(userInfo, "sub")) is [var subject, ..]
                    ? subject
                    : null,
                RequiredAcr =
                    idToken.TryGetValue("acr", out var acr) && IsEssential(acr) ? Values(idToken, "acr") : null,
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Half a surrogate pair is JSON and no text: reading it is the InvalidOperationException.
            return NotUnderstood();
        }
    }

    /// <returns>What <see cref="Store"/> made of a request.</returns>
    public static ClaimsRequest Read(string? stored) =>
        stored is null
            ? Nothing
            : JsonSerializer.Deserialize(stored, ClaimsRequestJson.Default.ClaimsRequest) ?? Nothing;

    /// <returns>A short JSON form, or null when nothing is asked for.</returns>
    public string? Store() =>
        IdToken.Count + UserInfo.Count == 0
            ? null
            : JsonSerializer.Serialize(this, ClaimsRequestJson.Default.ClaimsRequest);

    private static bool IsKnown(string name) => name is "acr" || ClaimCatalogue.Find(name) is not null;

    // null stands for "voluntary, nothing special"; anything but null or an object breaks the rule.
    private static Dictionary<string, JsonElement>? Part(JsonElement root, string name)
    {
        var claims = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        if (!root.TryGetProperty(name, out var part) || part.ValueKind == JsonValueKind.Null)
        {
            return claims;
        }

        if (part.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        foreach (var claim in part.EnumerateObject())
        {
            if (claim.Value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Object))
            {
                return null;
            }

            claims[claim.Name] = claim.Value.Clone();
        }

        return claims;
    }

    private static bool IsEssential(JsonElement claim) =>
        claim.ValueKind == JsonValueKind.Object
        && claim.TryGetProperty("essential", out var essential)
        && essential.ValueKind == JsonValueKind.True;

    private static string[]? Values(Dictionary<string, JsonElement> part, string name)
    {
        if (!part.TryGetValue(name, out var claim) || claim.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        if (claim.TryGetProperty("value", out var value) && value.ValueKind == JsonValueKind.String)
        {
            return [value.GetString()!];
        }

        return claim.TryGetProperty("values", out var values) && values.ValueKind == JsonValueKind.Array
            ? [.. values.EnumerateArray().Where(v => v.ValueKind == JsonValueKind.String).Select(v => v.GetString()!)]
            : null;
    }

    private static ProtocolError NotUnderstood() =>
        ProtocolError.InvalidRequest("The parameter 'claims' must be a JSON object as in OpenID Connect Core 5.5.");
}

[JsonSerializable(typeof(ClaimsRequest))]
internal sealed partial class ClaimsRequestJson : JsonSerializerContext;
