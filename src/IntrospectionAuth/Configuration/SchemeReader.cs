using Microsoft.Extensions.Configuration;

namespace IntrospectionAuth.Configuration;

/// <summary>Reads every setting of a scheme, or of one of its tenants.</summary>
internal static class SchemeReader
{
    /// <summary>Reads the settings of a scheme.</summary>
    /// <param name="section">The section of the scheme.</param>
    /// <param name="tenant">The section of the tenant whose options these become; null for the options of the scheme.</param>
    /// <param name="options">The options to set.</param>
    /// <returns>What is wrong, each beginning with the key.</returns>
    public static List<string> ReadScheme(IConfiguration section, IConfiguration? tenant, OAuthIntrospectionOptions options) =>
        Read(section, PresetSettings.OfScheme(section, tenant), options, ConfiguredTenants.Key);

    /// <summary>Reads the settings of a tenant.</summary>
    /// <param name="section">The section of the tenant.</param>
    /// <param name="options">The options to set, which have those of the scheme.</param>
    /// <returns>What is wrong, each beginning with the key.</returns>
    public static List<string> ReadTenant(IConfiguration section, OAuthIntrospectionOptions options) =>
        Read(section, PresetSettings.OfTenant(section, options), options);

    private static List<string> Read(
        IConfiguration section,
        PresetSettings ofPreset,
        OAuthIntrospectionOptions options,
        params string[] otherKeys
    )
    {
        var keys = new UnknownKeys(section);
        foreach (string key in otherKeys)
            keys.AddKnown(key);
        var reader = new ConfigurationReader(section, keys);
        ProviderPresetReader.Read(reader, ofPreset, options);
        ReadAll(reader, options);
        reader.FindUnknownKeys();
        return reader.Faults;
    }

    private static void ReadAll(ConfigurationReader reader, OAuthIntrospectionOptions options)
    {
        reader.String(nameof(options.Authority), value => options.Authority = value);
        reader.String(nameof(options.IntrospectionEndpoint), value => options.IntrospectionEndpoint = value);
        reader.Boolean(nameof(options.RequireHttps), value => options.RequireHttps = value);
        reader.String(nameof(options.ClientId), value => options.ClientId = value);
        reader.String(nameof(options.ClientSecret), value => options.ClientSecret = value);
        reader.String(
            nameof(options.ClientAuthenticationMethod),
            value =>
                ReadMethod(reader, nameof(options.ClientAuthenticationMethod), value, method => options.ClientAuthenticationMethod = method)
        );
        reader.Object(nameof(options.ClientCredentials), credentials => ReadClientCredentials(credentials, options.ClientCredentials));
        reader.String(nameof(options.SigningKeyPath), value => options.SigningKeyPath = value);
        reader.String(nameof(options.SigningKeyPassword), value => options.SigningKeyPassword = value);
        reader.String(nameof(options.SigningAlgorithm), value => options.SigningAlgorithm = value);
        reader.String(nameof(options.SigningKeyId), value => options.SigningKeyId = value);
        reader.String(nameof(options.ClientAssertionAudience), value => options.ClientAssertionAudience = value);
        reader.String(nameof(options.ClientAssertionType), value => options.ClientAssertionType = value);
        reader.String(nameof(options.CertificatePath), value => options.CertificatePath = value);
        reader.String(nameof(options.CertificateKeyPath), value => options.CertificateKeyPath = value);
        reader.String(nameof(options.CertificatePassword), value => options.CertificatePassword = value);
        reader.Boolean(nameof(options.RequireSignedResponse), value => options.RequireSignedResponse = value);
        reader.String(nameof(options.SignedResponseAudience), value => options.SignedResponseAudience = value);
        reader.List(nameof(options.SignedResponseAlgorithms), options.SignedResponseAlgorithms);
        reader.List(nameof(options.DecryptionAlgorithms), options.DecryptionAlgorithms);
        reader.String(nameof(options.DecryptionKeyPath), value => options.DecryptionKeyPath = value);
        reader.String(nameof(options.DecryptionKeyPassword), value => options.DecryptionKeyPassword = value);
        reader.String(nameof(options.TokenTypeHint), value => options.TokenTypeHint = value);
        reader.Dictionary(nameof(options.IntrospectionParameters), options.IntrospectionParameters);
        reader.List(nameof(options.InactiveStatusCodes), options.InactiveStatusCodes);
        reader.List(nameof(options.Audiences), options.Audiences);
        reader.List(nameof(options.ValidIssuers), options.ValidIssuers);
        reader.Boolean(nameof(options.AcceptRefreshTokens), value => options.AcceptRefreshTokens = value);
        reader.List(nameof(options.AcceptedTokenUses), options.AcceptedTokenUses);
        reader.Boolean(nameof(options.RequireDPoP), value => options.RequireDPoP = value);
        reader.Object(nameof(options.DPoP), dpop => ReadDPoP(dpop, options.DPoP));
        reader.TimeSpan(nameof(options.ClockSkew), value => options.ClockSkew = value);
        reader.TimeSpan(nameof(options.Timeout), value => options.Timeout = value);
        reader.String(nameof(options.AdditionalTokenCharacters), value => options.AdditionalTokenCharacters = value);
        reader.Int32(nameof(options.MaximumTokenLength), value => options.MaximumTokenLength = value);
        reader.Int32(nameof(options.MaximumResponseLength), value => options.MaximumResponseLength = value);
        reader.Dictionary(nameof(options.ClaimMappings), options.ClaimMappings);
        reader.List(nameof(options.RequiredClaims), options.RequiredClaims);
        reader.String(nameof(options.NameClaimType), value => options.NameClaimType = value);
        reader.String(nameof(options.RoleClaimType), value => options.RoleClaimType = value);
        reader.Boolean(nameof(options.SaveToken), value => options.SaveToken = value);
        reader.String(nameof(options.Realm), value => options.Realm = value);
        reader.Boolean(nameof(options.IncludeErrorDetails), value => options.IncludeErrorDetails = value);
        reader.String(nameof(options.Resource), value => options.Resource = value);
        reader.Object(nameof(options.ResourceMetadata), metadata => ReadResourceMetadata(metadata, options.ResourceMetadata));
        reader.NonEmptyString(nameof(options.ClaimsIssuer), value => options.ClaimsIssuer = value);
        reader.NonEmptyString(nameof(options.ForwardDefault), value => options.ForwardDefault = value);
        reader.NonEmptyString(nameof(options.ForwardAuthenticate), value => options.ForwardAuthenticate = value);
        reader.NonEmptyString(nameof(options.ForwardChallenge), value => options.ForwardChallenge = value);
        reader.NonEmptyString(nameof(options.ForwardForbid), value => options.ForwardForbid = value);
        reader.Object(nameof(options.Cache), cache => ReadCache(cache, options.Cache));
        reader.Object(nameof(options.SharedCache), shared => ReadSharedCache(shared, options.SharedCache));
        reader.Object(nameof(options.Resilience), resilience => ReadResilience(resilience, options.Resilience));
        reader.Object(nameof(options.TenantCache), tenants => TenantCacheReader.Read(tenants, options.TenantCache));
        reader.Object(nameof(options.TokenRetrieval), places => ReadTokenRetrieval(places, options.TokenRetrieval));
        reader.Object(nameof(options.TokenFilter), filter => ReadTokenFilter(filter, options.TokenFilter));
    }

    private static void ReadCache(ConfigurationReader reader, OAuthIntrospectionCacheOptions cache)
    {
        reader.TimeSpan(nameof(cache.MaximumAge), value => cache.MaximumAge = value);
        reader.TimeSpan(nameof(cache.DefaultAge), value => cache.DefaultAge = value);
        reader.TimeSpan(nameof(cache.RefreshAfter), value => cache.RefreshAfter = value);
        reader.TimeSpan(nameof(cache.StaleIfUnavailable), value => cache.StaleIfUnavailable = value);
        reader.TimeSpan(nameof(cache.InactiveAge), value => cache.InactiveAge = value);
        reader.Boolean(nameof(cache.HonorCacheControl), value => cache.HonorCacheControl = value);
        reader.Int32(nameof(cache.MaximumEntries), value => cache.MaximumEntries = value);
        reader.Int32(nameof(cache.MaximumInactiveEntries), value => cache.MaximumInactiveEntries = value);
    }

    private static void ReadSharedCache(ConfigurationReader reader, OAuthIntrospectionSharedCacheOptions shared)
    {
        reader.String(nameof(shared.Redis), value => shared.Redis = value);
        reader.List(nameof(shared.Secrets), shared.Secrets);
        reader.TimeSpan(nameof(shared.FeedPatience), value => shared.FeedPatience = value);
        reader.TimeSpan(nameof(shared.Timeout), value => shared.Timeout = value);
    }

    private static void ReadDPoP(ConfigurationReader reader, OAuthIntrospectionDPoPOptions dpop)
    {
        reader.List(nameof(dpop.Algorithms), dpop.Algorithms);
        reader.TimeSpan(nameof(dpop.ProofLifetime), value => dpop.ProofLifetime = value);
        reader.TimeSpan(nameof(dpop.ClockSkew), value => dpop.ClockSkew = value);
        reader.Enum<DPoPReplayAcrossNodes>(nameof(dpop.ReplayAcrossNodes), value => dpop.ReplayAcrossNodes = value);
        reader.Boolean(nameof(dpop.Offer), value => dpop.Offer = value);
        reader.Boolean(nameof(dpop.RequireNonce), value => dpop.RequireNonce = value);
        reader.TimeSpan(nameof(dpop.NonceLifetime), value => dpop.NonceLifetime = value);
    }

    private static void ReadResilience(ConfigurationReader reader, OAuthIntrospectionResilienceOptions resilience)
    {
        reader.Boolean(nameof(resilience.Enabled), value => resilience.Enabled = value);
        reader.Int32(nameof(resilience.Retries), value => resilience.Retries = value);
        reader.Double(nameof(resilience.BreakerFailureRatio), value => resilience.BreakerFailureRatio = value);
        reader.Int32(nameof(resilience.BreakerMinimumCalls), value => resilience.BreakerMinimumCalls = value);
        reader.TimeSpan(nameof(resilience.BreakerSamplingDuration), value => resilience.BreakerSamplingDuration = value);
        reader.TimeSpan(nameof(resilience.BreakerPause), value => resilience.BreakerPause = value);
        reader.Int32(nameof(resilience.MaximumConcurrentCalls), value => resilience.MaximumConcurrentCalls = value);
        reader.TimeSpan(nameof(resilience.MaximumWait), value => resilience.MaximumWait = value);
    }

    private static void ReadTokenRetrieval(ConfigurationReader reader, OAuthIntrospectionTokenRetrievalOptions places)
    {
        reader.Boolean(nameof(places.FormBody), value => places.FormBody = value);
        reader.List(nameof(places.QueryPaths), places.QueryPaths);
    }

    private static void ReadTokenFilter(ConfigurationReader reader, OAuthIntrospectionTokenFilter filter)
    {
        reader.List(nameof(filter.Prefixes), filter.Prefixes);
        reader.Int32(nameof(filter.MinimumLength), value => filter.MinimumLength = value);
        reader.Int32(nameof(filter.MaximumLength), value => filter.MaximumLength = value);
        reader.String(nameof(filter.Pattern), value => filter.Pattern = value);
        reader.Enum<TokenFilterMismatch>(nameof(filter.Mismatch), value => filter.Mismatch = value);
    }

    private static void ReadResourceMetadata(ConfigurationReader reader, OAuthIntrospectionResourceMetadataOptions metadata)
    {
        reader.List(nameof(metadata.AuthorizationServers), metadata.AuthorizationServers);
        reader.List(nameof(metadata.ScopesSupported), metadata.ScopesSupported);
        reader.Boolean(nameof(metadata.CollectScopes), value => metadata.CollectScopes = value);
        reader.NonEmptyString(nameof(metadata.ResourceName), value => metadata.ResourceName = value);
        reader.String(nameof(metadata.ResourceDocumentation), value => metadata.ResourceDocumentation = value);
        reader.Dictionary(nameof(metadata.Members), metadata.Members);
    }

    private static void ReadClientCredentials(ConfigurationReader reader, OAuthIntrospectionClientCredentialsOptions credentials)
    {
        reader.String(nameof(credentials.TokenEndpoint), value => credentials.TokenEndpoint = value);
        reader.String(nameof(credentials.Scope), value => credentials.Scope = value);
        reader.String(
            nameof(credentials.AuthenticationMethod),
            value =>
                ReadMethod(reader, nameof(credentials.AuthenticationMethod), value, method => credentials.AuthenticationMethod = method)
        );
        reader.Dictionary(nameof(credentials.Parameters), credentials.Parameters);
    }

    private static void ReadMethod(ConfigurationReader reader, string key, string name, Action<ClientAuthenticationMethod> set)
    {
        if (ClientAuthenticationMethod.Find(name) is { } method)
        {
            set(method);
            return;
        }

        IReadOnlyList<string> known = [.. ClientAuthenticationMethod.Names];
        reader.Faults.Add($"{key} is not known.{NearestName.Ask(name, known)} Known methods are {string.Join(", ", known)}.");
    }
}
