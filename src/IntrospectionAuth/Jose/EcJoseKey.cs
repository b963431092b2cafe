using System.Security.Cryptography;

namespace IntrospectionAuth.Jose;

/// <summary>A key on the curve P-256 or P-384. Each curve has one algorithm (RFC 7518, section 3.4).</summary>
internal sealed class EcJoseKey : JoseKey
{
    private readonly ECDsa _ecdsa;
    private readonly string _curve;
    private readonly Lock _lock = new(); // the platform promises nothing about calls in parallel

    private EcJoseKey(ECDsa ecdsa, string curve, bool isPrivate)
    {
        _ecdsa = ecdsa;
        _curve = curve;
        IsPrivate = isPrivate;
        Fitting = [curve == "P-256" ? JoseAlgorithm.ES256 : JoseAlgorithm.ES384];
    }

    public override bool IsPrivate { get; }

    protected override IReadOnlyList<JoseAlgorithm> Fitting { get; }

    protected override string RequiredMembers
    {
        get
        {
            ECPoint key = _ecdsa.ExportParameters(includePrivateParameters: false).Q;
            return $$"""{"crv":"{{_curve}}","kty":"EC","x":"{{Base64UrlText.Encode(key.X)}}","y":"{{Base64UrlText.Encode(key.Y)}}"}""";
        }
    }

    /// <returns>The key, or null when its curve is another one.</returns>
    public static EcJoseKey? Create(ECDsa ecdsa, bool isPrivate, string? keyId = null, JoseAlgorithm? onlyAlgorithm = null)
    {
        ECCurve curve = ecdsa.ExportParameters(includePrivateParameters: false).Curve;
        string? name = !curve.IsNamed ? null
            : Is(curve, ECCurve.NamedCurves.nistP256) ? "P-256"
            : Is(curve, ECCurve.NamedCurves.nistP384) ? "P-384"
            : null;
        return name is null ? null : new(ecdsa, name, isPrivate) { KeyId = keyId, OnlyAlgorithm = onlyAlgorithm };
    }

    public override void Dispose() => _ecdsa.Dispose();

    protected override byte[] SignCore(JoseAlgorithm algorithm, ReadOnlySpan<byte> data)
    {
        lock (_lock)
            return _ecdsa.SignData(data, algorithm.Hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    protected override bool VerifyCore(JoseAlgorithm algorithm, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        lock (_lock)
            return _ecdsa.VerifyData(data, signature, algorithm.Hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    /// <summary>Platforms know a curve by its object identifier, or by its name alone.</summary>
    private static bool Is(ECCurve curve, ECCurve known) =>
        curve.Oid.Value is { } value ? value == known.Oid.Value : string.Equals(curve.Oid.FriendlyName, known.Oid.FriendlyName, StringComparison.OrdinalIgnoreCase);
}
