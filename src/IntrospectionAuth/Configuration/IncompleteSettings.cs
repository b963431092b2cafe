using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;

namespace IntrospectionAuth.Configuration;

/// <summary>Finds settings that depend on another setting which is not set, such as a password without its file.</summary>
internal static class IncompleteSettings
{
    public static IEnumerable<string> Find(OAuthIntrospectionOptions options) =>
        new[]
        {
            FindFault(options.SigningKeyPassword, options.SigningKeyPath),
            FindFault(options.DecryptionKeyPassword, options.DecryptionKeyPath),
            FindFault(options.CertificatePassword, options.CertificatePath),
            FindFault(options.CertificateKeyPath, options.CertificatePath),
            FindFault(options.ClientCertificateChain, options.ClientCertificate),
        }.OfType<string>();

    private static string? FindFault(
        object? value,
        object? required,
        [CallerArgumentExpression(nameof(value))] string name = "",
        [CallerArgumentExpression(nameof(required))] string requiredName = ""
    )
    {
        if (!IsSet(value) || IsSet(required))
            return null;

        name = name["options.".Length..];
        requiredName = requiredName["options.".Length..];
        return $"{name} is set, but {requiredName} is not. Set {requiredName}, or remove {name}.";
    }

    private static bool IsSet(object? value) => value is not (null or "" or X509Certificate2Collection { Count: 0 });
}
