using System.Security.Cryptography;

namespace IntrospectionAuth.Jose;

/// <summary>Reads a private key for JOSE from PEM or DER. No fault contains a part of the key.</summary>
internal static class PemKeyReader
{
    /// <param name="pem">The text.</param>
    /// <param name="password">The password of an encrypted key.</param>
    /// <param name="fault">The rest of a sentence that begins with "The key"; null when the key is returned.</param>
    public static JoseKey? Read(string pem, string? password, out string? fault) =>
        Accept(PrivateKeyReader.Read(pem.AsSpan(), password, "the password", out fault), ref fault);

    /// <param name="content">The content of a file.</param>
    /// <param name="password">The password of an encrypted key.</param>
    /// <param name="passwordName">The option that has the password.</param>
    /// <param name="fault">The rest of a sentence that begins with "its content"; null when the key is returned.</param>
    public static JoseKey? Read(byte[] content, string? password, string passwordName, out string? fault) =>
        Accept(PrivateKeyReader.Read(content, password, passwordName, out fault), ref fault);

    private static JoseKey? Accept(AsymmetricAlgorithm? key, ref string? fault)
    {
        try
        {
            (JoseKey? accepted, fault) = key switch
            {
                RSA rsa => (
                    (JoseKey?)RsaJoseKey.Create(rsa, isPrivate: true),
                    $"is an RSA key of {rsa.KeySize} bits; it must have {RsaJoseKey.MinimumSize} to {RsaJoseKey.MaximumSize}"
                ),
                ECDsa ecdsa => (EcJoseKey.Create(ecdsa, isPrivate: true), "is on a curve other than P-256, P-384 and P-521"),
                _ => (null, fault),
            };
            if (accepted is null)
                return null;

            fault = IsPair(accepted, accepted.Algorithms[0]) ? null : "is damaged: its private part does not match its public part";
            return fault is null ? accepted : null;
        }
        catch (CryptographicException)
        {
            fault = "is damaged";
            return null;
        }
    }

    private static bool IsPair(JoseKey key, JoseAlgorithm algorithm) => key.Verify(algorithm, "pair"u8, key.Sign(algorithm, "pair"u8));
}
