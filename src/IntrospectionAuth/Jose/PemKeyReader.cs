using System.Security.Cryptography;

namespace IntrospectionAuth.Jose;

/// <summary>Reads a private key that goes with JOSE from PEM or DER. No fault shows a part of the key.</summary>
internal static class PemKeyReader
{
    /// <summary>Reads a key from PEM text.</summary>
    /// <param name="pem">The text.</param>
    /// <param name="password">The password of an encrypted key.</param>
    /// <param name="fault">What is wrong with it, to be continued behind "The key"; null when the key is returned.</param>
    /// <returns>The key, or null.</returns>
    public static JoseKey? Read(string pem, string? password, out string? fault) =>
        Accept(PrivateKeyReader.Read(pem.AsSpan(), password, "the password", out fault), ref fault);

    /// <summary>Reads a key from the content of a file.</summary>
    /// <param name="content">The content.</param>
    /// <param name="password">The password of an encrypted key.</param>
    /// <param name="passwordName">The option that has the password.</param>
    /// <param name="fault">What is wrong with it, to be continued behind "its content"; null when the key is returned.</param>
    /// <returns>The key, or null.</returns>
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
                    $"is an RSA key of {rsa.KeySize} bits: it takes {RsaJoseKey.MinimumSize} to {RsaJoseKey.MaximumSize}"
                ),
                ECDsa ecdsa => (EcJoseKey.Create(ecdsa, isPrivate: true), "is on a curve other than P-256, P-384 and P-521"),
                _ => (null, fault),
            };
            if (accepted is null)
                return null;

            fault = IsPair(accepted, accepted.Algorithms[0]) ? null : "is damaged: its private part does not go with its public part";
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
