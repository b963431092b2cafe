using System.Security.Cryptography;

namespace IntrospectionAuth.Jose;

/// <summary>A key on a curve that is supported, which has one algorithm.</summary>
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

    /// <param name="ecdsa">The key, which belongs to the result from now on.</param>
    /// <param name="isPrivate">Whether it has its private part.</param>
    /// <param name="keyId"><c>kid</c>.</param>
    /// <param name="onlyAlgorithm"><c>alg</c>.</param>
    /// <param name="copy">Makes another object for the same key; null where its parameters can be exported for that.</param>
    /// <returns>The key, or null when its curve is another one.</returns>
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

    /// <summary>Imports a key, which also checks that the point lies on the curve, and that the private part belongs to it.</summary>
    /// <exception cref="CryptographicException">It is no such key.</exception>
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
