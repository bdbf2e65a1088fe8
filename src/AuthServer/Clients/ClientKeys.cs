using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;

namespace AuthServer.Clients;

/// <summary>
/// A client's public keys: the <c>jwks</c> member (RFC 7591 §2, RFC 7517 §5), which assertions and self-signed
/// certificates are checked with. Members of a key that nothing here uses are left out, as RFC 7517 §4 allows.
/// </summary>
internal static class ClientKeys
{
    private const int Most = 20;

    private static readonly string[] PrivateMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

    private static readonly string[] TextMembers =
    [
        "kty",
        "use",
        "alg",
        "kid",
        "x5t",
        "x5t#S256",
        "n",
        "e",
        "crv",
        "x",
        "y",
    ];

    /// <summary>Bytes of a coordinate, by curve (RFC 7518 §6.2.1.2).</summary>
    private static readonly Dictionary<string, int> Curves = new(StringComparer.Ordinal)
    {
        ["P-256"] = 32,
        ["P-384"] = 48,
        ["P-521"] = 66,
    };

    /// <returns>What is wrong with the key set, each the end of a sentence that begins with <c>jwks</c>.</returns>
    public static IEnumerable<string> Mistakes(JsonElement jwks)
    {
        if (
            jwks.ValueKind != JsonValueKind.Object
            || !jwks.TryGetProperty("keys", out var keys)
            || keys.ValueKind != JsonValueKind.Array
            || keys.GetArrayLength() is 0 or > Most
        )
        {
            return [$" must be a JWK set (RFC 7517) of 1 to {Most} keys."];
        }

        return keys.EnumerateArray()
            .Select((key, i) => Mistake(key) is { } mistake ? $".keys[{i}] {mistake}" : null)
            .OfType<string>();
    }

    /// <returns>The key set, which <see cref="Mistakes"/> has found none in.</returns>
    public static JsonWebKeySet Read(JsonElement jwks) => Read(jwks.GetProperty("keys").EnumerateArray());

    /// <summary>
    /// Reads a key set that no rule has looked at: keys that cannot be used are left out (RFC 7517 §5).
    /// </summary>
    /// <returns>The usable keys, of the first 20; none when it is no key set.</returns>
    public static JsonWebKeySet ReadUsable(JsonElement jwks) =>
        jwks.ValueKind == JsonValueKind.Object
        && jwks.TryGetProperty("keys", out var keys)
        && keys.ValueKind == JsonValueKind.Array
            ? Read(keys.EnumerateArray().Where(key => Mistake(key) is null).Take(Most))
            : new JsonWebKeySet();

    private static JsonWebKeySet Read(IEnumerable<JsonElement> keys)
    {
        var set = new JsonWebKeySet();
        foreach (var key in keys)
        {
            var read = new JsonWebKey
            {
                Kty = Text(key, "kty"),
                Use = Text(key, "use"),
                Alg = Text(key, "alg"),
                Kid = Text(key, "kid"),
                X5t = Text(key, "x5t"),
                X5tS256 = Text(key, "x5t#S256"),
                N = Text(key, "n"),
                E = Text(key, "e"),
                Crv = Text(key, "crv"),
                X = Text(key, "x"),
                Y = Text(key, "y"),
            };
            if (key.TryGetProperty("x5c", out var chain))
            {
                foreach (var certificate in chain.EnumerateArray())
                {
                    read.X5c.Add(certificate.GetString());
                }
            }

            set.Keys.Add(read);
        }

        return set;
    }

    /// <returns>The public members of the keys.</returns>
    public static JsonElement Write(JsonWebKeySet set)
    {
        var keys = new JsonArray();
        foreach (var key in set.Keys)
        {
            string?[] texts =
            [
                key.Kty,
                key.Use,
                key.Alg,
                key.Kid,
                key.X5t,
                key.X5tS256,
                key.N,
                key.E,
                key.Crv,
                key.X,
                key.Y,
            ];
            var written = new JsonObject();
            foreach (var (name, text) in TextMembers.Zip(texts))
            {
                if (text is not null)
                {
                    written[name] = text;
                }
            }

            if (key.X5c.Count > 0)
            {
                written["x5c"] = new JsonArray([.. key.X5c.Select(certificate => (JsonNode)certificate)]);
            }

            keys.Add(written);
        }

        return JsonSerializer.SerializeToElement(new JsonObject { ["keys"] = keys });
    }

    private static string? Mistake(JsonElement key)
    {
        if (key.ValueKind != JsonValueKind.Object)
        {
            return "must be a JSON object.";
        }

        if (PrivateMembers.Any(member => key.TryGetProperty(member, out _)))
        {
            return "must be a public key: it holds private members. Anyone who has seen it can sign with it, so make another.";
        }

        if (
            TextMembers.FirstOrDefault(member =>
                key.TryGetProperty(member, out var v) && v.ValueKind != JsonValueKind.String
            ) is
            { } text
        )
        {
            return $"must have a string as {text}.";
        }

        if (
            key.TryGetProperty("x5c", out var chain)
            && (
                chain.ValueKind != JsonValueKind.Array
                || !chain.EnumerateArray().All(c => c.ValueKind == JsonValueKind.String)
            )
        )
        {
            return "must have an array of strings as x5c.";
        }

        return Text(key, "kty") switch
        {
            "RSA" => Bytes(key, "n") >= 256 && Bytes(key, "e") is > 0 and <= 8
                ? null
                : "must have n and e in base64url, with a modulus of 2048 bits or more.",
            "EC" => Curves.TryGetValue(Text(key, "crv") ?? "", out var size)
            && Bytes(key, "x") == size
            && Bytes(key, "y") == size
                ? null
                : "must have crv P-256, P-384 or P-521, and x and y of its length in base64url.",
            _ => "must have kty RSA or EC.",
        };
    }

    /// <returns>How many bytes the base64url stands for; 0 when there are none, or it is none.</returns>
    private static int Bytes(JsonElement key, string member) =>
        Text(key, member) is { } text && !text.Any(char.IsWhiteSpace) && Base64Url.IsValid(text, out var length)
            ? length
            : 0;

    private static string? Text(JsonElement key, string member) =>
        key.TryGetProperty(member, out var value) ? value.GetString() : null;
}
