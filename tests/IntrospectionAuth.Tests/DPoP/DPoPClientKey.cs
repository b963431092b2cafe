using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using IntrospectionAuth.Tests.Support;

namespace IntrospectionAuth.Tests.DPoP;

/// <summary>A client's key that signs valid and invalid proofs, without the JOSE code of the library.</summary>
internal sealed class DPoPClientKey : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public DPoPClientKey()
    {
        ECPoint point = _key.ExportParameters(includePrivateParameters: false).Q;
        (X, Y) = (Encode(point.X!), Encode(point.Y!));
        Thumbprint = Encode(SHA256.HashData(Encoding.ASCII.GetBytes($$"""{"crv":"P-256","kty":"EC","x":"{{X}}","y":"{{Y}}"}""")));
    }

    public string X { get; }

    public string Y { get; }

    /// <summary>The <c>jkt</c> of tokens that are bound to the key.</summary>
    public string Thumbprint { get; }

    public string PrivatePart => Encode(_key.ExportParameters(includePrivateParameters: true).D!);

    /// <summary>Creates a proof for a request at the time of the test clock.</summary>
    public string Prove(string method, string url, string token, Action<JsonObject>? claims = null, Action<JsonObject>? header = null) =>
        Prove(method, url, token, ManualTimeProvider.Start, claims, header);

    public string Prove(
        string method,
        string url,
        string token,
        DateTimeOffset at,
        Action<JsonObject>? claims = null,
        Action<JsonObject>? header = null
    )
    {
        var jose = new JsonObject
        {
            ["typ"] = "dpop+jwt",
            ["alg"] = "ES256",
            ["jwk"] = new JsonObject
            {
                ["kty"] = "EC",
                ["crv"] = "P-256",
                ["x"] = X,
                ["y"] = Y,
            },
        };
        var payload = new JsonObject
        {
            ["jti"] = Encode(RandomNumberGenerator.GetBytes(16)),
            ["htm"] = method,
            ["htu"] = url,
            ["iat"] = at.ToUnixTimeSeconds(),
            ["ath"] = Encode(SHA256.HashData(Encoding.ASCII.GetBytes(token))),
        };
        header?.Invoke(jose);
        claims?.Invoke(payload);
        return Sign(jose.ToJsonString(), payload.ToJsonString());
    }

    public string Sign(string header, string payload)
    {
        string signed = $"{Encode(Encoding.UTF8.GetBytes(header))}.{Encode(Encoding.UTF8.GetBytes(payload))}";
        return $"{signed}.{Encode(_key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}";
    }

    public void Dispose() => _key.Dispose();

    private static string Encode(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
