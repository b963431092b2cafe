using System.Collections.Concurrent;
using IntrospectionAuth.TenantResolution;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace IntrospectionAuth.Tests.TenantResolution;

/// <summary>Which tenants are resolved, when, how often, and what callers get when that fails.</summary>
public sealed class TenantResolutionTests
{
    private const string Token = "opaque-token-4711";

    [Fact]
    public async Task An_unknown_tenant_is_401_without_a_call_and_resolved_once()
    {
        await using TenantApi api = await TenantApi.StartAsync();

        for (int i = 0; i < 3; i++)
        {
            using HttpResponseMessage response = await api.Api.GetAsync("/t/unknown", Token);
            Assert.Equal(
                (401, "Bearer error=\"invalid_token\", error_description=\"The access token cannot be used here.\""),
                ((int)response.StatusCode, response.Challenges())
            );
        }

        Assert.Equal(401, await api.StatusAsync("unknown", token: null));
        Assert.Equal("200 public", await api.GetAsync("unknown", Token, "/public"));
        Assert.Equal(["unknown"], api.Resolved);
        Assert.Equal(0, api["acme"].CallCount + api["beta"].CallCount + api["gamma"].CallCount);
    }

    [Theory]
    [InlineData("a%0Ab")]
    [InlineData("long")]
    public async Task A_name_that_no_tenant_can_have_is_not_resolved(string name)
    {
        await using TenantApi api = await TenantApi.StartAsync();

        Assert.Equal(401, await api.StatusAsync(name == "long" ? new string('a', 129) : name, Token));

        Assert.Empty(api.Resolved);
    }

    [Fact]
    public async Task Halves_of_surrogate_pairs_are_no_name()
    {
        await using TenantApi api = await TenantApi.StartAsync(resolve: static _ => new("a\uD800"));

        Assert.Equal(401, await api.StatusAsync("acme", Token));

        Assert.Empty(api.Resolved);
    }

    [Theory]
    [InlineData("ACME")]
    [InlineData("acme%20")]
    [InlineData("аcme")] // the first letter is Cyrillic
    [InlineData("acme%2Fbeta")]
    public async Task Another_spelling_is_another_name(string name)
    {
        await using TenantApi api = await TenantApi.StartAsync();
        api.Issue("acme", Token, "alice");
        Assert.Equal("200 alice", await api.GetAsync("acme", Token));

        Assert.Equal(401, await api.StatusAsync(name, Token));
    }

    [Fact]
    public async Task Invalid_settings_are_503_for_their_tenant_alone_with_one_error()
    {
        await using TenantApi api = await TenantApi.StartAsync();
        api.OnResolving = (tenant, _) =>
        {
            if (tenant.Name == "acme")
                tenant.Options.IntrospectionEndpoint = "http://example.com/introspect";
            return default;
        };
        api.Issue("beta", Token, "bob");

        using HttpResponseMessage first = await api.Api.GetAsync("/t/acme", Token);
        Assert.Equal((503, "5"), ((int)first.StatusCode, first.RetryAfter()));
        Assert.Equal(503, await api.StatusAsync("acme", Token));
        Assert.Equal(401, await api.StatusAsync("acme", token: null));
        Assert.Equal("200 bob", await api.GetAsync("beta", Token));

        string error = Assert.Single(api.Api.Log.Entries, static entry => entry.Event.Name == "TenantInvalid").Text;
        Assert.Contains("tenant acme", error, StringComparison.Ordinal);
        Assert.Contains("IntrospectionEndpoint is plain http", error, StringComparison.Ordinal);
        Assert.Equal(["acme", "beta"], api.Resolved);
    }

    [Fact]
    public async Task Events_of_a_tenant_that_the_container_does_not_know_are_invalid_settings()
    {
        await using TenantApi api = await TenantApi.StartAsync();
        api.OnResolving = static (tenant, _) =>
        {
            if (tenant.Name == "acme")
                tenant.Options.EventsType = typeof(UnknownEvents);
            return default;
        };
        api.Issue("acme", Token, "alice");
        api.Issue("beta", Token, "bob");

        Assert.Equal(503, await api.StatusAsync("acme", Token));
        Assert.Equal("200 bob", await api.GetAsync("beta", Token));

        string error = Assert.Single(api.Api.Log.Entries, static entry => entry.Event.Name == "TenantInvalid").Text;
        Assert.Contains("EventsType is UnknownEvents, which is not registered.", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_resolver_that_the_container_does_not_know_stops_the_start()
    {
        var fault = await Assert.ThrowsAsync<OptionsValidationException>(() =>
            TenantApi.StartAsync(static options =>
            {
                options.ResolveTenant = null;
                options.ConfigureTenant = null;
                options.TenantResolverType = typeof(UnknownResolver);
            })
        );

        Assert.Equal(
            "Scheme OAuthIntrospection: TenantResolverType is UnknownResolver, which is not registered. Register it: "
                + "services.AddScoped<UnknownResolver>().",
            fault.Message
        );
    }

    [Fact]
    public async Task A_resolver_that_throws_is_503_with_one_error_and_asked_again_later()
    {
        var time = new FakeTimeProvider();
        await using TenantApi api = await TenantApi.StartAsync(time: time);
        api.OnResolving = static (_, _) => throw new InvalidOperationException("the database is down");
        api.Issue("acme", Token, "alice");

        Assert.Equal(503, await api.StatusAsync("acme", Token));
        Assert.Equal(503, await api.StatusAsync("acme", Token));
        Assert.Equal(503, await api.StatusAsync("beta", Token));
        Assert.Equal(1, api.Api.Log.Count("TenantNotResolved"));
        Assert.Equal(["acme", "beta"], api.Resolved);

        api.OnResolving = null;
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("200 alice", await api.GetAsync("acme", Token));
    }

    [Fact]
    public async Task A_search_for_the_name_that_throws_is_503()
    {
        await using TenantApi api = await TenantApi.StartAsync(resolve: static _ => throw new InvalidOperationException());

        Assert.Equal(503, await api.StatusAsync("acme", Token));
        Assert.Equal(503, await api.StatusAsync("acme", Token));

        Assert.Equal(1, api.Api.Log.Count("TenantNameNotFound"));
    }

    [Fact]
    public async Task A_resolver_that_hangs_is_503_after_the_timeout()
    {
        var time = new FakeTimeProvider();
        await using TenantApi api = await TenantApi.StartAsync(time: time);
        var begun = new TaskCompletionSource();
        api.OnResolving = async (tenant, _) =>
        {
            if (tenant.Name != "acme")
                return;
            begun.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, CancellationToken.None);
        };
        api.Issue("beta", Token, "bob");

        Task<int> hanging = api.StatusAsync("acme", Token);
        await begun.Task;
        Assert.Equal("200 bob", await api.GetAsync("beta", Token));
        time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(503, await hanging);
    }

    [Fact]
    public async Task Requests_that_wait_for_a_tenant_resolve_it_once()
    {
        await using TenantApi api = await TenantApi.StartAsync();
        var gate = new TaskCompletionSource();
        api.OnResolving = async (_, _) => await gate.Task;
        api.Issue("acme", Token, "alice");

        Task<string>[] requests = [.. Enumerable.Range(0, 100).Select(_ => api.GetAsync("acme", Token))];
        gate.SetResult();

        Assert.All(await Task.WhenAll(requests), static response => Assert.Equal("200 alice", response));
        Assert.Equal((1, 1), (api.Resolved.Count, api["acme"].CallCount));
    }

    [Fact]
    public async Task Settings_are_resolved_again_while_no_request_waits()
    {
        var time = new FakeTimeProvider();
        await using TenantApi api = await TenantApi.StartAsync(time: time);
        api.Issue("acme", Token, "alice");
        await api.GetAsync("acme", Token);
        var begun = new TaskCompletionSource();
        var gate = new TaskCompletionSource();
        api.OnResolving = async (tenant, _) =>
        {
            begun.SetResult();
            await gate.Task;
            tenant.Options.Audiences.Add("another");
        };

        time.Advance(TimeSpan.FromMinutes(10));
        api.Issue("acme", Token + "2", "alice");
        Assert.Equal("200 alice", await api.GetAsync("acme", Token + "2"));
        await begun.Task;
        Assert.Equal("200 alice", await api.GetAsync("acme", Token + "2"));

        gate.SetResult();
        await api.Api.Services.GetRequiredService<SchemeTenants>().IdleAsync();
        Assert.Equal(401, await api.StatusAsync("acme", Token + "2"));
        Assert.Equal(2, api["acme"].CallCount); // the response is still cached, and validated by the new settings
    }

    [Fact]
    public async Task A_removed_tenant_is_resolved_again_at_once()
    {
        await using TenantApi api = await TenantApi.StartAsync();
        api.Issue("acme", Token, "alice");
        await api.GetAsync("acme", Token);
        await api.GetAsync("unknown", Token);

        Assert.True(api.Tenants.Remove("acme"));
        Assert.False(api.Tenants.Remove("unknown"));
        await api.GetAsync("acme", Token);
        await api.GetAsync("unknown", Token);

        Assert.Equal(["acme", "unknown", "acme", "unknown"], api.Resolved);
        Assert.Equal(2, api["acme"].CallCount);
    }

    [Fact]
    public async Task A_request_in_flight_ends_with_the_tenant_that_it_began_with()
    {
        await using TenantApi api = await TenantApi.StartAsync();
        api.Issue("acme", Token, "alice");
        TaskCompletionSource gate = HoldNextResponse(api["acme"]);

        Task<string> inFlight = api.GetAsync("acme", Token);
        await api["acme"].WaitForCallsAsync(1);
        Assert.True(api.Tenants.Remove("acme"));
        Assert.Equal("200 alice", await api.GetAsync("acme", Token)); // by a call of its own
        gate.SetResult();

        Assert.Equal("200 alice", await inFlight);
        Assert.Equal(2, api["acme"].CallCount);
    }

    [Fact]
    public async Task A_removed_tenant_is_disposed_after_its_last_request()
    {
        var handlers = new ConcurrentQueue<DisposedHandler>();
        await using TenantApi api = await TenantApi.StartAsync(services: services =>
            services
                .AddHttpClient(OAuthIntrospectionDefaults.GetHttpClientName(OAuthIntrospectionDefaults.AuthenticationScheme))
                .AddHttpMessageHandler(() =>
                {
                    var handler = new DisposedHandler();
                    handlers.Enqueue(handler);
                    return handler;
                })
        );
        api.Issue("acme", Token, "alice");
        TaskCompletionSource gate = HoldNextResponse(api["acme"]);

        Task<string> inFlight = api.GetAsync("acme", Token);
        await api["acme"].WaitForCallsAsync(1);
        api.Tenants.Remove("acme");
        await api.GetAsync("acme", Token);
        Assert.Equal([false, false], handlers.Select(static handler => handler.Disposed.IsCompleted));

        gate.SetResult();
        Assert.Equal("200 alice", await inFlight);
        await handlers.First().Disposed;
        Assert.False(handlers.Last().Disposed.IsCompleted);
    }

    [Fact]
    public async Task Settings_from_before_a_removal_are_not_used()
    {
        await using TenantApi api = await TenantApi.StartAsync();
        api.Issue("beta", Token, "bob");
        var begun = new TaskCompletionSource();
        var gate = new TaskCompletionSource();
        api.OnResolving = async (tenant, _) =>
        {
            string endpoint = api[api.Resolved.Count == 1 ? "acme" : "beta"].IntrospectionEndpoint;
            if (begun.TrySetResult())
                await gate.Task;
            tenant.Options.IntrospectionEndpoint = endpoint;
        };

        Task<string> waiting = api.GetAsync("acme", Token);
        await begun.Task;
        api.Tenants.Remove("acme");
        gate.SetResult();

        Assert.Equal("200 bob", await waiting);
        Assert.Equal(0, api["acme"].CallCount);
    }

    [Fact]
    public async Task A_flood_of_unknown_names_takes_the_place_of_no_tenant()
    {
        await using TenantApi api = await TenantApi.StartAsync(options =>
        {
            options.TenantCache.MaximumTenants = 3;
            options.TenantCache.MaximumUnknownNames = 10;
        });
        api.Issue("acme", Token, "alice");
        await api.GetAsync("acme", Token);

        for (int i = 0; i < 100; i++)
            Assert.Equal(401, await api.StatusAsync($"invented-{i}", Token));
        await api.GetAsync("acme", Token);

        Assert.Equal(1, api.Resolved.Count(static name => name == "acme"));
        Assert.Equal(1, api["acme"].CallCount);
    }

    [Fact]
    public async Task Beyond_the_maximum_the_tenant_used_the_longest_time_ago_is_resolved_again()
    {
        var time = new FakeTimeProvider();
        await using TenantApi api = await TenantApi.StartAsync(options => options.TenantCache.MaximumTenants = 2, time);
        foreach (string tenant in (string[])["acme", "beta", "acme", "gamma", "acme", "beta"])
        {
            api.Issue(tenant, Token, "alice");
            Assert.Equal("200 alice", await api.GetAsync(tenant, Token));
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(["acme", "beta", "gamma", "beta"], api.Resolved);
    }

    [Fact]
    public async Task Other_options_of_the_scheme_apply_to_its_tenants_at_once()
    {
        IConfigurationRoot? configuration = null;
        await using TenantApi api = await TenantApi.StartAsync(services: services =>
        {
            configuration = new ConfigurationBuilder().AddInMemoryCollection().Build();
            services.AddSingleton<IConfiguration>(configuration);
        });
        api.Issue("acme", Token, "alice");
        Assert.Equal("200 alice", await api.GetAsync("acme", Token));

        configuration!["Authentication:Schemes:OAuthIntrospection:Audiences:0"] = "another";
        configuration.Reload();

        Assert.Equal(401, await api.StatusAsync("acme", Token));
        Assert.Equal(["acme", "acme"], api.Resolved);
        Assert.Equal(1, api["acme"].CallCount);
    }

    /// <returns>What lets the response be sent. Those to other calls are not held.</returns>
    private static TaskCompletionSource HoldNextResponse(FakeAuthorizationServer server)
    {
        var gate = new TaskCompletionSource();
        server.RespondWith(
            async context =>
            {
                await gate.Task;
                await server.RespondNormallyAsync(context);
            },
            calls: 1
        );
        return gate;
    }

    private sealed class UnknownEvents : OAuthIntrospectionEvents;

    private sealed class UnknownResolver : IOAuthIntrospectionTenantResolver
    {
        public ValueTask<string?> FindNameAsync(OAuthIntrospectionTenantRequest request) => throw new NotSupportedException();

        public ValueTask<bool> ConfigureAsync(OAuthIntrospectionTenant tenant, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }
}
