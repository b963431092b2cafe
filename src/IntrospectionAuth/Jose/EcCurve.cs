using System.Security.Cryptography;

namespace IntrospectionAuth.Jose;

/// <summary>An ECDSA curve. Each has one algorithm (RFC 7518, section 3.4).</summary>
internal sealed class EcCurve
{
    private EcCurve(string name, ECCurve curve, int coordinateLength, JoseAlgorithm algorithm)
    {
        Name = name;
        Curve = curve;
        CoordinateLength = coordinateLength;
        Algorithm = algorithm;
    }

    /// <summary>All supported curves.</summary>
    public static IReadOnlyList<EcCurve> All { get; } =
    [
        new("P-256", ECCurve.NamedCurves.nistP256, 32, JoseAlgorithm.ES256),
        new("P-384", ECCurve.NamedCurves.nistP384, 48, JoseAlgorithm.ES384),
        new("P-521", ECCurve.NamedCurves.nistP521, 66, JoseAlgorithm.ES512),
    ];

    /// <summary>The value of <c>crv</c> (RFC 7518, section 6.2.1.1).</summary>
    public string Name { get; }

    /// <summary>The platform's curve.</summary>
    public ECCurve Curve { get; }

    /// <summary>The length of <c>x</c>, <c>y</c> and <c>d</c>, in bytes: always the full one (RFC 7518, section 6.2.1.2).</summary>
    public int CoordinateLength { get; }

    public JoseAlgorithm Algorithm { get; }

    /// <returns>The curve with exactly this name, or null.</returns>
    public static EcCurve? Find(string? name) => All.FirstOrDefault(curve => curve.Name == name);

    /// <returns>The supported curve that equals the platform's curve, or null.</returns>
    public static EcCurve? Find(ECCurve curve) => curve.IsNamed ? All.FirstOrDefault(known => IsSame(curve, known.Curve)) : null;

    /// <summary>Some platforms identify a curve by its object identifier, others by its name alone.</summary>
    private static bool IsSame(ECCurve curve, ECCurve known) =>
        curve.Oid.Value is { } value
            ? value == known.Oid.Value
            : string.Equals(curve.Oid.FriendlyName, known.Oid.FriendlyName, StringComparison.OrdinalIgnoreCase);
}
