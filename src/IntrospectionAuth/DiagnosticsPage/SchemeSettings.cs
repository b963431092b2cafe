namespace IntrospectionAuth.DiagnosticsPage;

/// <summary>The options of a scheme as the page shows them, in the order of docs/configuration.md. A test finds missing ones.</summary>
internal static class SchemeSettings
{
    public static IReadOnlyList<Setting> Of(OAuthIntrospectionOptions options)
    {
        var list = new SettingList();
        AddServer(list, options);
        AddCredentials(list, options);
        AddTokens(list, options);
        AddChecks(list, options);
        AddClaims(list, options);
        AddChallenge(list, options);
        AddCaching(list, options);
        AddResilience(list, options);
        return list.Settings;
    }

    private static void AddServer(SettingList list, OAuthIntrospectionOptions it)
    {
        list.AddUrl(it.Authority);
        list.AddUrl(it.IntrospectionEndpoint);
        list.Add(it.RequireHttps);
        list.Add(it.Timeout);
        list.Add(it.TokenTypeHint);
        list.AddNames(it.IntrospectionParameters);
        list.Add(it.InactiveStatusCodes);
        list.Add(it.MaximumResponseLength);
        list.Add(it.RequireSignedResponse);
        list.Add(it.SignedResponseAudience);
        list.Add(it.SignedResponseAlgorithms);
        list.Add(it.DecryptionAlgorithms);
        list.Add(it.DecryptionKeyPath);
        list.AddSecret(it.DecryptionKeyPassword is not null, nameof(it.DecryptionKeyPassword));
        list.AddSecret(it.DecryptionKey is not null, nameof(it.DecryptionKey));
    }

    private static void AddCredentials(SettingList list, OAuthIntrospectionOptions it)
    {
        list.Add(it.ClientId);
        list.AddSecret(it.ClientSecret is not null, nameof(it.ClientSecret));
        list.Add(it.ClientAuthenticationMethod);
        list.AddUrl(it.ClientCredentials.TokenEndpoint);
        list.Add(it.ClientCredentials.Scope);
        list.Add(it.ClientCredentials.AuthenticationMethod);
        list.AddNames(it.ClientCredentials.Parameters);
        list.Add(it.SigningKeyPath);
        list.AddSecret(it.SigningKeyPassword is not null, nameof(it.SigningKeyPassword));
        list.AddSecret(it.SigningKey is not null, nameof(it.SigningKey));
        list.Add(it.SigningAlgorithm);
        list.Add(it.SigningKeyId);
        list.Add(it.ClientAssertionAudience);
        list.Add(it.ClientAssertionType);
        list.AddSecret(it.ClientCertificate is not null, nameof(it.ClientCertificate));
        list.AddSecret(it.ClientCertificateChain is not null, nameof(it.ClientCertificateChain));
        list.Add(it.CertificatePath);
        list.Add(it.CertificateKeyPath);
        list.AddSecret(it.CertificatePassword is not null, nameof(it.CertificatePassword));
    }

    private static void AddTokens(SettingList list, OAuthIntrospectionOptions it)
    {
        list.Add(it.AdditionalTokenCharacters);
        list.Add(it.MaximumTokenLength);
        list.Add(it.TokenRetrieval.FormBody);
        list.Add(it.TokenRetrieval.QueryPaths);
        list.Add(it.TokenFilter.Prefixes);
        list.Add(it.TokenFilter.MinimumLength);
        list.Add(it.TokenFilter.MaximumLength);
        list.Add(it.TokenFilter.Pattern);
        list.Add(it.TokenFilter.Mismatch);
    }

    private static void AddChecks(SettingList list, OAuthIntrospectionOptions it)
    {
        list.Add(it.Audiences);
        list.Add(it.ValidIssuers);
        list.Add(it.AcceptRefreshTokens);
        list.Add(it.AcceptedTokenUses);
        list.Add(it.ClockSkew);
        list.Add(it.RequiredClaims);
        list.Add(it.RequireDPoP);
        list.Add(it.DPoP.Algorithms);
        list.Add(it.DPoP.ProofLifetime);
        list.Add(it.DPoP.ClockSkew);
        list.Add(it.DPoP.ReplayAcrossNodes);
        list.Add(it.DPoP.Offer);
        list.Add(it.DPoP.RequireNonce);
        list.Add(it.DPoP.NonceLifetime);
    }

    private static void AddClaims(SettingList list, OAuthIntrospectionOptions it)
    {
        list.Add(it.ClaimMappings);
        list.Add(it.NameClaimType);
        list.Add(it.RoleClaimType);
        list.Add(it.ClaimsIssuer);
        list.Add(it.SaveToken);
    }

    private static void AddChallenge(SettingList list, OAuthIntrospectionOptions it)
    {
        list.Add(it.Realm);
        list.Add(it.IncludeErrorDetails);
        list.Add(it.Resource);
        list.Add(it.ResourceMetadata.AuthorizationServers);
        list.Add(it.ResourceMetadata.ScopesSupported);
        list.Add(it.ResourceMetadata.CollectScopes);
        list.Add(it.ResourceMetadata.ResourceName);
        list.Add(it.ResourceMetadata.ResourceDocumentation);
        list.Add(it.ResourceMetadata.Members);
        list.Add(it.ForwardDefault);
        list.Add(it.ForwardAuthenticate);
        list.Add(it.ForwardChallenge);
        list.Add(it.ForwardForbid);
    }

    private static void AddCaching(SettingList list, OAuthIntrospectionOptions it)
    {
        list.Add(it.Cache.MaximumAge);
        list.Add(it.Cache.DefaultAge);
        list.Add(it.Cache.RefreshAfter);
        list.Add(it.Cache.StaleIfUnavailable);
        list.Add(it.Cache.InactiveAge);
        list.Add(it.Cache.HonorCacheControl);
        list.Add(it.Cache.MaximumEntries);
        list.Add(it.Cache.MaximumInactiveEntries);
        list.AddSecret(it.SharedCache.Redis is not null, "SharedCache.Redis");
        list.AddSecret(it.SharedCache.Secrets.Count > 0, "SharedCache.Secrets");
        list.Add(it.SharedCache.FeedPatience);
        list.Add(it.SharedCache.Timeout);
        list.Add(it.TenantCache.MaximumTenants);
        list.Add(it.TenantCache.SlidingExpiration);
        list.Add(it.TenantCache.RefreshAfter);
        list.Add(it.TenantCache.UnknownAge);
        list.Add(it.TenantCache.MaximumUnknownNames);
    }

    private static void AddResilience(SettingList list, OAuthIntrospectionOptions it)
    {
        list.Add(it.Resilience.Enabled);
        list.Add(it.Resilience.Retries);
        list.Add(it.Resilience.BreakerFailureRatio);
        list.Add(it.Resilience.BreakerMinimumCalls);
        list.Add(it.Resilience.BreakerSamplingDuration);
        list.Add(it.Resilience.BreakerPause);
        list.Add(it.Resilience.MaximumConcurrentCalls);
        list.Add(it.Resilience.MaximumWait);
    }
}
