using IntrospectionAuth.ClientAuthentication;

namespace IntrospectionAuth.Configuration;

/// <summary>Says what is wrong with what is required of signed answers.</summary>
internal static class SignedResponseFaults
{
    public static IEnumerable<string> Find(OAuthIntrospectionOptions options)
    {
        if (!options.RequireSignedResponse)
        {
            if (options.CanDecrypt)
                yield return "A key for decryption is set, but only signed answers are ever encrypted. Set RequireSignedResponse to true, or remove DecryptionKeyPath (or DecryptionKey).";
            if (!string.IsNullOrEmpty(options.SignedResponseAudience))
                yield return "SignedResponseAudience is set, but no signed answers are required. Set RequireSignedResponse to true, or remove it.";
            yield break;
        }

        if (string.IsNullOrWhiteSpace(options.Authority))
            yield return "RequireSignedResponse is set without Authority, by which the server's keys are found. Set Authority to the server's issuer.";

        if (string.IsNullOrEmpty(options.ExpectedResponseAudience))
            yield return "RequireSignedResponse is set without ClientId, so that no audience of signed answers is known. Set SignedResponseAudience to what the server calls this API.";

        if (options.DecryptionKey is not null && !string.IsNullOrEmpty(options.DecryptionKeyPath))
            yield return "DecryptionKey and DecryptionKeyPath are both set. Remove one of them.";
        else if (options.DecryptionKey is null && options.CanDecrypt && KeyFiles.FindDecryptionKeyFault(options) is { } keyFault)
            yield return $"{keyFault}. Set DecryptionKeyPath to a file that this process may read, with one private RSA key of 2048 to 8192 bits in PEM or DER, and DecryptionKeyPassword if the key is encrypted.";
    }
}
