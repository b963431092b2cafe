using System.Security.Cryptography;
using IntrospectionAuth.Jose;

namespace IntrospectionAuth.Tests.Jose;

/// <summary>A private key for each algorithm, created once because generating an RSA key is slow.</summary>
internal static class TestKeys
{
    private static readonly Dictionary<JoseAlgorithm, JoseKey> s_keys = JoseAlgorithm
        .Asymmetric.Concat(JoseAlgorithm.Symmetric)
        .ToDictionary(algorithm => algorithm, Create);

    public static JoseKey Get(JoseAlgorithm algorithm) => s_keys[algorithm];

    private static JoseKey Create(JoseAlgorithm algorithm)
    {
        if (JoseAlgorithm.Rsa.Contains(algorithm))
            return RsaJoseKey.Create(RsaKeys.CreateFirst(), isPrivate: true)!;
        return EcCurve.All.FirstOrDefault(curve => curve.Algorithm == algorithm) is { } curve
            ? EcJoseKey.Create(ECDsa.Create(curve.Curve), isPrivate: true)!
            : SymmetricJoseKey.Create(RandomNumberGenerator.GetBytes(algorithm.HashLength))!;
    }
}
