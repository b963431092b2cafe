using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace IntrospectionAuth.Benchmarks.Endurance;

/// <summary>The signing key of an authorization server, which it replaces from time to time.</summary>
internal sealed class ServerKeys : IDisposable
{
    private readonly Lock _lock = new();
    private ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private int _number;

    /// <summary>The public key as a JWK set (RFC 7517, section 5).</summary>
    public string PublicKeys
    {
        get
        {
            lock (_lock)
            {
                ECPoint point = _key.ExportParameters(includePrivateParameters: false).Q;
                return $$"""{"keys":[{"kty":"EC","crv":"P-256","use":"sig","alg":"ES256","kid":"key-{{_number}}","""
                    + $$"""   "x":"{{Encode(point.X!)}}","y":"{{Encode(point.Y!)}}"}]}""";
            }
        }
    }

    /// <summary>Replaces the key. The previous one is withdrawn at once.</summary>
    public void Rotate()
    {
        lock (_lock)
        {
            _key.Dispose();
            _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            _number++;
        }
    }

    /// <summary>Signs claims, which are encoded already.</summary>
    public string Sign(string type, string encodedClaims)
    {
        lock (_lock)
        {
            string header = $$"""{"alg":"ES256","typ":"{{type}}","kid":"key-{{_number}}"}""";
            string input = Encode(Encoding.ASCII.GetBytes(header)) + "." + encodedClaims;
            return input + "." + Encode(_key.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256));
        }
    }

    public static string Encode(byte[] bytes) => Base64Url.EncodeToString(bytes);

    public void Dispose() => _key.Dispose();
}
