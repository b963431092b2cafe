using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Discovery;
using IntrospectionAuth.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace IntrospectionAuth.Tests.Http;

/// <summary>Aspire's service defaults add a resilience handler to every HTTP client. Ours behaves as without.</summary>
public sealed class ServiceDefaultsTests
{
    private const string Active = """{"active":true,"scope":"read"}""";

    private static readonly string s_client = OAuthIntrospectionDefaults.GetHttpClientName(OAuthIntrospectionDefaults.AuthenticationScheme);

    private static readonly Dictionary<string, Action<IHttpClientBuilder>> s_defaults = new(StringComparer.Ordinal)
    {
        ["nothing"] = static _ => { },
        ["standard"] = static client => client.AddStandardResilienceHandler(),
        ["standard, and discovery of services"] = static client =>
        {
            client.AddStandardResilienceHandler();
            client.AddServiceDiscovery();
        },
        ["hedging"] = static client => client.AddStandardHedgingHandler(),
        ["custom"] = static client =>
            client.AddResilienceHandler("custom", static pipeline => pipeline.AddRetry(new HttpRetryStrategyOptions())),
        ["derived"] = static client => client.AddHttpMessageHandler(static () => new Derived()),
    };

    public static MatrixTheoryData<string, bool> Defaults => new(s_defaults.Keys, [true, false]);

    [Theory]
    [MemberData(nameof(Defaults))]
    public async Task A_rate_limit_is_returned_at_once_after_one_call(string defaults, bool isFirst)
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        server.RespondAt("/introspect", 429, retryAfter: "30");
        await using DiscoveryApi api = await StartAsync(server, defaults, isFirst);

        using HttpResponseMessage response = await api.SendAsync("one");
        server.RespondAt("/introspect", Active);
        api.Time.Advance(TimeSpan.FromSeconds(30));
        int afterwards = await api.GetAsync("two");

        Assert.Equal((503, "30"), ((int)response.StatusCode, response.Headers.GetValues("Retry-After").Single()));
        Assert.Equal((200, 2, 0), (afterwards, server.Requests.Count, api.Signal.Count("CircuitOpened")));
    }

    [Theory]
    [MemberData(nameof(Defaults))]
    public async Task Calls_are_retried_as_often_as_without_service_defaults(string defaults, bool isFirst)
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        await using DiscoveryApi api = await StartAsync(server, defaults, isFirst);

        int[] calls = new int[4];
        for (int i = 0; i < calls.Length; i++)
        {
            server.RespondAt("/introspect", 500 + i);
            Assert.Equal(503, await api.GetAsync($"token-{i}"));
            calls[i] = server.Requests.Count - calls.Sum();
        }

        Assert.Equal([1, 1, 2, 2], calls); // 500, 501, 502, 503
    }

    [Theory]
    [MemberData(nameof(Defaults))]
    public async Task Timeout_alone_limits_a_call_and_no_second_call_is_made_meanwhile(string defaults, bool isFirst)
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        Gate gate = server.HoldAt("/introspect", Active);
        await using DiscoveryApi api = await StartAsync(
            server,
            defaults,
            isFirst,
            static options => options.Timeout = TimeSpan.FromSeconds(60)
        );

        Task<int> request = api.GetAsync("token");
        await gate.Arrived;
        foreach (int seconds in (int[])[3, 8, 20, 28]) // hedging, an attempt, all attempts: they would be over by now
            api.Time.Advance(TimeSpan.FromSeconds(seconds));
        gate.Release();

        Assert.Equal(200, await request);
        Assert.Single(server.Requests);
    }

    [Theory]
    [MemberData(nameof(Defaults))]
    public async Task The_circuit_breaker_opens_when_it_should_and_no_other_breaker_opens(string defaults, bool isFirst)
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        server.RespondAt("/introspect", 500);
        await using DiscoveryApi api = await StartAsync(server, defaults, isFirst);

        for (int i = 0; i < 10; i++)
            Assert.Equal(503, await api.GetAsync($"token-{i}"));
        Assert.Equal(503, await api.GetAsync("kept-back"));
        Assert.Equal((10, 1), (server.Requests.Count, api.Signal.Count("CircuitOpened")));
        server.RespondAt("/introspect", Active);
        api.Time.Advance(TimeSpan.FromSeconds(6));

        Assert.Equal(200, await api.GetAsync("token"));
        Assert.Equal(11, server.Requests.Count);
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("standard")]
    [InlineData("hedging")]
    public async Task Resilience_that_the_application_adds_to_the_client_of_a_scheme_applies_alone(string defaults)
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        server.RespondAt("/introspect", 500);
        await using DiscoveryApi api = await StartAsync(
            server,
            defaults,
            isFirst: true,
            static options => options.Resilience.Enabled = false,
            static services => AddFourRetries(services.AddHttpClient(s_client))
        );

        Assert.Equal(503, await api.GetAsync("token"));
        Assert.Equal(5, server.Requests.Count);
    }

    [Fact]
    public async Task A_handler_that_replaces_all_handlers_applies()
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        server.RespondAt("/introspect", 500);
        await using DiscoveryApi api = await StartAsync(
            server,
            "standard",
            isFirst: true,
            static options => options.Resilience.Enabled = false,
            static services =>
                AddFourRetries(
                    services.AddHttpClient(s_client).ConfigureAdditionalHttpMessageHandlers(static (handlers, _) => handlers.Clear())
                )
        );

        Assert.Equal(503, await api.GetAsync("token"));
        Assert.Equal(5, server.Requests.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Other_handlers_for_all_clients_are_kept(bool isFirst)
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        string? headers = null;
        server.On(
            "/introspect",
            context =>
            {
                headers = $"{context.Request.Headers["X-All"]} {context.Request.Headers["X-Own"]}";
                return MetadataServer.WriteAsync(context, Active);
            }
        );
        await using DiscoveryApi api = await DiscoveryApi.StartAsync(
            options => Configure(options, server.Url),
            services =>
            {
                // DiscoveryApi adds the scheme before.
                services.ConfigureHttpClientDefaults(static client =>
                    client.AddHttpMessageHandler(static () => new Header("X-All")).AddStandardResilienceHandler()
                );
                services.AddHttpClient(s_client).AddHttpMessageHandler(static () => new Header("X-Own"));
                if (isFirst)
                    services.ConfigureHttpClientDefaults(static client => client.AddHttpMessageHandler(static () => new Header("X-All")));
            }
        );

        Assert.Equal(200, await api.GetAsync("token"));
        Assert.Equal(isFirst ? "all, all own" : "all own", headers);
    }

    [Theory]
    [InlineData("IntrospectionEndpoint", "/introspect")]
    [InlineData("Authority", "")]
    public async Task A_service_is_resolved_by_its_name(string key, string path)
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        server.PublishText(MetadataServer.OpenId, """{"issuer":"http://keycloak","introspection_endpoint":"http://keycloak/introspect"}""");
        await using DiscoveryApi api = await DiscoveryApi.StartAsync(
            static options =>
            {
                options.ClientId = "api";
                options.ClientSecret = "secret";
            },
            static services =>
            {
                services.AddServiceDiscovery();
                services.ConfigureHttpClientDefaults(static client =>
                {
                    client.AddStandardResilienceHandler();
                    client.AddServiceDiscovery();
                });
            },
            configuration =>
            {
                configuration["services:keycloak:http:0"] = new Uri(server.Url).Authority;
                configuration["Authentication:Schemes:OAuthIntrospection:" + key] = "http://keycloak" + path;
                configuration["Authentication:Schemes:OAuthIntrospection:RequireHttps"] = "false";
            }
        );

        Assert.Equal(200, await api.GetAsync("token"));
    }

    private static async Task<DiscoveryApi> StartAsync(
        MetadataServer server,
        string defaults,
        bool isFirst,
        Action<OAuthIntrospectionOptions>? configure = null,
        Action<IServiceCollection>? services = null
    ) =>
        await DiscoveryApi.StartAsync(
            options =>
            {
                Configure(options, server.Url);
                configure?.Invoke(options);
            },
            it =>
            {
                services?.Invoke(it);
                if (!isFirst)
                    AddDefaults(it, defaults);
            },
            before: it =>
            {
                if (isFirst)
                    AddDefaults(it, defaults);
            }
        );

    private static void AddFourRetries(IHttpClientBuilder client) =>
        client.AddResilienceHandler(
            "own",
            static pipeline =>
                pipeline.AddRetry(
                    new HttpRetryStrategyOptions
                    {
                        MaxRetryAttempts = 4,
                        Delay = TimeSpan.Zero,
                        UseJitter = false,
                        BackoffType = DelayBackoffType.Constant,
                    }
                )
        );

    private static void AddDefaults(IServiceCollection services, string defaults)
    {
        services.AddServiceDiscovery();
        services.ConfigureHttpClientDefaults(s_defaults[defaults]);
    }

    private static void Configure(OAuthIntrospectionOptions options, string url)
    {
        options.IntrospectionEndpoint = url + "/introspect";
        options.ClientId = "api";
        options.ClientSecret = "secret";
    }

    private sealed class Derived()
        : ResilienceHandler(new ResiliencePipelineBuilder<HttpResponseMessage>().AddRetry(new HttpRetryStrategyOptions()).Build());

    private sealed class Header(string name) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Add(name, name == "X-All" ? "all" : "own");
            return base.SendAsync(request, cancellationToken);
        }
    }
}
