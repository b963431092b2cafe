using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace IntrospectionAuth.Benchmarks.Native;

/// <summary>The key of a client that proves its possession (RFC 9449).</summary>
internal sealed class ProofKey : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>The thumbprint of the key (RFC 7638), for <c>cnf.jkt</c>.</summary>
    public string Thumbprint => Encode(SHA256.HashData(Encoding.ASCII.GetBytes(PublicKey().ToJsonString())));

    /// <summary>A new proof for a request with a token.</summary>
    public string Prove(Uri url, string token, string method = "GET", TimeSpan age = default)
    {
        var header = new JsonObject
        {
            ["typ"] = "dpop+jwt",
            ["alg"] = "ES256",
            ["jwk"] = PublicKey(),
        };
        var payload = new JsonObject
        {
            ["jti"] = Guid.NewGuid().ToString(),
            ["htm"] = method,
            ["htu"] = url.AbsoluteUri,
            ["iat"] = (TimeProvider.System.GetUtcNow() - age).ToUnixTimeSeconds(),
            ["ath"] = Encode(SHA256.HashData(Encoding.ASCII.GetBytes(token))),
        };
        string signed = $"{Encode(Encoding.UTF8.GetBytes(header.ToJsonString()))}.{Encode(Encoding.UTF8.GetBytes(payload.ToJsonString()))}";
        return $"{signed}.{Encode(_key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}";
    }

    public void Dispose() => _key.Dispose();

    // The members in the order of RFC 7638.
    private JsonObject PublicKey()
    {
        ECPoint point = _key.ExportParameters(includePrivateParameters: false).Q;
        return new JsonObject
        {
            ["crv"] = "P-256",
            ["kty"] = "EC",
            ["x"] = Encode(point.X!),
            ["y"] = Encode(point.Y!),
        };
    }

    private static string Encode(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
