using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AuthServer.Clients;

namespace TestSupport;

/// <summary>A key pair of an app, and the assertions that it signs (RFC 7523).</summary>
internal sealed class ClientKey : IDisposable
{
    private readonly RSA? _rsa;
    private readonly ECDsa? _ec;

    /// <param name="algorithm">RS256, PS256 or ES256.</param>
    /// <param name="keyId">The <c>kid</c> of the key and of what it signs; null: neither has one.</param>
    public ClientKey(string algorithm = "ES256", string? keyId = "key-1")
    {
        (Algorithm, KeyId) = (algorithm, keyId);
        (_rsa, _ec) =
            algorithm == "ES256"
                ? (null, ECDsa.Create(ECCurve.NamedCurves.nistP256))
                : (RSA.Create(2048), (ECDsa?)null);
    }

    public string Algorithm { get; }

    public string? KeyId { get; }

    /// <summary>The public key (RFC 7517).</summary>
    public JsonObject PublicKey
    {
        get
        {
            var key = new JsonObject { ["use"] = "sig" };
            if (KeyId is not null)
            {
                key["kid"] = KeyId;
            }

            if (_ec is not null)
            {
                var q = _ec.ExportParameters(false).Q;
                (key["kty"], key["crv"]) = ("EC", "P-256");
                (key["x"], key["y"]) = (Base64Url.EncodeToString(q.X), Base64Url.EncodeToString(q.Y));
            }
            else
            {
                var parameters = _rsa!.ExportParameters(false);
                key["kty"] = "RSA";
                (key["n"], key["e"]) = (
                    Base64Url.EncodeToString(parameters.Modulus),
                    Base64Url.EncodeToString(parameters.Exponent)
                );
            }

            return key;
        }
    }

    /// <summary>A JWK set of public keys.</summary>
    public static string SetOf(params IEnumerable<ClientKey> keys) =>
        new JsonObject { ["keys"] = new JsonArray([.. keys.Select(key => (JsonNode)key.PublicKey)]) }.ToJsonString();

    /// <summary>A back-end service that authenticates by one of these keys.</summary>
    public static ClientMetadata Service(params IEnumerable<ClientKey> keys) =>
        new()
        {
            GrantTypes = ["client_credentials"],
            Scope = "reports:read",
            TokenEndpointAuthMethod = "private_key_jwt",
            Jwks = JsonSerializer.Deserialize<JsonElement>(SetOf(keys)),
        };

    /// <summary>What an assertion by the book claims.</summary>
    public static JsonObject Claims(string clientId, string audience, DateTimeOffset now) =>
        new()
        {
            ["iss"] = clientId,
            ["sub"] = clientId,
            ["aud"] = audience,
            ["jti"] = Guid.NewGuid().ToString(),
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = now.AddMinutes(1).ToUnixTimeSeconds(),
        };

    /// <param name="claims">As JSON.</param>
    /// <param name="type">The header's <c>typ</c>; null: none.</param>
    /// <param name="algorithm">The header's <c>alg</c>; null: the key's.</param>
    public string Sign(JsonObject claims, string? type = "JWT", string? algorithm = null) =>
        Sign(claims.ToJsonString(), type, algorithm);

    public string Sign(string claims, string? type = "JWT", string? algorithm = null)
    {
        var header = new JsonObject { ["alg"] = algorithm ?? Algorithm };
        if (type is not null)
        {
            header["typ"] = type;
        }

        if (KeyId is not null)
        {
            header["kid"] = KeyId;
        }

        var signed = $"{Encode(header.ToJsonString())}.{Encode(claims)}";
        var bytes = Encoding.ASCII.GetBytes(signed);
        var signature = (algorithm ?? Algorithm) switch
        {
            "none" => [],
            "HS256" => HMACSHA256.HashData(Encoding.ASCII.GetBytes(PublicKey.ToJsonString()), bytes),
            "ES256" => _ec!.SignData(bytes, HashAlgorithmName.SHA256),
            "PS256" => _rsa!.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
            _ => _rsa!.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
        };
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    public void Dispose()
    {
        _rsa?.Dispose();
        _ec?.Dispose();
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
