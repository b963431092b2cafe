using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;

namespace IntrospectionAuth.Benchmarks.Workloads;

/// <summary>Signs the members of introspection responses as access tokens (RFC 9068), with one key.</summary>
internal sealed class SignedTokens
{
    public const string Issuer = "https://auth.example.com",
        Audience = "client_01JX4B7Q0ZC2N4V8R6T5S3W1YM"; // as in the sample response

    private const string KeyId = "key-1";

    private readonly string _algorithm;
    private readonly Func<byte[], byte[]> _sign;

    public SignedTokens(string algorithm)
    {
        _algorithm = algorithm;
        if (algorithm == SecurityAlgorithms.RsaSha256)
        {
            var rsa = RSA.Create(2048);
            _sign = data => rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            Key = new RsaSecurityKey(rsa) { KeyId = KeyId };
        }
        else
        {
            var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            _sign = data => ecdsa.SignData(data, HashAlgorithmName.SHA256);
            Key = new ECDsaSecurityKey(ecdsa) { KeyId = KeyId };
        }
    }

    /// <summary>The key that verifies the tokens.</summary>
    public SecurityKey Key { get; }

    public string Sign(byte[] response)
    {
        JsonObject claims = JsonNode.Parse(response)!.AsObject();
        claims.Remove("active");
        string header = $$"""{"alg":"{{_algorithm}}","typ":"at+jwt","kid":"{{KeyId}}"}""";
        string signed = Encode(Encoding.UTF8.GetBytes(header)) + "." + Encode(Encoding.UTF8.GetBytes(claims.ToJsonString()));
        return signed + "." + Encode(_sign(Encoding.ASCII.GetBytes(signed)));
    }

    private static string Encode(byte[] data) => Base64Url.EncodeToString(data);
}
