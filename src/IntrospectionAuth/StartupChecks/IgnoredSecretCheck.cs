namespace IntrospectionAuth.StartupChecks;

/// <summary>Finds a <see cref="OAuthIntrospectionOptions.ClientSecret"/> that the chosen client authentication method never uses.</summary>
/// <remarks>
/// With <c>none</c> and <c>tls_client_auth</c> it is a fault: there the secret shows that the method was not chosen on purpose. Beside a
/// signing key it is only left over.
/// </remarks>
internal static class IgnoredSecretCheck
{
    public static IEnumerable<StartupFinding> Find(ApplicationFacts facts)
    {
        foreach ((string scheme, OAuthIntrospectionOptions options) in facts.IntrospectionSchemes)
        {
            ClientAuthenticationMethod method = options.ClientAuthenticationMethod.NeedsClientToken
                ? options.ClientCredentials.AuthenticationMethod
                : options.ClientAuthenticationMethod;
            if (!string.IsNullOrEmpty(options.ClientSecret) && method == ClientAuthenticationMethod.PrivateKeyJwt)
            {
                yield return new StartupFinding(
                    "IgnoredClientSecret",
                    $"Scheme {scheme}: ClientSecret is set, but the client authentication method {method.Name} signs with a key and never "
                        + "sends it. Remove ClientSecret, also where it is stored, or choose client_secret_basic or client_secret_post."
                );
            }
        }
    }
}
