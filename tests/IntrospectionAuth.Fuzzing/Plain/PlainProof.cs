using System.Security.Cryptography;
using System.Text;

namespace IntrospectionAuth.Fuzzing.Plain;

/// <summary>A DPoP proof, checked a second time (RFC 9449, section 4.3; PROTOCOL X17).</summary>
internal sealed class PlainProof
{
    private const int LongestProof = 8192;
    private const int LongestId = 512;
    private const int MaximumDepth = 8;

    private static readonly string[] s_algorithms = ["ES256", "PS256", "PS384", "PS512", "RS256", "RS384", "RS512"];

    public required string Id { get; init; }

    public required string Thumbprint { get; init; }

    /// <summary>Whether it has text that is not Unicode where it does not matter. The library may refuse it.</summary>
    public required bool IsDoubtful { get; init; }

    /// <returns>The proof of a GET request with this token; null when it proves nothing.</returns>
    public static PlainProof? Read(
        IReadOnlyList<string> headers,
        bool? isSigned,
        string token,
        string host,
        string path,
        DateTimeOffset now
    )
    {
        // 1. to 5.
        if (headers.Count != 1 || headers[0].Length > LongestProof || PlainJws.Read(headers[0]) is not { } message)
            return null;
        if (!message.HasType("dpop+jwt") || !s_algorithms.Contains(message.Algorithm))
            return null;
        if (PlainJson.Parse(message.Payload, MaximumDepth) is not { Kind: PlainKind.Object, HasMemberTwiceAnywhere: false } claims)
            return null;

        // 3., 8. and 9.
        if (claims.GetText("jti") is not { Length: > 0 and <= LongestId } id || claims.GetText("htm") != "GET")
            return null;
        if (claims.GetText("htu") is not { } url || !PlainUrl.IsSame(url, "https", host, path))
            return null;

        // 11. and 12. Fractions of a second may be rounded.
        if (claims.Get("iat") is not { Kind: PlainKind.Number } issued || PlainNumber.Parse(issued.Raw) is not { } seconds)
            return null;
        decimal age = now.ToUnixTimeSeconds() - Round(seconds);
        if (age is < -5.001m or > 60.001m)
            return null;

        // 6. and 7.
        if (message.Header.Get("jwk") is not { } jwk || PlainKey.Read(jwk) is not { } key || !message.IsSignedBy(key, isSigned))
            return null;

        string hash = PlainBase64.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(token)));
        return claims.GetText("ath") == hash
            ? new()
            {
                Id = id,
                Thumbprint = key.Thumbprint,
                IsDoubtful = !claims.IsUnicode || !message.Header.IsUnicode || age is < -4.999m or > 59.999m,
            }
            : null;
    }

    private static decimal Round(PlainNumber seconds)
    {
        var thousandths = System.Numerics.BigInteger.Min(seconds.Scale(3), 1_000_000_000_000_000);
        return (seconds.IsBelowZero ? -1 : 1) * (decimal)thousandths / 1000;
    }
}
