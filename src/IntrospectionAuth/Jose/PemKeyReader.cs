using System.Security.Cryptography;

namespace IntrospectionAuth.Jose;

/// <summary>Reads a private key from PEM: PKCS #8, or the older forms of RSA (PKCS #1) and EC (SEC 1), without encryption. No fault shows a part of the key.</summary>
internal static class PemKeyReader
{
    /// <summary>Reads a key.</summary>
    /// <param name="pem">The text.</param>
    /// <param name="fault">What is wrong with it, to be continued behind "The key"; null when the key is returned.</param>
    /// <returns>The key, or null.</returns>
    public static JoseKey? Read(string pem, out string? fault)
    {
        fault = null;
        if (CountKeys(pem) > 1)
            return Refuse(out fault); // each type of key overlooks what only the other understands, and which one is meant nobody could say

        try
        {
            if (TryImport(pem, RSA.Create()) is { } rsa)
            {
                if (RsaJoseKey.Create(rsa, isPrivate: true) is { } key)
                    return IsPair(key, JoseAlgorithm.RS256) ? key : Refuse(out fault);
                fault = $"is an RSA key of {rsa.KeySize} bits: it takes {RsaJoseKey.MinimumSize} to {RsaJoseKey.MaximumSize}";
                return null;
            }

            if (TryImport(pem, ECDsa.Create()) is { } ecdsa)
            {
                if (EcJoseKey.Create(ecdsa, isPrivate: true) is { } key)
                    return IsPair(key, key.Algorithms[0]) ? key : Refuse(out fault);
                fault = "is on a curve other than P-256 and P-384";
                return null;
            }

            return Refuse(out fault);
        }
        catch (CryptographicException)
        {
            return Refuse(out fault);
        }
    }

    private static int CountKeys(ReadOnlySpan<char> pem)
    {
        int count = 0;
        while (PemEncoding.TryFind(pem, out PemFields fields))
        {
            if (pem[fields.Label].EndsWith("PRIVATE KEY", StringComparison.Ordinal))
                count++;
            pem = pem[fields.Location.End..];
        }

        return count;
    }

    /// <returns>The key; null when the text has no such key, which is not for the other type to say.</returns>
    private static TKey? TryImport<TKey>(string pem, TKey empty)
        where TKey : AsymmetricAlgorithm
    {
        try
        {
            empty.ImportFromPem(pem);
            return empty;
        }
        catch (Exception exception) when (exception is ArgumentException or CryptographicException)
        {
            empty.Dispose();
            return null;
        }
    }

    /// <summary>A public key is imported just the same, and cannot sign.</summary>
    private static bool IsPair(JoseKey key, JoseAlgorithm algorithm) => key.Verify(algorithm, "pair"u8, key.Sign(algorithm, "pair"u8));

    private static JoseKey? Refuse(out string? fault)
    {
        fault = "is not one private RSA or EC key in PEM, without encryption (-----BEGIN PRIVATE KEY-----)";
        return null;
    }
}
