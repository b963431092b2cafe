namespace IntrospectionAuth.Configuration;

/// <summary>Finds settings that depend on another setting which is not set, such as a password without its file.</summary>
internal static class IncompleteSettings
{
    public static IEnumerable<string> Find(OAuthIntrospectionOptions options)
    {
        (string Name, bool IsSet, string Other, bool IsOtherSet)[] pairs =
        [
            (
                nameof(options.SigningKeyPassword),
                IsSet(options.SigningKeyPassword),
                nameof(options.SigningKeyPath),
                IsSet(options.SigningKeyPath)
            ),
            (
                nameof(options.DecryptionKeyPassword),
                IsSet(options.DecryptionKeyPassword),
                nameof(options.DecryptionKeyPath),
                IsSet(options.DecryptionKeyPath)
            ),
            (
                nameof(options.CertificatePassword),
                IsSet(options.CertificatePassword),
                nameof(options.CertificatePath),
                IsSet(options.CertificatePath)
            ),
            (
                nameof(options.CertificateKeyPath),
                IsSet(options.CertificateKeyPath),
                nameof(options.CertificatePath),
                IsSet(options.CertificatePath)
            ),
            (
                nameof(options.ClientCertificateChain),
                options.ClientCertificateChain is { Count: > 0 },
                nameof(options.ClientCertificate),
                options.ClientCertificate is not null
            ),
        ];

        return pairs
            .Where(static pair => pair.IsSet && !pair.IsOtherSet)
            .Select(static pair => $"{pair.Name} is set, but {pair.Other} is not. Set {pair.Other}, or remove {pair.Name}.");
    }

    private static bool IsSet(string? value) => !string.IsNullOrEmpty(value);
}
