using System.Collections;
using System.Reflection;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using IntrospectionAuth.Caching;
using IntrospectionAuth.Calls;
using IntrospectionAuth.Resilience;
using IntrospectionAuth.Server;
using IntrospectionAuth.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Server;

/// <summary>For every option: which state of a server a changed value invalidates.</summary>
public sealed class ServerIdentityTests
{
    /// <summary>What a changed value invalidates. A test fails for an option without a row.</summary>
    private static readonly Dictionary<string, Kept> s_effects = new(StringComparer.Ordinal)
    {
        ["AcceptRefreshTokens"] = Kept.Nothing,
        ["AcceptedTokenUses"] = Kept.Nothing,
        ["AdditionalTokenCharacters"] = Kept.Nothing,
        ["Audiences"] = Kept.Nothing,
        ["Authority"] = Kept.Entries | Kept.Guard | Kept.Token,
        ["Cache.DefaultAge"] = Kept.Nothing,
        ["Cache.HonorCacheControl"] = Kept.Nothing,
        ["Cache.InactiveAge"] = Kept.Nothing,
        ["Cache.MaximumAge"] = Kept.Nothing,
        ["Cache.MaximumEntries"] = Kept.Nothing,
        ["Cache.MaximumInactiveEntries"] = Kept.Nothing,
        ["Cache.RefreshAfter"] = Kept.Nothing,
        ["Cache.StaleIfUnavailable"] = Kept.Nothing,
        ["CertificateKeyPath"] = Kept.Guard | Kept.Token,
        ["CertificatePassword"] = Kept.Guard | Kept.Token,
        ["CertificatePath"] = Kept.Guard | Kept.Token,
        ["ClaimMappings"] = Kept.Nothing,
        ["ClaimsIssuer"] = Kept.Nothing,
        ["ClientAssertionAudience"] = Kept.Guard | Kept.Token,
        ["ClientAssertionType"] = Kept.Guard | Kept.Token,
        ["ClientAuthenticationMethod"] = Kept.Entries | Kept.Guard,
        ["ClientCertificate"] = Kept.Guard | Kept.Token,
        ["ClientCertificateChain"] = Kept.Guard | Kept.Token,
        ["ClientCredentials.AuthenticationMethod"] = Kept.Entries | Kept.Guard | Kept.Token,
        ["ClientCredentials.Parameters"] = Kept.Entries | Kept.Guard | Kept.Token,
        ["ClientCredentials.Scope"] = Kept.Entries | Kept.Guard | Kept.Token,
        ["ClientCredentials.TokenEndpoint"] = Kept.Entries | Kept.Guard | Kept.Token,
        ["ClientId"] = Kept.Entries | Kept.Guard | Kept.Token,
        ["ClientSecret"] = Kept.Guard | Kept.Token,
        ["ClockSkew"] = Kept.Nothing,
        ["DPoP.Algorithms"] = Kept.Nothing,
        ["DPoP.ClockSkew"] = Kept.Nothing,
        ["DPoP.NonceLifetime"] = Kept.Nothing,
        ["DPoP.Offer"] = Kept.Nothing,
        ["DPoP.ProofLifetime"] = Kept.Nothing,
        ["DPoP.ReplayAcrossNodes"] = Kept.Nothing,
        ["DPoP.RequireNonce"] = Kept.Nothing,
        ["DecryptionAlgorithms"] = Kept.Guard,
        ["DecryptionKey"] = Kept.Guard,
        ["DecryptionKeyPassword"] = Kept.Guard,
        ["DecryptionKeyPath"] = Kept.Guard,
        ["Events"] = Kept.Nothing,
        ["EventsType"] = Kept.Nothing,
        ["ForwardAuthenticate"] = Kept.Nothing,
        ["ForwardChallenge"] = Kept.Nothing,
        ["ForwardDefault"] = Kept.Nothing,
        ["ForwardDefaultSelector"] = Kept.Nothing,
        ["ForwardForbid"] = Kept.Nothing,
        ["ForwardSignIn"] = Kept.Nothing,
        ["ForwardSignOut"] = Kept.Nothing,
        ["InactiveStatusCodes"] = Kept.Nothing,
        ["IncludeErrorDetails"] = Kept.Nothing,
        ["IntrospectionEndpoint"] = Kept.Entries | Kept.Guard,
        ["IntrospectionParameters"] = Kept.Entries,
        ["MaximumResponseLength"] = Kept.Nothing,
        ["MaximumTokenLength"] = Kept.Nothing,
        ["NameClaimType"] = Kept.Nothing,
        ["Realm"] = Kept.Nothing,
        ["RequireDPoP"] = Kept.Nothing,
        ["RequireHttps"] = Kept.Entries | Kept.Guard,
        ["RequireSignedResponse"] = Kept.Entries | Kept.Guard,
        ["RequiredClaims"] = Kept.Nothing,
        ["Resilience.BreakerFailureRatio"] = Kept.Guard,
        ["Resilience.BreakerMinimumCalls"] = Kept.Guard,
        ["Resilience.BreakerPause"] = Kept.Guard,
        ["Resilience.BreakerSamplingDuration"] = Kept.Guard,
        ["Resilience.Enabled"] = Kept.Guard,
        ["Resilience.MaximumConcurrentCalls"] = Kept.Guard,
        ["Resilience.MaximumWait"] = Kept.Guard,
        ["Resilience.Retries"] = Kept.Guard,
        ["Resource"] = Kept.Nothing,
        ["ResourceMetadata.AuthorizationServers"] = Kept.Nothing,
        ["ResourceMetadata.CollectScopes"] = Kept.Nothing,
        ["ResourceMetadata.Members"] = Kept.Nothing,
        ["ResourceMetadata.ResourceDocumentation"] = Kept.Nothing,
        ["ResourceMetadata.ResourceName"] = Kept.Nothing,
        ["ResourceMetadata.ScopesSupported"] = Kept.Nothing,
        ["RoleClaimType"] = Kept.Nothing,
        ["SaveToken"] = Kept.Nothing,
        ["SharedCache.FeedPatience"] = Kept.Nothing,
        ["SharedCache.Redis"] = Kept.Nothing,
        ["SharedCache.Secrets"] = Kept.Nothing,
        ["SharedCache.Timeout"] = Kept.Nothing,
        ["SignedResponseAlgorithms"] = Kept.Entries | Kept.Guard,
        ["SignedResponseAudience"] = Kept.Entries | Kept.Guard,
        ["SigningAlgorithm"] = Kept.Guard | Kept.Token,
        ["SigningKey"] = Kept.Guard | Kept.Token,
        ["SigningKeyId"] = Kept.Guard | Kept.Token,
        ["SigningKeyPassword"] = Kept.Guard | Kept.Token,
        ["SigningKeyPath"] = Kept.Guard | Kept.Token,
        ["TimeProvider"] = Kept.Guard | Kept.Token,
        ["Timeout"] = Kept.Guard,
        ["ConfigureTenant"] = Kept.Nothing,
        ["ResolveTenant"] = Kept.Nothing,
        ["TenantCache.MaximumTenants"] = Kept.Nothing,
        ["TenantCache.MaximumUnknownNames"] = Kept.Nothing,
        ["TenantCache.RefreshAfter"] = Kept.Nothing,
        ["TenantCache.SlidingExpiration"] = Kept.Nothing,
        ["TenantCache.UnknownAge"] = Kept.Nothing,
        ["TenantResolverType"] = Kept.Nothing,
        ["TokenFilter.MaximumLength"] = Kept.Nothing,
        ["TokenFilter.MinimumLength"] = Kept.Nothing,
        ["TokenFilter.Mismatch"] = Kept.Nothing,
        ["TokenFilter.Pattern"] = Kept.Nothing,
        ["TokenFilter.Prefixes"] = Kept.Nothing,
        ["TokenRetrieval.FormBody"] = Kept.Nothing,
        ["TokenRetrieval.QueryPaths"] = Kept.Nothing,
        ["TokenTypeHint"] = Kept.Entries,
        ["ValidIssuers"] = Kept.Nothing,
    };

    [Flags]
    private enum Kept
    {
        Nothing = 0,

        /// <summary>Cache entries and in-flight calls: the key changes.</summary>
        Entries = 1,

        /// <summary>The guard: circuit breaker, limit, Retry-After.</summary>
        Guard = 2,

        /// <summary>The token that this API obtained for itself.</summary>
        Token = 4,
    }

    public static TheoryData<string> Options => [.. FindOptions(typeof(OAuthIntrospectionOptions), "")];

    [Fact]
    public void Every_option_has_a_row_and_every_row_an_option() =>
        Assert.Equal(
            s_effects.Keys.Order(StringComparer.Ordinal),
            FindOptions(typeof(OAuthIntrospectionOptions), "").Order(StringComparer.Ordinal)
        );

    [Theory]
    [MemberData(nameof(Options))]
    public async Task Changing_an_option_invalidates_exactly_what_its_row_says(string option)
    {
        OAuthIntrospectionOptions before = Create(),
            after = Create();
        Change(after, option);

        Assert.Equal(s_effects.GetValueOrDefault(option), await CompareAsync(before, after));
        Assert.Equal(Kept.Nothing, await CompareAsync(before, Create())); // a reload without a change
        Assert.Equal(s_effects.GetValueOrDefault(option), await CompareAsync(after, before)); // a reload that reverts the change
    }

    [Theory]
    [MemberData(nameof(Options))]
    public void A_response_never_crosses_to_another_server_when_an_option_is_changed_in_place(string option)
    {
        var keys = new CacheKeys();
        OAuthIntrospectionOptions changing = Create(),
            changed = Create();
        CacheKey before = keys.Build("scheme", changing, "token");
        Change(changed, option);

        Change(changing, option);

        bool isKept = (s_effects.GetValueOrDefault(option) & Kept.Entries) != Kept.Nothing;
        Assert.Equal(!isKept, before.Equals(keys.Build("scheme", changing, "token")));
        if (option is not ("ClientAuthenticationMethod" or "ClientCredentials.AuthenticationMethod")) // each change creates another object
            Assert.Equal(keys.Build("scheme", changed, "token"), keys.Build("scheme", changing, "token"));
    }

    [Theory]
    [InlineData("Authority")]
    [InlineData("RequireHttps")]
    public void A_server_that_is_changed_in_place_is_another_server_also_with_a_configured_endpoint(string option)
    {
        var options = new OAuthIntrospectionOptions
        {
            Authority = "https://one.example.com",
            IntrospectionEndpoint = "https://auth.example.com/introspect",
            ClientId = "api",
            ClientSecret = "secret",
        };
        var identity = new ServerIdentity(options);
        Assert.True(identity.IsCurrent(options));

        if (option == "Authority")
            options.Authority = "https://two.example.com";
        else
            options.RequireHttps = false;

        Assert.False(identity.IsCurrent(options));
    }

    [Theory]
    [InlineData("IntrospectionParameters")]
    [InlineData("ClientCredentials.Parameters")]
    [InlineData("SignedResponseAlgorithms")]
    public void A_value_that_is_changed_inside_a_collection_is_detected(string collection)
    {
        var keys = new CacheKeys();
        OAuthIntrospectionOptions options = Create();
        options.IntrospectionParameters["resource"] = options.ClientCredentials.Parameters["resource"] = "one";
        options.SignedResponseAlgorithms.Add("ES256");
        CacheKey before = keys.Build("scheme", options, "token");

        if (collection == "SignedResponseAlgorithms")
        {
            options.SignedResponseAlgorithms[0] = "ES384";
        }
        else
        {
            (collection == "IntrospectionParameters" ? options.IntrospectionParameters : options.ClientCredentials.Parameters)["resource"] =
                "two";
        }

        Assert.NotEqual(before, keys.Build("scheme", options, "token"));
    }

    [Fact]
    public void Client_credentials_are_part_of_the_key_only_if_the_method_uses_them()
    {
        var keys = new CacheKeys();
        OAuthIntrospectionOptions one = Create(),
            other = Create();
        one.ClientAuthenticationMethod = other.ClientAuthenticationMethod = ClientAuthenticationMethod.ClientSecretBasic;
        other.ClientCredentials.Scope = "other";

        Assert.Equal(keys.Build("scheme", one, "token"), keys.Build("scheme", other, "token"));
    }

    [Fact]
    public void Parts_of_one_collection_are_not_mistaken_for_parts_of_another()
    {
        var keys = new CacheKeys();
        OAuthIntrospectionOptions one = Create(),
            other = Create();
        one.ClientCredentials.Parameters["a"] = "b";
        other.IntrospectionParameters["a"] = "b";

        Assert.NotEqual(keys.Build("scheme", one, "token"), keys.Build("scheme", other, "token"));
    }

    /// <summary>
    /// Options in which every option matters: the endpoint is discovered, responses are signed, and this API obtains a token.
    /// </summary>
    private static OAuthIntrospectionOptions Create() =>
        new()
        {
            Authority = "https://auth.example.com",
            ClientId = "api",
            ClientSecret = "secret",
            ClientAuthenticationMethod = ClientAuthenticationMethod.ClientCredentials,
            RequireSignedResponse = true,
        };

    private static async Task<Kept> CompareAsync(OAuthIntrospectionOptions before, OAuthIntrospectionOptions after)
    {
        await using ServiceProvider services = new ServiceCollection()
            .AddLogging()
            .AddAuthentication()
            .AddOAuthIntrospection()
            .Services.BuildServiceProvider();
        var introspector = services.GetRequiredService<CachingIntrospector>();
        var servers = services.GetRequiredService<SchemeServers>();
        SchemeServer first = servers.Get("scheme", before);
        ServerGuard guard = first.Guard;
        SchemeServer second = servers.Get("scheme", after);

        Kept lost = introspector.BuildKey(first, "token").Equals(introspector.BuildKey(second, "token")) ? Kept.Nothing : Kept.Entries;
        lost |= second.Guard == guard ? Kept.Nothing : Kept.Guard;
        return lost | (first.Identity.SharesTokenWith(second.Identity) ? Kept.Nothing : Kept.Token);
    }

    private static IEnumerable<string> FindOptions(Type type, string prefix)
    {
        IEnumerable<PropertyInfo> properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .GroupBy(property => property.Name, StringComparer.Ordinal)
            .Select(same => same.MinBy(property => property.DeclaringType == type ? 0 : 1)!); // Events hides that of the base class
        foreach (PropertyInfo property in properties.Where(static it => it.SetMethod is not { IsPublic: false })) // which is no option
        {
            bool isGroup = property.PropertyType.Assembly == typeof(OAuthIntrospectionOptions).Assembly && !property.CanWrite;
            if (isGroup)
            {
                foreach (string option in FindOptions(property.PropertyType, prefix + property.Name + "."))
                    yield return option;
            }
            else if (property.CanWrite || typeof(IEnumerable).IsAssignableFrom(property.PropertyType))
            {
                yield return prefix + property.Name;
            }
        }
    }

    private static void Change(object target, string option)
    {
        string[] path = option.Split('.');
        foreach (string group in path[..^1])
            target = target.GetType().GetProperty(group)!.GetValue(target)!;

        PropertyInfo property = target
            .GetType()
            .GetProperties()
            .Where(it => it.Name == path[^1])
            .MinBy(it => it.DeclaringType == target.GetType() ? 0 : 1)!;
        switch (property.GetValue(target))
        {
            case IDictionary<string, string> pairs:
                pairs["changed"] = "changed";
                break;
            case IList<string> list:
                list.Add("changed");
                break;
            case IList<int> list:
                list.Add(418);
                break;
            case var value:
                property.SetValue(target, Another(property, value));
                break;
        }
    }

    private static object Another(PropertyInfo property, object? value) =>
        value switch
        {
            bool flag => !flag,
            int number => number + 1,
            double number => number / 2,
            TimeSpan time => time + TimeSpan.FromSeconds(1),
            Enum => Enum.GetValues(property.PropertyType).Cast<object>().First(it => !it.Equals(value)),
            ClientAuthenticationMethod => ClientAuthenticationMethod.BearerCredential(static _ => new("token")),
            _ => AnotherObject(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType),
        };

    private static object AnotherObject(Type type)
    {
        if (type == typeof(string))
            return "https://changed.example.com";
        if (type == typeof(int))
            return 7;
        if (type == typeof(TimeSpan))
            return TimeSpan.FromSeconds(7);
        if (type == typeof(TimeProvider))
            return new ManualTimeProvider();
        if (type == typeof(Func<OAuthIntrospectionTenantRequest, ValueTask<string?>>))
            return OAuthIntrospectionTenantNames.FromHost();
        if (type == typeof(Func<OAuthIntrospectionTenant, CancellationToken, ValueTask<bool>>))
            return (Func<OAuthIntrospectionTenant, CancellationToken, ValueTask<bool>>)(static (_, _) => new(true));
        if (type == typeof(Type))
            return typeof(OAuthIntrospectionEvents);
        if (type == typeof(X509Certificate2Collection))
            return new X509Certificate2Collection();

        using var rsa = RSA.Create(2048);
        if (type == typeof(ClientSigningKey))
            return ClientSigningKey.FromPem(rsa.ExportPkcs8PrivateKeyPem());
        if (type == typeof(ClientDecryptionKey))
            return ClientDecryptionKey.FromPem(rsa.ExportPkcs8PrivateKeyPem());
        if (type == typeof(X509Certificate2))
        {
            return new CertificateRequest("CN=api", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(
                ManualTimeProvider.Start,
                ManualTimeProvider.Start.AddDays(1)
            );
        }

        if (typeof(Delegate).IsAssignableFrom(type))
            return (Func<Microsoft.AspNetCore.Http.HttpContext, string?>)(static _ => null);
        return type == typeof(OAuthIntrospectionEvents)
            ? new OAuthIntrospectionEvents()
            : throw new NotSupportedException($"Add another value of a {type.Name}.");
    }
}
