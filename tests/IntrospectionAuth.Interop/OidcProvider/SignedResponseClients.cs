using System.Security.Cryptography;
using System.Text.Json.Nodes;
using IntrospectionAuth.Jose;

namespace IntrospectionAuth.Interop.OidcProvider;

/// <summary>Clients of oidc-provider that receive signed or encrypted responses (RFC 9701, section 6): key files and metadata.</summary>
internal sealed class SignedResponseClients : IDisposable
{
    /// <summary>The client whose responses are also encrypted.</summary>
    public const string Encrypted = "api-encrypted";

    /// <summary>The same with RSA-OAEP and the default content encryption, A128CBC-HS256.</summary>
    public const string EncryptedByDefault = "api-encrypted-by-default";

    /// <summary>The same with RSA-OAEP-256 and A256CBC-HS512.</summary>
    public const string EncryptedByCbc = "api-encrypted-by-cbc";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("introspection-auth-decrypt-");

    public SignedResponseClients()
    {
        foreach (string algorithm in new[] { "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512" })
        {
            Metadata.Add(
                (JsonNode)
                    new JsonObject
                    {
                        ["client_id"] = IdOf(algorithm),
                        ["token_endpoint_auth_method"] = "none",
                        ["introspection_signed_response_alg"] = algorithm,
                    }
            );
        }

        using var rsa = RSA.Create(2048);
        using var other = RSA.Create(2048);
        File.WriteAllText(Key, rsa.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(OtherKey, other.ExportPkcs8PrivateKeyPem());
        RSAParameters key = rsa.ExportParameters(includePrivateParameters: false);
        var jwk = new JsonObject
        {
            ["kty"] = "RSA",
            ["use"] = "enc",
            ["kid"] = "for-responses",
            ["n"] = Base64UrlText.Encode(key.Modulus),
            ["e"] = Base64UrlText.Encode(key.Exponent),
        };
        AddEncrypted(Encrypted, "RSA-OAEP-256", "A256GCM", jwk);
        AddEncrypted(EncryptedByDefault, "RSA-OAEP", enc: null, jwk);
        AddEncrypted(EncryptedByCbc, "RSA-OAEP-256", "A256CBC-HS512", jwk);
    }

    /// <summary>The metadata of the clients (RFC 7591).</summary>
    public JsonArray Metadata { get; } = [];

    /// <summary>The file with the key that decrypts the responses for <see cref="Encrypted"/>.</summary>
    public string Key => Path.Combine(_folder.FullName, "decrypt.pem");

    /// <summary>The file with a key that decrypts no response.</summary>
    public string OtherKey => Path.Combine(_folder.FullName, "other.pem");

    /// <summary>The id of the client whose responses are signed with an algorithm.</summary>
    public static string IdOf(string algorithm) => $"api-signed-{algorithm}";

    public void Dispose() => _folder.Delete(recursive: true);

    private void AddEncrypted(string clientId, string alg, string? enc, JsonObject jwk)
    {
        var client = new JsonObject
        {
            ["client_id"] = clientId,
            ["token_endpoint_auth_method"] = "none",
            ["introspection_signed_response_alg"] = "ES256",
            ["introspection_encrypted_response_alg"] = alg,
            ["jwks"] = new JsonObject { ["keys"] = new JsonArray(jwk.DeepClone()) },
        };
        if (enc is not null)
            client["introspection_encrypted_response_enc"] = enc;
        Metadata.Add((JsonNode)client);
    }
}
