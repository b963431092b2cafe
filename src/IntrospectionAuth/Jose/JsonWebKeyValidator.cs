using System.Text.Json;
using IntrospectionAuth.Json;

namespace IntrospectionAuth.Jose;

/// <summary>The checks of a JWK that need no arithmetic (RFC 7517, section 4).</summary>
internal static class JsonWebKeyValidator
{
    /// <returns>The rest of a sentence that begins with "The key"; null when there is no fault.</returns>
    public static string? FindFault(JsonElement jwk)
    {
        if (jwk.ValueKind != JsonValueKind.Object)
            return "is not a JSON object";
        if (jwk.ReadString("kty") is not ("RSA" or "EC" or "oct"))
            return "has a kty other than RSA, EC and oct";
        if (jwk.Has("kid") && jwk.ReadString("kid") is null)
            return "has a kid that is not text";
        if (jwk.Has("use") && jwk.ReadString("use") != "sig")
            return "has a use other than sig";
        if (jwk.Has("alg") && JoseAlgorithm.Find(jwk.ReadString("alg")) is null)
            return "has an alg that is not supported";
        if (jwk.ReadString("kty") == "EC" && EcCurve.Find(jwk.ReadString("crv")) is null)
            return "has a crv other than P-256, P-384 and P-521";
        if (
            jwk.ReadString("kty") != "oct"
            && JoseAlgorithm.Find(jwk.ReadString("alg")) is { } algorithm
            && !AlgorithmsOf(jwk).Contains(algorithm)
        )
        {
            return "has an alg that its type does not support";
        }

        if (jwk.Has("oth"))
            return "has more than two primes";
        return FindKeyOperationsFault(jwk);
    }

    private static string? FindKeyOperationsFault(JsonElement jwk)
    {
        if (!jwk.Has("key_ops"))
            return null;

        JsonElement operations = jwk.GetProperty("key_ops");
        string needed = jwk.Has("d") || jwk.Has("k") ? "sign" : "verify";
        bool isNamed =
            operations.ValueKind == JsonValueKind.Array
            && operations.EnumerateArray().Any(operation => operation.ValueKind == JsonValueKind.String && operation.ValueEquals(needed));
        return isNamed ? null : $"has key_ops without {needed}";
    }

    /// <summary>The algorithms that the <c>kty</c> and <c>crv</c> of an asymmetric key allow.</summary>
    public static IReadOnlyList<JoseAlgorithm> AlgorithmsOf(JsonElement jwk) =>
        jwk.ReadString("kty") == "RSA" ? JoseAlgorithm.Rsa
        : jwk.ReadString("kty") == "EC" && EcCurve.Find(jwk.ReadString("crv")) is { } curve ? [curve.Algorithm]
        : [];
}
