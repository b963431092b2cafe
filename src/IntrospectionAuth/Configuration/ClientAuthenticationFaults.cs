namespace IntrospectionAuth.Configuration;

/// <summary>Finds faults in the options by which this API authenticates to the authorization server.</summary>
/// <remarks>A key, certificate or algorithm that the method does not use shows that the method was not chosen on purpose.</remarks>
internal static class ClientAuthenticationFaults
{
    public static IEnumerable<string> Find(OAuthIntrospectionOptions options) =>
        [
            .. options.ClientAuthenticationMethod.Validate(options),
            .. FindUnusedCertificate(options),
            .. FindUnusedKey(options),
            .. FindUnusedAlgorithm(options),
        ];

    private static IEnumerable<string> FindUnusedCertificate(OAuthIntrospectionOptions options)
    {
        bool hasCertificate =
            options.ClientCertificate is not null
            || !string.IsNullOrEmpty(options.CertificatePath)
            || !string.IsNullOrEmpty(options.CertificateKeyPath);
        if (hasCertificate && !options.PresentsCertificate)
        {
            yield return $"A client certificate is set, but the client authentication method {options.ClientAuthenticationMethod} never "
                + "shows it. Remove CertificatePath (or ClientCertificate), "
                + $"or set {MethodSetting(options)} to tls_client_auth or self_signed_tls_client_auth.";
        }
    }

    private static IEnumerable<string> FindUnusedKey(OAuthIntrospectionOptions options)
    {
        bool hasKey = options.SigningKey is not null || !string.IsNullOrEmpty(options.SigningKeyPath);
        if (hasKey && !options.ClientAuthenticationMethod.SignsWithKey(options))
        {
            yield return "SigningKeyPath (or SigningKey) is set, but the client authentication method "
                + $"{options.ClientAuthenticationMethod} never signs with it. Remove it, or choose private_key_jwt.";
        }
    }

    /// <summary>The methods that sign check the algorithm. Without one of them, nothing would notice a wrong one.</summary>
    private static IEnumerable<string> FindUnusedAlgorithm(OAuthIntrospectionOptions options)
    {
        if (!string.IsNullOrEmpty(options.SigningAlgorithm) && !options.ClientAuthenticationMethod.MaySignAssertions(options))
        {
            yield return $"SigningAlgorithm is set, but the client authentication method {options.ClientAuthenticationMethod} signs "
                + $"nothing. Remove it, or set {MethodSetting(options)} to private_key_jwt or client_secret_jwt.";
        }
    }

    /// <summary>The setting that decides with what this API authenticates.</summary>
    private static string MethodSetting(OAuthIntrospectionOptions options) =>
        options.ClientAuthenticationMethod.NeedsClientToken
            ? "ClientCredentials.AuthenticationMethod"
            : nameof(options.ClientAuthenticationMethod);
}
