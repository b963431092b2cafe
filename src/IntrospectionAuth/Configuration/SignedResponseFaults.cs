using IntrospectionAuth.ClientAuthentication;
using IntrospectionAuth.Jose;

namespace IntrospectionAuth.Configuration;

/// <summary>Finds faults in the options for signed responses.</summary>
internal static class SignedResponseFaults
{
    public static IEnumerable<string> Find(OAuthIntrospectionOptions options)
    {
        if (!options.RequireSignedResponse)
        {
            if (options.CanDecrypt)
            {
                yield return "A key for decryption is set, but only signed responses are encrypted. "
                    + "Set RequireSignedResponse to true, or remove DecryptionKeyPath (or DecryptionKey).";
            }

            if (!string.IsNullOrEmpty(options.SignedResponseAudience))
            {
                yield return "SignedResponseAudience is set, but no signed responses are required. "
                    + "Set RequireSignedResponse to true, or remove it.";
            }

            if (options.SignedResponseAlgorithms.Count > 0 || options.DecryptionAlgorithms.Count > 0)
            {
                yield return "SignedResponseAlgorithms or DecryptionAlgorithms is set, but no signed responses are required. "
                    + "Set RequireSignedResponse to true, or remove it.";
            }

            yield break;
        }

        foreach (string fault in FindAlgorithmFaults(options))
            yield return fault;

        if (string.IsNullOrWhiteSpace(options.Authority))
        {
            yield return "RequireSignedResponse is set without Authority, which is needed to find the server's keys. "
                + "Set Authority to the server's issuer.";
        }

        if (string.IsNullOrEmpty(options.ExpectedResponseAudience))
        {
            yield return "RequireSignedResponse is set without ClientId, so the audience of signed responses is unknown. "
                + "Set SignedResponseAudience to the audience that the server uses for this API.";
        }

        if (options.DecryptionKey is not null && !string.IsNullOrEmpty(options.DecryptionKeyPath))
        {
            yield return "DecryptionKey and DecryptionKeyPath are both set. Remove one of them.";
        }
        else if (options.DecryptionKey is null && options.CanDecrypt && KeyFiles.FindDecryptionKeyFault(options) is { } keyFault)
        {
            yield return $"{keyFault}. Set DecryptionKeyPath to a file that this process may read, with one private RSA key "
                + "of 2048 to 8192 bits in PEM or DER, and DecryptionKeyPassword if the key is encrypted.";
        }
    }

    private static IEnumerable<string> FindAlgorithmFaults(OAuthIntrospectionOptions options)
    {
        string[] signatures = [.. JoseAlgorithm.Asymmetric.Select(static algorithm => algorithm.Name)];
        if (options.SignedResponseAlgorithms.Except(signatures, StringComparer.Ordinal).Any())
        {
            yield return "SignedResponseAlgorithms has a value that is not an algorithm for signed responses. "
                + $"Use {string.Join(", ", signatures)}, or remove it to accept them all.";
        }

        IList<string> decryption = options.DecryptionAlgorithms;
        if (decryption.Count == 0)
            yield break;

        string[] keys = [.. KeyEncryption.All.Select(static algorithm => algorithm.Name)],
            contents = [.. ContentEncryption.All.Select(static algorithm => algorithm.Name)];
        if (
            decryption.Except([.. keys, .. contents], StringComparer.Ordinal).Any()
            || !decryption.Any(keys.Contains)
            || !decryption.Any(contents.Contains)
        )
        {
            yield return $"DecryptionAlgorithms needs one of {string.Join(", ", keys)} and one of {string.Join(", ", contents)}, "
                + "and nothing else. Correct it, or remove it to accept them all.";
        }

        if (!options.CanDecrypt)
            yield return "DecryptionAlgorithms is set without a key for decryption. Set DecryptionKeyPath, or remove it.";
    }
}
