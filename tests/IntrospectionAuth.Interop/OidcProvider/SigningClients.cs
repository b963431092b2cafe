using System.Security.Cryptography;
using System.Text.Json.Nodes;
using IntrospectionAuth.Jose;

namespace IntrospectionAuth.Interop.OidcProvider;

/// <summary>Clients of oidc-provider that authenticate by assertions: key files and metadata.</summary>
internal sealed class SigningClients : IDisposable
{
    /// <summary>The secret of the clients that sign by HMAC.</summary>
    public const string Secret = "a-secret-of-64-bytes-is-enough-for-HS512-0123456789-0123456789-0";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("introspection-auth-keys-");

    public SigningClients()
    {
        foreach (string algorithm in new[] { "RS256", "RS384", "RS512", "PS256", "PS384", "PS512" })
            AddRsa(algorithm);
        AddEc("ES256", "P-256", ECCurve.NamedCurves.nistP256);
        AddEc("ES384", "P-384", ECCurve.NamedCurves.nistP384);
        AddEc("ES512", "P-521", ECCurve.NamedCurves.nistP521);
        foreach (string algorithm in new[] { "HS256", "HS384", "HS512" })
            Add(algorithm, "client_secret_jwt", new JsonObject { ["client_secret"] = Secret });
    }

    /// <summary>The metadata of the clients (RFC 7591).</summary>
    public JsonArray Metadata { get; } = [];

    /// <summary>The id of the client that signs by an algorithm.</summary>
    public static string IdOf(string algorithm) => $"api-{algorithm}";

    /// <summary>The file with the private key of the client that signs by an algorithm.</summary>
    public string KeyOf(string algorithm) => Path.Combine(_folder.FullName, algorithm + ".pem");

    /// <summary>Adds a public key on an elliptic curve to the members of a JWK.</summary>
    public static JsonObject CreateJwk(string curve, ECPoint key, JsonObject jwk)
    {
        jwk["kty"] = "EC";
        jwk["crv"] = curve;
        jwk["x"] = Base64UrlText.Encode(key.X);
        jwk["y"] = Base64UrlText.Encode(key.Y);
        return jwk;
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private void AddRsa(string algorithm)
    {
        using var rsa = RSA.Create(2048);
        File.WriteAllText(KeyOf(algorithm), rsa.ExportPkcs8PrivateKeyPem());
        RSAParameters key = rsa.ExportParameters(includePrivateParameters: false);
        AddKey(
            algorithm,
            new JsonObject
            {
                ["kty"] = "RSA",
                ["kid"] = "key-1",
                ["n"] = Base64UrlText.Encode(key.Modulus),
                ["e"] = Base64UrlText.Encode(key.Exponent),
            }
        );
    }

    private void AddEc(string algorithm, string name, ECCurve curve)
    {
        using var ecdsa = ECDsa.Create(curve);
        File.WriteAllText(KeyOf(algorithm), ecdsa.ExportPkcs8PrivateKeyPem());
        ECPoint key = ecdsa.ExportParameters(includePrivateParameters: false).Q;
        AddKey(algorithm, CreateJwk(name, key, new JsonObject { ["kid"] = "key-1" }));
    }

    private void AddKey(string algorithm, JsonObject jwk) =>
        Add(algorithm, "private_key_jwt", new JsonObject { ["jwks"] = new JsonObject { ["keys"] = new JsonArray(jwk) } });

    private void Add(string algorithm, string method, JsonObject metadata)
    {
        metadata["client_id"] = IdOf(algorithm);
        metadata["token_endpoint_auth_method"] = method;
        metadata["token_endpoint_auth_signing_alg"] = algorithm;
        Metadata.Add((JsonNode)metadata);
    }
}
