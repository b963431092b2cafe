using System.Formats.Asn1;

namespace IntrospectionAuth.Jose;

/// <summary>
/// Finds private keys with an unsupported encryption. The platform reports them in the same way as a wrong password.
/// </summary>
internal static class EncryptedKeyAlgorithm
{
    private const string Pbes2 = "1.2.840.113549.1.5.13",
        Pbkdf2 = "1.2.840.113549.1.5.12";

    // AES-128, AES-192 and AES-256 in CBC mode, 3DES, DES, RC2.
    private static readonly string[] s_ciphers =
    [
        "2.16.840.1.101.3.4.1.2",
        "2.16.840.1.101.3.4.1.22",
        "2.16.840.1.101.3.4.1.42",
        "1.2.840.113549.3.7",
        "1.3.14.3.2.7",
        "1.2.840.113549.3.2",
    ];

    /// <summary>Prefixes of the older schemes: PKCS #5 version 1.5, and PKCS #12.</summary>
    private static readonly string[] s_olderSchemes = ["1.2.840.113549.1.5.", "1.2.840.113549.1.12.1."];

    /// <param name="der">An <c>EncryptedPrivateKeyInfo</c> (RFC 5208, section 6).</param>
    /// <returns>The rest of a sentence that begins with "its content"; null when the encryption is supported.</returns>
    public static string? FindFault(byte[] der)
    {
        try
        {
            AsnReader algorithm = new AsnReader(der, AsnEncodingRules.BER).ReadSequence().ReadSequence();
            string scheme = algorithm.ReadObjectIdentifier();
            if (scheme != Pbes2)
            {
                return Array.Exists(s_olderSchemes, prefix => scheme.StartsWith(prefix, StringComparison.Ordinal))
                    ? null
                    : Describe(scheme);
            }

            AsnReader parameters = algorithm.ReadSequence();
            string derivation = parameters.ReadSequence().ReadObjectIdentifier();
            if (derivation != Pbkdf2)
                return Describe(derivation);
            string cipher = parameters.ReadSequence().ReadObjectIdentifier();
            return s_ciphers.Contains(cipher, StringComparer.Ordinal) ? null : Describe(cipher);
        }
        catch (AsnContentException)
        {
            return "is damaged";
        }
    }

    private static string Describe(string algorithm) =>
        $"is encrypted with an unsupported algorithm ({algorithm}). Convert it with openssl pkcs8 -topk8 -v2 aes-256-cbc";
}
