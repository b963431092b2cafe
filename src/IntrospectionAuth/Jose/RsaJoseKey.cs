using System.Security.Cryptography;

namespace IntrospectionAuth.Jose;

/// <summary>An RSA key of at least 2048 bits (RFC 7518, sections 3.3 and 4.3), and of no more than verifying should cost.</summary>
internal sealed class RsaJoseKey : JoseKey
{
    public const int MinimumSize = 2048;
    public const int MaximumSize = 8192;

    private readonly RSA _rsa;
    private readonly Lock _lock = new(); // the platform promises nothing about calls in parallel

    private RsaJoseKey(RSA rsa, bool isPrivate)
    {
        _rsa = rsa;
        IsPrivate = isPrivate;
    }

    public override bool IsPrivate { get; }

    protected override IReadOnlyList<JoseAlgorithm> Fitting { get; } = [JoseAlgorithm.RS256, JoseAlgorithm.PS256];

    protected override string RequiredMembers
    {
        get
        {
            RSAParameters key = _rsa.ExportParameters(includePrivateParameters: false);
            return $$"""{"e":"{{Base64UrlText.Encode(key.Exponent)}}","kty":"RSA","n":"{{Base64UrlText.Encode(key.Modulus)}}"}""";
        }
    }

    /// <returns>The key, or null when it is too small or too large.</returns>
    public static RsaJoseKey? Create(RSA rsa, bool isPrivate, string? keyId = null, JoseAlgorithm? onlyAlgorithm = null) =>
        rsa.KeySize is >= MinimumSize and <= MaximumSize ? new(rsa, isPrivate) { KeyId = keyId, OnlyAlgorithm = onlyAlgorithm } : null;

    /// <summary>Decrypts by RSA-OAEP-256 (RFC 7518, section 4.3).</summary>
    /// <returns>What was encrypted; null when it was not encrypted for this key, or was changed.</returns>
    public byte[]? Decrypt(ReadOnlySpan<byte> data)
    {
        try
        {
            lock (_lock)
                return _rsa.Decrypt(data, RSAEncryptionPadding.OaepSHA256);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    public override void Dispose() => _rsa.Dispose();

    protected override byte[] SignCore(JoseAlgorithm algorithm, ReadOnlySpan<byte> data)
    {
        lock (_lock)
            return _rsa.SignData(data, algorithm.Hash, algorithm.Padding!);
    }

    protected override bool VerifyCore(JoseAlgorithm algorithm, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        lock (_lock)
            return signature.Length == (_rsa.KeySize + 7) / 8 && _rsa.VerifyData(data, signature, algorithm.Hash, algorithm.Padding!);
    }
}
