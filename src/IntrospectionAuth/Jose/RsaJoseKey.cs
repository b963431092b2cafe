using System.Security.Cryptography;

namespace IntrospectionAuth.Jose;

/// <summary>
/// An RSA key of at least 2048 bits (RFC 7518, sections 3.3 and 4.3). The maximum size limits the cost of verifying a caller's signature.
/// </summary>
internal sealed class RsaJoseKey : JoseKey
{
    public const int MinimumSize = 2048;
    public const int MaximumSize = 8192;

    private readonly KeyInstances<RSA> _instances;
    private readonly RSAParameters _public;

    private RsaJoseKey(RSA rsa, RSAParameters publicPart, bool isPrivate, Func<RSA>? copy)
    {
        _public = publicPart;
        IsPrivate = isPrivate;
        _instances = new(
            rsa,
            copy ?? (() => RSA.Create(isPrivate ? rsa.ExportParameters(includePrivateParameters: true) : publicPart)),
            lendsOriginal: !isPrivate
        );
    }

    public override bool IsPrivate { get; }

    protected override IReadOnlyList<JoseAlgorithm> Fitting => JoseAlgorithm.Rsa;

    protected override string RequiredMembers =>
        WriteMembers(Base64UrlText.Encode(_public.Exponent), Base64UrlText.Encode(_public.Modulus));

    /// <param name="rsa">The key; the result owns it.</param>
    /// <param name="isPrivate">Whether the key has its private part.</param>
    /// <param name="keyId"><c>kid</c>.</param>
    /// <param name="onlyAlgorithm"><c>alg</c>.</param>
    /// <param name="copy">Creates another object for the same key; null when its parameters can be exported instead.</param>
    /// <returns>The key, or null when it is too small or too large.</returns>
    public static RsaJoseKey? Create(
        RSA rsa,
        bool isPrivate,
        string? keyId = null,
        JoseAlgorithm? onlyAlgorithm = null,
        Func<RSA>? copy = null
    ) =>
        IsSupported(rsa.KeySize)
            ? new(rsa, rsa.ExportParameters(includePrivateParameters: false), isPrivate, copy)
            {
                KeyId = keyId,
                OnlyAlgorithm = onlyAlgorithm,
            }
            : null;

    /// <summary>Imports a key. The import checks that its parts belong together.</summary>
    /// <returns>The key, or null when it is too small or too large.</returns>
    /// <exception cref="CryptographicException">The parts do not form a key.</exception>
    public static RsaJoseKey? Import(RSAParameters parameters, string? keyId, JoseAlgorithm? onlyAlgorithm, string? unnormalizedThumbprint)
    {
        var rsa = RSA.Create(parameters);
        if (!IsSupported(rsa.KeySize))
        {
            rsa.Dispose();
            return null;
        }

        // The public part is already known, and exporting it takes longer than verifying a signature.
        var publicPart = new RSAParameters { Modulus = parameters.Modulus, Exponent = parameters.Exponent };
        return new(rsa, publicPart, parameters.D is not null, copy: null)
        {
            KeyId = keyId,
            OnlyAlgorithm = onlyAlgorithm,
            UnnormalizedThumbprint = unnormalizedThumbprint,
        };
    }

    /// <summary>The JSON whose hash is the thumbprint.</summary>
    public static string WriteMembers(string exponent, string modulus) => $$"""{"e":"{{exponent}}","kty":"RSA","n":"{{modulus}}"}""";

    /// <summary>Decrypts data that was encrypted for this key (RFC 7518, section 4.3).</summary>
    /// <returns>The plaintext; null when the data was encrypted for another key or with another padding, or was changed.</returns>
    public byte[]? Decrypt(ReadOnlySpan<byte> data, RSAEncryptionPadding padding)
    {
        RSA rsa = _instances.Rent();
        try
        {
            return rsa.Decrypt(data, padding);
        }
        catch (CryptographicException)
        {
            return null;
        }
        finally
        {
            _instances.Return(rsa);
        }
    }

    public override void Dispose() => _instances.Dispose();

    protected override byte[] SignCore(JoseAlgorithm algorithm, ReadOnlySpan<byte> data)
    {
        RSA rsa = _instances.Rent();
        try
        {
            return rsa.SignData(data, algorithm.Hash, algorithm.Padding!);
        }
        finally
        {
            _instances.Return(rsa);
        }
    }

    protected override bool VerifyCore(JoseAlgorithm algorithm, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != _public.Modulus!.Length)
            return false;

        RSA rsa = _instances.Rent();
        try
        {
            return rsa.VerifyData(data, signature, algorithm.Hash, algorithm.Padding!);
        }
        finally
        {
            _instances.Return(rsa);
        }
    }

    private static bool IsSupported(int size) => size is >= MinimumSize and <= MaximumSize;
}
