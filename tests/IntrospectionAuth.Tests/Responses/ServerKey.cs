using System.Security.Cryptography;
using System.Text.Json.Nodes;
using IntrospectionAuth.Jose;

namespace IntrospectionAuth.Tests.Responses;

/// <summary>A key pair of an authorization server, with its public part as it is published.</summary>
internal sealed class ServerKey
{
    private readonly JsonObject _jwk;

    private ServerKey(JoseKey pair, JsonObject jwk)
    {
        Pair = pair;
        _jwk = jwk;
        if (pair.KeyId is not null)
            jwk["kid"] = pair.KeyId;
    }

    public JoseKey Pair { get; }

    public string? KeyId => Pair.KeyId;

    public static ServerKey Ec(string? keyId = "key-1", string curve = "P-256")
    {
        var ecdsa = ECDsa.Create(EcCurve.Find(curve)!.Curve);
        ECPoint point = ecdsa.ExportParameters(includePrivateParameters: false).Q;
        return new(
            EcJoseKey.Create(ecdsa, isPrivate: true, keyId)!,
            new JsonObject
            {
                ["kty"] = "EC",
                ["crv"] = curve,
                ["x"] = Base64UrlText.Encode(point.X),
                ["y"] = Base64UrlText.Encode(point.Y),
            }
        );
    }

    public static ServerKey Rsa(string? keyId = "key-1", JoseAlgorithm? algorithm = null)
    {
        var rsa = RSA.Create(2048);
        RSAParameters key = rsa.ExportParameters(includePrivateParameters: false);
        return new(
            RsaJoseKey.Create(rsa, isPrivate: true, keyId, algorithm)!,
            new JsonObject
            {
                ["kty"] = "RSA",
                ["n"] = Base64UrlText.Encode(key.Modulus),
                ["e"] = Base64UrlText.Encode(key.Exponent),
            }
        );
    }

    /// <summary>The public JWK, with additional members.</summary>
    public JsonObject Jwk(params (string Name, JsonNode? Value)[] more)
    {
        var jwk = (JsonObject)_jwk.DeepClone();
        foreach ((string name, JsonNode? value) in more)
            jwk[name] = value;
        return jwk;
    }
}
