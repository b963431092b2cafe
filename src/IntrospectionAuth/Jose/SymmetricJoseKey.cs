using System.Security.Cryptography;

namespace IntrospectionAuth.Jose;

/// <summary>A shared secret, at least as long as the hash of the algorithm (RFC 7518, section 3.2).</summary>
internal sealed class SymmetricJoseKey : JoseKey
{
    private readonly byte[] _secret;

    private SymmetricJoseKey(byte[] secret)
    {
        _secret = secret;
        Fitting = [.. JoseAlgorithm.Symmetric.Where(algorithm => algorithm.HashLength <= secret.Length)];
    }

    public override bool IsPrivate => true;

    protected override IReadOnlyList<JoseAlgorithm> Fitting { get; }

    protected override string RequiredMembers => $$"""{"k":"{{Base64UrlText.Encode(_secret)}}","kty":"oct"}""";

    /// <returns>The key, or null when it is too short for every algorithm.</returns>
    public static SymmetricJoseKey? Create(byte[] secret, string? keyId = null, JoseAlgorithm? onlyAlgorithm = null)
    {
        var key = new SymmetricJoseKey(secret) { KeyId = keyId, OnlyAlgorithm = onlyAlgorithm };
        return key.Fitting.Count > 0 ? key : null;
    }

    public override void Dispose()
    {
        // An array has no handle to release.
    }

    protected override byte[] SignCore(JoseAlgorithm algorithm, ReadOnlySpan<byte> data) =>
        CryptographicOperations.HmacData(algorithm.Hash, _secret, data);

    protected override bool VerifyCore(JoseAlgorithm algorithm, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) =>
        CryptographicOperations.FixedTimeEquals(CryptographicOperations.HmacData(algorithm.Hash, _secret, data), signature);
}
