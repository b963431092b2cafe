using System.Security.Cryptography;

namespace IntrospectionAuth.Jose;

/// <summary>An EC key on a supported curve. It has one algorithm.</summary>
internal sealed class EcJoseKey : JoseKey
{
    private readonly KeyInstances<ECDsa> _instances;
    private readonly ECPoint _point;
    private readonly EcCurve _curve;

    private EcJoseKey(ECDsa ecdsa, EcCurve curve, ECPoint point, bool isPrivate, Func<ECDsa>? copy)
    {
        _point = point;
        _curve = curve;
        IsPrivate = isPrivate;
        Fitting = [curve.Algorithm];
        _instances = new(
            ecdsa,
            copy
                ?? (
                    () =>
                        ECDsa.Create(
                            isPrivate
                                ? ecdsa.ExportParameters(includePrivateParameters: true)
                                : new ECParameters { Curve = curve.Curve, Q = point }
                        )
                ),
            lendsOriginal: !isPrivate
        );
    }

    public override bool IsPrivate { get; }

    protected override IReadOnlyList<JoseAlgorithm> Fitting { get; }

    protected override string RequiredMembers =>
        $$"""{"crv":"{{_curve.Name}}","kty":"EC","x":"{{Base64UrlText.Encode(_point.X)}}","y":"{{Base64UrlText.Encode(_point.Y)}}"}""";

    /// <param name="ecdsa">The key; the result owns it.</param>
    /// <param name="isPrivate">Whether the key has its private part.</param>
    /// <param name="keyId"><c>kid</c>.</param>
    /// <param name="onlyAlgorithm"><c>alg</c>.</param>
    /// <param name="copy">Creates another object for the same key; null when its parameters can be exported instead.</param>
    /// <returns>The key, or null when its curve is not supported.</returns>
    public static EcJoseKey? Create(
        ECDsa ecdsa,
        bool isPrivate,
        string? keyId = null,
        JoseAlgorithm? onlyAlgorithm = null,
        Func<ECDsa>? copy = null
    )
    {
        ECParameters key = ecdsa.ExportParameters(includePrivateParameters: false);
        return EcCurve.Find(key.Curve) is { } curve
            ? new(ecdsa, curve, key.Q, isPrivate, copy) { KeyId = keyId, OnlyAlgorithm = onlyAlgorithm }
            : null;
    }

    /// <summary>Imports a key. The import checks that the point is on the curve and that the private part belongs to it.</summary>
    /// <exception cref="CryptographicException">The parts do not form a key.</exception>
    public static EcJoseKey Import(EcCurve curve, ECPoint point, byte[]? privatePart, string? keyId, JoseAlgorithm? onlyAlgorithm) =>
        new(
            ECDsa.Create(
                new ECParameters
                {
                    Curve = curve.Curve,
                    Q = point,
                    D = privatePart,
                }
            ),
            curve,
            point,
            privatePart is not null,
            copy: null
        )
        {
            KeyId = keyId,
            OnlyAlgorithm = onlyAlgorithm,
        };

    public override void Dispose() => _instances.Dispose();

    protected override byte[] SignCore(JoseAlgorithm algorithm, ReadOnlySpan<byte> data)
    {
        ECDsa ecdsa = _instances.Rent();
        try
        {
            return ecdsa.SignData(data, algorithm.Hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
        finally
        {
            _instances.Return(ecdsa);
        }
    }

    protected override bool VerifyCore(JoseAlgorithm algorithm, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        ECDsa ecdsa = _instances.Rent();
        try
        {
            return ecdsa.VerifyData(data, signature, algorithm.Hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
        finally
        {
            _instances.Return(ecdsa);
        }
    }
}
