using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using IntrospectionAuth.Tokens;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.Configuration;

public sealed class ConfigurationTests
{
    private const string Section = "Authentication:Schemes:OAuthIntrospection:";

    private static readonly (string Key, string? Value)[] s_valid =
    [
        ("IntrospectionEndpoint", "https://auth.example.com/introspect"),
        ("ClientId", "api"),
        ("ClientSecret", "secret"),
    ];

    [Fact]
    public void Every_setting_is_read()
    {
        OAuthIntrospectionOptions options = Read([
            ("Authority", "https://auth.example.com"),
            ("ClientAuthenticationMethod", "client_secret_post"),
            ("TokenTypeHint", ""),
            ("IntrospectionParameters:resource", "https://api.example.com"),
            ("Audiences:0", "one"),
            ("Audiences:1", "two"),
            ("ValidIssuers", "https://auth.example.com"),
            ("AcceptRefreshTokens", "true"),
            ("AcceptedTokenUses:0", "service"),
            ("RequireDPoP", "true"),
            ("DPoP:Algorithms:0", "ES256"),
            ("DPoP:ProofLifetime", "30"),
            ("DPoP:ClockSkew", "0"),
            ("DPoP:Offer", "true"),
            ("DPoP:RequireNonce", "true"),
            ("DPoP:NonceLifetime", "00:10:00"),
            ("ClockSkew", "00:00:30"),
            ("Timeout", "2.5"),
            ("MaximumTokenLength", "100"),
            ("MaximumResponseLength", "1000"),
            ("ClaimMappings:realm_access.roles", "roles"),
            ("RequiredClaims:0", "sub"),
            ("NameClaimType", "sub"),
            ("RoleClaimType", "role"),
            ("SaveToken", "true"),
            ("Realm", "api"),
            ("IncludeErrorDetails", "false"),
            ("ForwardDefault", "other"),
            ("Cache:MaximumAge", "1.00:00:00"),
            ("Cache:DefaultAge", "120"),
            ("Cache:InactiveAge", "0"),
            ("Cache:HonorCacheControl", "true"),
            ("Cache:MaximumEntries", "5"),
            ("Cache:MaximumInactiveEntries", "6"),
            ("TokenFilter:Prefixes:0", "acme_"),
            ("TokenFilter:Prefixes:1", "test_"),
            ("TokenFilter:MinimumLength", "10"),
            ("TokenFilter:MaximumLength", "90"),
            ("TokenFilter:Pattern", "[a-z_]+"),
            ("TokenFilter:Mismatch", "ignore"),
        ]);

        Assert.Equal("https://auth.example.com", options.Authority);
        Assert.Equal("https://auth.example.com/introspect", options.IntrospectionEndpoint);
        Assert.Equal("api", options.ClientId);
        Assert.Equal("secret", options.ClientSecret);
        Assert.Same(ClientAuthenticationMethod.ClientSecretPost, options.ClientAuthenticationMethod);
        Assert.Equal("", options.TokenTypeHint);
        Assert.Equal("https://api.example.com", options.IntrospectionParameters["resource"]);
        Assert.Equal(["one", "two"], options.Audiences);
        Assert.Equal(["https://auth.example.com"], options.ValidIssuers);
        Assert.True(options.AcceptRefreshTokens);
        Assert.Equal(["service"], options.AcceptedTokenUses);
        Assert.Equal(TimeSpan.FromSeconds(30), options.ClockSkew);
        Assert.Equal(TimeSpan.FromSeconds(2.5), options.Timeout);
        Assert.Equal(100, options.MaximumTokenLength);
        Assert.Equal(1000, options.MaximumResponseLength);
        Assert.Equal("roles", options.ClaimMappings["realm_access.roles"]);
        Assert.Equal(["sub"], options.RequiredClaims);
        Assert.Equal("sub", options.NameClaimType);
        Assert.Equal("role", options.RoleClaimType);
        Assert.True(options.SaveToken);
        Assert.Equal("api", options.Realm);
        Assert.False(options.IncludeErrorDetails);
        Assert.Equal("other", options.ForwardDefault);
        Assert.Equal(TimeSpan.FromDays(1), options.Cache.MaximumAge);
        Assert.Equal(TimeSpan.FromMinutes(2), options.Cache.DefaultAge);
        Assert.Equal(TimeSpan.Zero, options.Cache.InactiveAge);
        Assert.True(options.Cache.HonorCacheControl);
        Assert.Equal(5, options.Cache.MaximumEntries);
        Assert.Equal(6, options.Cache.MaximumInactiveEntries);
        Assert.True(options.RequireDPoP);
        Assert.Equal(["ES256"], options.DPoP.Algorithms);
        Assert.Equal(TimeSpan.FromSeconds(30), options.DPoP.ProofLifetime);
        Assert.Equal(TimeSpan.Zero, options.DPoP.ClockSkew);
        Assert.True(options.DPoP.Offer);
        Assert.True(options.DPoP.RequireNonce);
        Assert.Equal(TimeSpan.FromMinutes(10), options.DPoP.NonceLifetime);
        Assert.Equal(["acme_", "test_"], options.TokenFilter.Prefixes);
        Assert.Equal(10, options.TokenFilter.MinimumLength);
        Assert.Equal(90, options.TokenFilter.MaximumLength);
        Assert.Equal("[a-z_]+", options.TokenFilter.Pattern);
        Assert.Equal(TokenFilterMismatch.Ignore, options.TokenFilter.Mismatch);
    }

    [Fact]
    public void Every_setting_of_client_assertions_is_read()
    {
        OAuthIntrospectionOptions options = Read([
            ("ClientAuthenticationMethod", "client_secret_jwt"),
            ("ClientSecret", "a-secret-of-at-least-forty-eight-bytes-for-HS384!"),
            ("SigningAlgorithm", "HS384"),
            ("SigningKeyId", "2026-01"),
            ("ClientAssertionAudience", "https://auth.example.com/"),
            ("ClientAssertionType", "client-authentication+jwt"),
        ]);

        Assert.Equal(("HS384", "2026-01"), (options.SigningAlgorithm, options.SigningKeyId));
        Assert.Equal(
            ("https://auth.example.com/", "client-authentication+jwt"),
            (options.ClientAssertionAudience, options.ClientAssertionType)
        );
    }

    [Theory]
    [InlineData("Audience", "api", "Audience is not a setting")]
    [InlineData("Cache:MaxAge", "5", "Cache:MaxAge is not a setting")]
    [InlineData("Audiences", "", "Audiences is empty")]
    [InlineData("Audiences:0", "", "Audiences has an empty value")]
    [InlineData("ValidIssuers:0", " ", "ValidIssuers has an empty value")]
    [InlineData("Timeout", "soon", "Timeout is not a time")]
    [InlineData("Timeout", "0", "Timeout is not a time of more than 0 and at most 5 minutes")]
    [InlineData("Timeout", "-1", "Timeout is not a time")]
    [InlineData("Timeout", "01:00:00", "Timeout is not a time")]
    [InlineData("Cache:MaximumAge", "24:00:00", "Cache:MaximumAge is not a time")]
    [InlineData("Cache:MaximumAge", "-Infinity", "Cache:MaximumAge is not a time")]
    [InlineData("Cache:MaximumAge", "NaN", "Cache:MaximumAge is not a time")]
    [InlineData("Cache", "x", "Cache is a single value, but must contain settings")]
    [InlineData("ClaimMappings", "x", "ClaimMappings is a single value, but must contain settings")]
    [InlineData("ClockSkew", "-00:00:01", "ClockSkew is not a time from 0 to 1 hour")]
    [InlineData("Cache:MaximumAge", "-00:00:01", "Cache:MaximumAge is not a time of 0 or more")]
    [InlineData("MaximumTokenLength", "0", "MaximumTokenLength is not a whole number of 1 or more")]
    [InlineData("MaximumResponseLength", "1e3", "MaximumResponseLength is not a whole number")]
    [InlineData("SaveToken", "yes", "SaveToken is not true or false")]
    [InlineData("NameClaimType", "", "NameClaimType is empty")]
    [InlineData("ClientAuthenticationMethod", "basic", "ClientAuthenticationMethod is not known")]
    [InlineData("Provider", "Okta", "Provider is not known. Known providers are ")]
    [InlineData("IntrospectionEndpoint", "http://auth.example.com/introspect", "plain http")]
    [InlineData("IntrospectionEndpoint", "http://127.0.0.1.example.com/introspect", "plain http")]
    [InlineData("IntrospectionEndpoint", "/introspect", "not an absolute https URL")]
    [InlineData("IntrospectionEndpoint", "ftp://auth.example.com/", "not an absolute https URL")]
    [InlineData("IntrospectionEndpoint", "https://api:secret@auth.example.com/introspect", "user information")]
    [InlineData("IntrospectionEndpoint", "", "IntrospectionEndpoint is not set")]
    [InlineData("Authority", "http://auth.example.com", "Authority is plain http")]
    [InlineData("Authority", "auth.example.com", "Authority is not an absolute https URL")]
    [InlineData(
        "SigningAlgorithm",
        "RS265",
        "SigningAlgorithm is set, but the client authentication method client_secret_basic signs nothing. Remove it, or set "
            + "ClientAuthenticationMethod to private_key_jwt or client_secret_jwt."
    )]
    [InlineData(
        "SigningKeyPath",
        "client.pem",
        "SigningKeyPath (or SigningKey) is set, but the client authentication method client_secret_basic never signs with it. "
            + "Remove it, or choose private_key_jwt."
    )]
    [InlineData("Resilience:BreakerMinimumCalls", "10001", "Resilience:BreakerMinimumCalls is not a whole number from 2 to 10000")]
    [InlineData("IntrospectionEndpoint", null, "IntrospectionEndpoint is not set")]
    [InlineData("ClientId", null, "ClientId is not set")]
    [InlineData("ClientSecret", null, "ClientSecret is not set")]
    [InlineData("ClientAuthenticationMethod", "none", "ClientSecret is set, but the client authentication method none never sends it")]
    [InlineData("IntrospectionParameters:token", "x", "IntrospectionParameters has token")]
    [InlineData("IntrospectionParameters:client_secret", "x", "IntrospectionParameters has client_secret")]
    [InlineData("RequiredClaims:0", "", "RequiredClaims has an empty value")]
    [InlineData(
        "TokenFilter:Prefix",
        "acme_",
        "TokenFilter:Prefix is not a setting. Did you mean TokenFilter:Prefixes? "
            + "Known settings are MaximumLength, MinimumLength, Mismatch, Pattern, Prefixes."
    )]
    [InlineData("TokenFilter", "acme_", "TokenFilter is a single value, but must contain settings")]
    [InlineData("TokenFilter:Prefixes", "", "TokenFilter:Prefixes is empty")]
    [InlineData("TokenFilter:Prefixes:0", "", "TokenFilter.Prefixes has an empty value")]
    [InlineData("TokenFilter:Prefixes:0", " ", "TokenFilter.Prefixes has an empty value")]
    [InlineData("TokenFilter:Prefixes:0", "Bearer acme_", "TokenFilter.Prefixes has a prefix with characters that no bearer token has")]
    [InlineData(
        "TokenFilter:MinimumLength",
        "-1",
        "TokenFilter:MinimumLength is not a whole number, without separators, sign or exponent."
    )]
    [InlineData("TokenFilter:MinimumLength", "16385", "TokenFilter.MinimumLength is more than MaximumTokenLength")]
    [InlineData("TokenFilter:MaximumLength", "0", "TokenFilter:MaximumLength is not a whole number of 1 or more")]
    [InlineData("TokenFilter:Pattern", "", "TokenFilter:Pattern is empty")]
    [InlineData("TokenFilter:Pattern", "[a-z", "TokenFilter:Pattern is not a regular expression")]
    [InlineData(
        "TokenFilter:Pattern",
        @"(a)\1",
        "TokenFilter:Pattern cannot be matched without backtracking, whose time would have no limit. Remove backreferences"
    )]
    [InlineData("TokenFilter:Mismatch", "1", "TokenFilter:Mismatch is not Reject or Ignore")]
    [InlineData("TokenFilter:Mismatch", "2", "TokenFilter:Mismatch is not Reject or Ignore")]
    [InlineData("TokenFilter:Mismatch", "-1", "TokenFilter:Mismatch is not Reject or Ignore")]
    [InlineData("DPoP:ReplayAcrossNodes", "2", "DPoP:ReplayAcrossNodes is not BestEffort or Required")]
    [InlineData("TokenFilter:Mismatch", "Reject,Ignore", "TokenFilter:Mismatch is not Reject or Ignore")]
    [InlineData("TokenFilter:Mismatch", "Ignore", "TokenFilter.Mismatch is Ignore, but the filter matches every token")]
    public void Invalid_options_are_reported_at_startup(string key, string? value, string message)
    {
        OptionsValidationException exception = Reject((key, value));

        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
        Assert.Contains("OAuthIntrospection", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TokenFilter:MinimumLength", "9", "TokenFilter.MinimumLength is more than TokenFilter.MaximumLength")]
    [InlineData("TokenFilter:Prefixes:1", "acme-test", "TokenFilter.Prefixes has a prefix that is longer than TokenFilter.MaximumLength")]
    [InlineData("MaximumTokenLength", "4", "TokenFilter.Prefixes has a prefix that is longer than MaximumTokenLength")]
    public void A_token_filter_that_rejects_every_token_is_reported_at_startup(string key, string value, string message)
    {
        OptionsValidationException exception = Reject(
            ("TokenFilter:Prefixes:0", "acme_"),
            ("TokenFilter:MaximumLength", "8"),
            (key, value)
        );

        Assert.Contains(message, Assert.Single(exception.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_filter_as_long_as_its_limits_is_accepted()
    {
        OAuthIntrospectionOptions options = Read(
            ("MaximumTokenLength", "8"),
            ("TokenFilter:MinimumLength", "8"),
            ("TokenFilter:MaximumLength", "8"),
            ("TokenFilter:Prefixes", "acme-abc")
        );

        Assert.Equal(["acme-abc"], options.TokenFilter.Prefixes);
    }

    [Fact]
    public void A_list_in_one_source_and_a_single_value_in_another_are_a_fault()
    {
        OptionsValidationException exception = Reject(("Audiences:0", "api-dev"), ("Audiences", "api-prod"));

        Assert.Contains("Audiences is set both as a single value and as a list", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_preset_replaces_the_dangerous_values_of_a_previous_preset()
    {
        OAuthIntrospectionOptions options = new OAuthIntrospectionOptions()
            .UseVMwareCloud("https://console.example.com", "api", "secret")
            .UseWorkOS("https://auth.example.com", "api", "secret");

        Assert.False(options.AcceptRefreshTokens);
        Assert.Equal("access_token", options.TokenTypeHint);
    }

    [Fact]
    public void Events_cannot_be_null() => Assert.Throws<ArgumentNullException>(() => new OAuthIntrospectionOptions { Events = null! });

    [Fact]
    public async Task An_application_without_AddAuthorization_starts()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Services.AddAuthentication().AddOAuthIntrospection(options => options.UseAttio());
        await using WebApplication app = builder.Build();
        app.MapGet("/", () => "open");

        await app.StartAsync();

        Assert.Equal("open", await app.GetTestClient().GetStringAsync("/"));
    }

    [Theory]
    [InlineData("http://auth.example.com", "Authority is plain http")]
    [InlineData("http://localhost.example.com", "Authority is plain http")]
    [InlineData("auth.example.com", "Authority is not an absolute https URL")]
    [InlineData("/tenant", "Authority is not an absolute https URL")]
    [InlineData("ftp://auth.example.com", "Authority is not an absolute https URL")]
    [InlineData(" https://auth.example.com", "Authority is not an absolute https URL")]
    [InlineData("https://auth.example.com/ ", "Authority is not an absolute https URL")]
    [InlineData("https://api:secret@auth.example.com", "Authority has user information or a fragment")]
    [InlineData("https://auth.example.com/#a", "Authority has user information or a fragment")]
    [InlineData("https://auth.example.com/?tenant=a", "Authority has a query")]
    [InlineData("https://auth.example.com/?", "Authority has a query")]
    [InlineData("", "IntrospectionEndpoint is not set. Set it, or use a provider")]
    public void An_issuer_that_cannot_be_used_for_discovery_is_a_fault(string authority, string message)
    {
        OptionsValidationException exception = Reject(("IntrospectionEndpoint", null), ("Authority", authority));

        Assert.Contains(message, Assert.Single(exception.Failures), StringComparison.Ordinal);
        Assert.DoesNotContain("api:secret", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://auth.example.com")]
    [InlineData("https://auth.example.com:8443/tenant/")]
    [InlineData("http://localhost:5000")]
    [InlineData("http://[::1]:5000/realms/a")]
    public void An_issuer_suffices(string authority) =>
        Assert.Null(Read(("IntrospectionEndpoint", null), ("Authority", authority)).IntrospectionEndpoint);

    [Fact]
    public void All_faults_are_reported_together()
    {
        var exception = Assert.Throws<OptionsValidationException>(() => ReadOnly(("Timeout", "soon"), ("Audience", "api")));

        Assert.Equal(2, exception.Failures.Count());
    }

    [Fact]
    public void A_message_never_contains_a_secret()
    {
        OptionsValidationException exception = Reject(
            ("ClientSecret", "very-secret"),
            ("ClientAuthenticationMethod", "none"),
            ("IntrospectionEndpoint", "https://api:very-secret@auth.example.com/introspect")
        );

        Assert.DoesNotContain("very-secret", exception.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://localhost:5000/introspect")]
    [InlineData("http://127.0.0.1/introspect")]
    [InlineData("http://[::1]:8080/introspect")]
    [InlineData("https://auth.example.com/introspect?policy=api")]
    public void Plain_http_is_accepted_on_a_loopback_host_only(string endpoint) =>
        Assert.Equal(endpoint, Read(("IntrospectionEndpoint", endpoint)).IntrospectionEndpoint);

    [Fact]
    public void An_empty_secret_is_a_secret() => Assert.Equal("", Read(("ClientSecret", "")).ClientSecret);

    [Theory]
    [InlineData("WorkOS", "Authority is not set, but Provider WorkOS needs it")]
    [InlineData("WorkOS", "ClientId is not set, but Provider WorkOS needs it")]
    [InlineData(
        "VMwareCloud",
        "ClientSecret is not set, but Provider VMwareCloud needs it. Set ClientSecret (an empty string if the secret is empty)"
    )]
    public void A_missing_setting_of_a_provider_is_named(string provider, string message)
    {
        var exception = Assert.Throws<OptionsValidationException>(() => ReadOnly(("Provider", provider)));

        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_override_the_preset_of_a_provider()
    {
        OAuthIntrospectionOptions options = ReadOnly(
            ("Provider", "attio"),
            ("IntrospectionEndpoint", "http://127.0.0.1:9/oauth/introspect"),
            ("ValidIssuers:0", "other")
        );

        Assert.Equal("http://127.0.0.1:9/oauth/introspect", options.IntrospectionEndpoint);
        Assert.Equal(["other"], options.ValidIssuers);
        Assert.Same(ClientAuthenticationMethod.PresentedToken, options.ClientAuthenticationMethod);
    }

    [Fact]
    public async Task An_invalid_configuration_stops_the_host()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Services.AddAuthentication().AddOAuthIntrospection("partners");
        await using WebApplication app = builder.Build();

        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync());

        Assert.Contains(
            "Scheme partners: IntrospectionEndpoint is not set. Set it, or use a provider",
            exception.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_changed_configuration_takes_effect_without_a_restart_and_for_cached_responses()
    {
        await using var server = FakeAuthorizationServer.Create();
        var settings = new ChangingSettings();
        await using TestApi api = await StartAsync(server, settings);
        string token = await UseTokenAsync(api, it => it.Audiences = ["old"]);

        settings.Change("Audiences:0", "new");

        await api.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
        Assert.Equal(1, server.CallCount);
    }

    [Fact]
    public async Task A_changed_token_filter_takes_effect_without_a_restart_and_for_cached_responses()
    {
        await using var server = FakeAuthorizationServer.Create();
        var settings = new ChangingSettings();
        await using TestApi api = await StartAsync(server, settings);
        string token = await UseTokenAsync(api, it => it.Value = "acme_4711");

        settings.Change("TokenFilter:Prefixes:0", "test_");
        await api.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
        settings.Change("TokenFilter:Pattern", "(a)\\1");
        settings.Change("TokenFilter:Prefixes:0", "acme_");
        // The pattern is invalid, so the previous configuration stays in use
        await api.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
        settings.Change("TokenFilter:Pattern", "acme_[0-9]+");
        await api.AssertStatusAsync(token, HttpStatusCode.OK);

        Assert.Equal(1, server.CallCount);
    }

    [Fact]
    public async Task An_invalid_changed_configuration_leaves_the_previous_one_in_use()
    {
        await using var server = FakeAuthorizationServer.Create();
        var settings = new ChangingSettings();
        await using TestApi api = await StartAsync(server, settings);
        string token = await UseTokenAsync(api, it => it.Audiences = ["old"]);

        settings.Change("Timeout", "soon");
        await api.AssertStatusAsync(token, HttpStatusCode.OK);
        Assert.Contains(
            api.Log.Entries,
            entry => entry.Event.Name == "ReloadRejected" && entry.Text.Contains("Timeout is not a time", StringComparison.Ordinal)
        );

        settings.Change("Timeout", "3");
        settings.Change("Audiences:0", "new");
        await api.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
    }

    private static Task<TestApi> StartAsync(FakeAuthorizationServer server, ChangingSettings settings) =>
        TestApi.StartAsync(
            server,
            new TestApiSetup
            {
                Services = services => services.AddAuthentication().AddOAuthIntrospection(),
                Configuration = configuration => configuration.Add(settings),
            }
        );

    /// <summary>Issues a token and sends one request with it, which is accepted.</summary>
    private static async Task<string> UseTokenAsync(TestApi api, Action<FakeToken> configure)
    {
        string token = api.Server.IssueToken(it =>
        {
            it.Scopes = ["read"];
            configure(it);
        });
        await api.AssertStatusAsync(token, HttpStatusCode.OK);
        return token;
    }

    private static OptionsValidationException Reject(params (string Key, string? Value)[] changes) =>
        Assert.Throws<OptionsValidationException>(() => Read(changes));

    /// <summary>Reads valid settings with some changes.</summary>
    private static OAuthIntrospectionOptions Read(params (string Key, string? Value)[] changes) => ReadOnly([.. s_valid, .. changes]);

    private static OAuthIntrospectionOptions ReadOnly(params (string Key, string? Value)[] settings)
    {
        var configuration = new ConfigurationManager();
        foreach ((string key, string? value) in settings)
            configuration[Section + key] = value;

        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IConfiguration>(configuration);
        services.AddAuthentication().AddOAuthIntrospection();
        return services.BuildServiceProvider().GetRequiredService<IOptionsMonitor<OAuthIntrospectionOptions>>().Get("OAuthIntrospection");
    }

    private sealed class ChangingSettings : ConfigurationProvider, IConfigurationSource
    {
        public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

        public void Change(string key, string value)
        {
            Set(Section + key, value);
            OnReload();
        }
    }
}
