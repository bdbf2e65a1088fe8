using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.IdentityModel.Tokens;

namespace AuthServer.Protocol.Keys;

/// <summary>A key as RFC 7517 writes it; binary members are unpadded base64url (RFC 7518 §6).</summary>
internal sealed record Jwk
{
    [JsonPropertyName("kty")]
    public required string KeyType { get; init; }

    [JsonPropertyName("kid")]
    public string? KeyId { get; init; }

    [JsonPropertyName("use")]
    public string Use { get; init; } = "sig";

    [JsonPropertyName("alg")]
    public required string Algorithm { get; init; }

    [JsonPropertyName("n")]
    public string? Modulus { get; init; }

    [JsonPropertyName("e")]
    public string? Exponent { get; init; }

    [JsonPropertyName("crv")]
    public string? Curve { get; init; }

    [JsonPropertyName("x")]
    public string? X { get; init; }

    [JsonPropertyName("y")]
    public string? Y { get; init; }

    [JsonPropertyName("d")]
    public string? D { get; init; }

    [JsonPropertyName("p")]
    public string? P { get; init; }

    [JsonPropertyName("q")]
    public string? Q { get; init; }

    [JsonPropertyName("dp")]
    public string? DP { get; init; }

    [JsonPropertyName("dq")]
    public string? DQ { get; init; }

    [JsonPropertyName("qi")]
    public string? InverseQ { get; init; }

    /// <summary>The same key without what must stay secret.</summary>
    public Jwk WithoutPrivateHalf() =>
        this with
        {
            D = null,
            P = null,
            Q = null,
            DP = null,
            DQ = null,
            InverseQ = null,
        };
}

/// <summary>Makes key pairs and brings them to and from JSON: RSA of 2048 bits for RS256, P-256 for ES256.</summary>
internal static class JsonWebKeyPair
{
    private static readonly JsonSerializerOptions Json = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>A new key pair, named by its RFC 7638 thumbprint.</summary>
    public static Jwk Make(string algorithm)
    {
        var pair = algorithm switch
        {
            SecurityAlgorithms.RsaSha256 => MakeRsa(),
            SecurityAlgorithms.EcdsaSha256 => MakeEc(),
            _ => throw new InvalidOperationException($"There are no keys for {algorithm}."),
        };
        var thumbprint = new JsonWebKey(Write(pair.WithoutPrivateHalf())).ComputeJwkThumbprint();
        return pair with { KeyId = Base64UrlEncoder.Encode(thumbprint) };
    }

    public static string Write(Jwk key) => JsonSerializer.Serialize(key, Json);

    /// <summary>
    /// The key for signing or, without its private half, for verifying. It keeps its own pool of signature providers,
    /// which is safe for any number of threads.
    /// </summary>
    public static SecurityKey Read(string json)
    {
        var jwk = JsonSerializer.Deserialize<Jwk>(json, Json) ?? throw new JsonException("The key is empty.");
        SecurityKey key = jwk.KeyType switch
        {
            // From parameters, not from an RSA object: then each provider in the pool makes an object of its own.
            "RSA" => new RsaSecurityKey(
                new RSAParameters
                {
                    Modulus = Bytes(jwk.Modulus),
                    Exponent = Bytes(jwk.Exponent),
                    D = Bytes(jwk.D),
                    P = Bytes(jwk.P),
                    Q = Bytes(jwk.Q),
                    DP = Bytes(jwk.DP),
                    DQ = Bytes(jwk.DQ),
                    InverseQ = Bytes(jwk.InverseQ),
                }
            ),
            "EC" => new ECDsaSecurityKey(
                ECDsa.Create(
                    new ECParameters
                    {
                        Curve = ECCurve.NamedCurves.nistP256,
                        Q = new ECPoint { X = Bytes(jwk.X), Y = Bytes(jwk.Y) },
                        D = Bytes(jwk.D),
                    }
                )
            ),
            _ => throw new JsonException($"There are no keys of type {jwk.KeyType}."),
        };
        key.KeyId = jwk.KeyId;
        key.CryptoProviderFactory = new CryptoProviderFactory();
        return key;
    }

    private static Jwk MakeRsa()
    {
        using var rsa = RSA.Create(2048);
        var parameters = rsa.ExportParameters(includePrivateParameters: true);
        return new Jwk
        {
            KeyType = "RSA",
            Algorithm = SecurityAlgorithms.RsaSha256,
            Modulus = Text(parameters.Modulus),
            Exponent = Text(parameters.Exponent),
            D = Text(parameters.D),
            P = Text(parameters.P),
            Q = Text(parameters.Q),
            DP = Text(parameters.DP),
            DQ = Text(parameters.DQ),
            InverseQ = Text(parameters.InverseQ),
        };
    }

    private static Jwk MakeEc()
    {
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var parameters = ec.ExportParameters(includePrivateParameters: true);
        return new Jwk
        {
            KeyType = "EC",
            Algorithm = SecurityAlgorithms.EcdsaSha256,
            Curve = "P-256",
            X = Text(parameters.Q.X),
            Y = Text(parameters.Q.Y),
            D = Text(parameters.D),
        };
    }

    private static string? Text(byte[]? bytes) => bytes is null ? null : Base64UrlEncoder.Encode(bytes);

    private static byte[]? Bytes(string? text) => text is null ? null : Base64UrlEncoder.DecodeBytes(text);
}
