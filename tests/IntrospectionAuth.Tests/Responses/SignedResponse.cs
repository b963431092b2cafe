using System.Text;
using System.Text.Json.Nodes;
using IntrospectionAuth.Jose;

namespace IntrospectionAuth.Tests.Responses;

/// <summary>A signed response (RFC 9701, section 5), valid until a test changes it.</summary>
internal sealed class SignedResponse
{
    public required JsonObject Header { get; set; }

    public required JsonObject Claims { get; set; }

    public required JoseKey Key { get; set; }

    /// <summary>The payload as it is signed, when it is not what <see cref="Claims"/> says.</summary>
    public string? Payload { get; set; }

    /// <summary>The same, when it is not text.</summary>
    public byte[]? PayloadBytes { get; set; }

    /// <summary>What stands in the place of the signature, when it is none.</summary>
    public string? Signature { get; set; }

    /// <summary>The header by itself decides nothing here: a server that lies about the algorithm is one of the cases.</summary>
    public JoseAlgorithm? Algorithm { get; set; }

    public override string ToString()
    {
        byte[] payload = PayloadBytes ?? Encoding.UTF8.GetBytes(Payload ?? Claims.ToJsonString());
        string input = $"{Base64UrlText.Encode(Header.ToJsonString())}.{Base64UrlText.Encode(payload)}";
        return $"{input}.{Signature ?? Base64UrlText.Encode(Key.Sign(Algorithm ?? Key.Algorithms[0], Encoding.ASCII.GetBytes(input)))}";
    }
}
