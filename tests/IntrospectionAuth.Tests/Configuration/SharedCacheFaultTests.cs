using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.SharedCache;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.Configuration;

/// <summary>Faults in the options of the shared cache: each is found at startup, and names the setting and the remedy.</summary>
public sealed class SharedCacheFaultTests
{
    private const string NoSecret = "base64 of at least 32 bytes. Create one with: openssl rand -base64 32";

    public static TheoryData<string, Action<OAuthIntrospectionOptions>> Faults =>
        new()
        {
            { "SharedCache.Secrets[0] is not " + NoSecret, options => Set(options, "") },
            { "SharedCache.Secrets[0] is not " + NoSecret, options => Set(options, [null!]) },
            { "SharedCache.Secrets[0] is not " + NoSecret, options => Set(options, "this-is-not-base64-but-long-enough-to-be-a-secret!") },
            { "SharedCache.Secrets[0] is not " + NoSecret, options => Set(options, Convert.ToBase64String(new byte[31])) },
            { "SharedCache.Secrets[1] is not " + NoSecret, options => Set(options, FleetNode.Secret, "not-to-be-shown") },
            {
                "SharedCache.Secrets has a secret twice. Remove one of them.",
                options => Set(options, FleetNode.Secret, FleetNode.OtherSecret, FleetNode.Secret)
            },
            {
                "SharedCache.Secrets has a secret twice. Remove one of them.",
                options => Set(options, FleetNode.Secret, " " + FleetNode.Secret)
            },
            {
                "SharedCache.Secrets has more than 8 secrets. Remove those that no node encrypts with any more.",
                options => Set(options, [.. Enumerable.Range(0, 9).Select(static i => Convert.ToBase64String([.. new byte[31], (byte)i]))])
            },
            {
                "SharedCache.Redis is set without SharedCache.Secrets. Set it to at least 32 random bytes in base64, "
                    + "the same on every node.",
                options => options.SharedCache.Redis = "localhost"
            },
            {
                "DPoP.ReplayAcrossNodes is Required, but nothing is shared between nodes, so every DPoP request would get 503. Set "
                    + "SharedCache.Secrets, or set DPoP.ReplayAcrossNodes to BestEffort.",
                options => options.DPoP.ReplayAcrossNodes = DPoPReplayAcrossNodes.Required
            },
        };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_fault_names_the_setting_and_the_remedy(string fault, Action<OAuthIntrospectionOptions> set)
    {
        var exception = Assert.Throws<OptionsValidationException>(() => Read(set, hasEngine: true));

        Assert.Contains("Scheme OAuthIntrospection: " + fault, exception.Failures);
        Assert.DoesNotContain("not-to-be-shown", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(FleetNode.Secret, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Settings_without_an_engine_are_a_fault(bool hasRedis)
    {
        var exception = Assert.Throws<OptionsValidationException>(() =>
            Read(
                options =>
                {
                    Set(options, FleetNode.Secret);
                    options.SharedCache.Redis = hasRedis ? "localhost" : null;
                },
                hasEngine: false
            )
        );

        Assert.Equal(
            [
                "Scheme OAuthIntrospection: SharedCache is set, but no engine is registered. Add the package IntrospectionAuth.Redis "
                    + "and call services.AddOAuthIntrospectionRedis(), or call services.AddOAuthIntrospectionDistributedCache().",
            ],
            exception.Failures
        );
    }

    [Theory]
    [InlineData("Timeout", "0", "SharedCache.Timeout is not a time of more than 0 and at most 1 minute")]
    [InlineData("Timeout", "-00:00:01", "SharedCache.Timeout is not a time of more than 0 and at most 1 minute")]
    [InlineData("Timeout", "00:01:01", "SharedCache.Timeout is not a time of more than 0 and at most 1 minute")]
    [InlineData("FeedPatience", "00:00:00.999", "SharedCache.FeedPatience is not a time from 1 second to 1 hour")]
    [InlineData("FeedPatience", "01:00:01", "SharedCache.FeedPatience is not a time from 1 second to 1 hour")]
    [InlineData("Redis", "", "SharedCache.Redis is empty. Set a text, or remove it")]
    public void A_value_that_is_out_of_range_is_a_fault(string setting, string value, string fault)
    {
        var exception = Assert.ThrowsAny<Exception>(() =>
            SchemeOptions.FromJson($$"""{ "SharedCache": { "{{setting}}": "{{value}}" } }""")
        );

        Assert.Contains(fault.Replace("SharedCache.", "", StringComparison.Ordinal), exception.Message, StringComparison.Ordinal);
        Assert.Contains("SharedCache:" + setting, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_limit_itself_is_accepted()
    {
        OAuthIntrospectionOptions options = Read(
            options =>
            {
                Set(options, [.. Enumerable.Range(0, 8).Select(static i => Convert.ToBase64String([.. new byte[31], (byte)i]))]);
                options.SharedCache.Timeout = TimeSpan.FromMinutes(1);
                options.SharedCache.FeedPatience = TimeSpan.FromSeconds(1);
                options.DPoP.ReplayAcrossNodes = DPoPReplayAcrossNodes.Required;
            },
            hasEngine: true
        );

        Assert.Equal(8, options.SharedCache.Secrets.Count);
    }

    [Fact]
    public async Task An_engine_without_a_secret_is_a_fault()
    {
        await using var server = FakeAuthorizationServer.Create();

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            StartAsync(server, static services => services.AddAuthentication().AddOAuthIntrospection())
        );

        Assert.Equal(
            "An engine for the shared cache is registered, but no scheme has SharedCache.Secrets. Set it to at least 32 random bytes "
                + "in base64, the same on every node, or remove the engine.",
            exception.Message
        );
    }

    [Fact]
    public async Task An_engine_is_no_fault_while_schemes_are_only_added_at_run_time()
    {
        await using var server = FakeAuthorizationServer.Create();
        string token = server.IssueToken("read");
        await using TestApi api = await StartAsync(
            server,
            services =>
            {
                services.AddHostedService<SchemeRemover>(); // starts first
                services.AddAuthentication().AddOAuthIntrospection(static options => Set(options, FleetNode.Secret));
            }
        );

        api.Services.GetServices<IHostedService>().OfType<SchemeRemover>().Single().AddAgain();

        Assert.True((await api.AuthenticateAsync(token)).Succeeded);
    }

    [Fact]
    public async Task Proofs_cannot_be_required_across_nodes_by_an_engine_that_adds_no_keys_atomically()
    {
        await using var server = FakeAuthorizationServer.Create();

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            TestApi.StartAsync(
                server,
                new TestApiSetup
                {
                    Services = services =>
                    {
                        services.AddDistributedMemoryCache();
                        services.AddOAuthIntrospectionDistributedCache();
                        services
                            .AddAuthentication()
                            .AddOAuthIntrospection(static options =>
                            {
                                options.SharedCache.Secrets.Add(FleetNode.Secret);
                                options.DPoP.ReplayAcrossNodes = DPoPReplayAcrossNodes.Required;
                            });
                    },
                }
            )
        );

        Assert.Equal(
            "Scheme OAuthIntrospection: DPoP.ReplayAcrossNodes is Required, but the engine MemoryDistributedCache cannot add keys in one "
                + "step, so every DPoP request would get 503. Use Redis, or set DPoP.ReplayAcrossNodes to BestEffort.",
            exception.Message
        );
    }

    private static Task<TestApi> StartAsync(FakeAuthorizationServer server, Action<IServiceCollection> services) =>
        TestApi.StartAsync(
            server,
            new TestApiSetup
            {
                Services = collection =>
                {
                    collection.AddSingleton<ISharedCacheEngine>(new NodeEngine(new InMemoryFleetEngine()));
                    services(collection);
                },
            }
        );

    private static void Set(OAuthIntrospectionOptions options, params string[] secrets)
    {
        foreach (string secret in secrets)
            options.SharedCache.Secrets.Add(secret);
    }

    private static OAuthIntrospectionOptions Read(Action<OAuthIntrospectionOptions> set, bool hasEngine)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IConfiguration>(new ConfigurationManager());
        if (hasEngine)
            services.AddSingleton<ISharedCacheEngine>(new NodeEngine(new InMemoryFleetEngine()));
        services
            .AddAuthentication()
            .AddOAuthIntrospection(options =>
            {
                options.IntrospectionEndpoint = "https://auth.example.com/introspect";
                options.ClientId = "api";
                options.ClientSecret = "secret";
                set(options);
            });
        using ServiceProvider provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptionsMonitor<OAuthIntrospectionOptions>>().Get("OAuthIntrospection");
    }

    /// <summary>Removes the scheme before anything else starts.</summary>
    private sealed class SchemeRemover(IAuthenticationSchemeProvider schemes) : IHostedService
    {
        private AuthenticationScheme? _removed;

        public async Task StartAsync(CancellationToken cancellationToken)
        {
            _removed = await schemes.GetSchemeAsync(OAuthIntrospectionDefaults.AuthenticationScheme);
            schemes.RemoveScheme(_removed!.Name);
        }

        public void AddAgain() => schemes.AddScheme(_removed!);

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
