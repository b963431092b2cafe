using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Http;
using static IntrospectionAuth.Tests.Discovery.MetadataServer;

namespace IntrospectionAuth.Tests.Discovery;

/// <summary>Metadata is asked for again behind the requests' backs, and an endpoint that has moved is followed.</summary>
public sealed class RediscoveryTests
{
    private static readonly TimeSpan s_interval = TimeSpan.FromHours(12);
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Metadata_is_used_for_twelve_hours_and_then_refreshed_in_the_background()
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        server.Publish();
        await using DiscoveryApi api = await DiscoveryApi.StartAsync(server.Url);
        Assert.Equal(200, await api.GetAsync("one"));
        Task arrived = server.HangAt(OpenId);

        api.Time.Advance(s_interval - TimeSpan.FromSeconds(1));
        Assert.Equal(200, await api.GetAsync("two"));
        Assert.Equal(1, server.Count($"GET {OpenId}"));
        api.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(200, await api.GetAsync("three")); // The search hangs, and no caller waits for it.
        Assert.Equal(200, await api.GetAsync("four"));
        await arrived;
        Assert.Equal(2, server.Count($"GET {OpenId}"));
    }

    [Fact]
    public async Task A_failed_refresh_keeps_the_known_metadata_and_is_repeated_after_a_minute()
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        server.Publish();
        await using DiscoveryApi api = await DiscoveryApi.StartAsync(server.Url);
        Assert.Equal(200, await api.GetAsync("one"));
        server.Publish(issuer: "https://evil.example.com", endpoint: "/evil");

        api.Time.Advance(s_interval);
        Assert.Equal(200, await api.GetAsync("two"));
        await api.Signal.WaitForAsync("RediscoveryFailed");
        Assert.Equal(200, await api.GetAsync("three"));
        Assert.Equal(2, server.Count($"GET {OpenId}"));
        api.Time.Advance(s_minute);
        Assert.Equal(200, await api.GetAsync("four"));
        await api.Signal.WaitForAsync("RediscoveryFailed", count: 2);

        Assert.Equal(4, server.Count("POST /introspect"));
        Assert.Equal(0, server.Count("POST /evil"));
        Assert.Contains("cannot be fetched again", api.Log, StringComparison.Ordinal);
        Assert.Equal(0, api.Signal.Count("DiscoveryFailed"));
    }

    [Fact]
    public async Task When_the_endpoint_has_moved_responses_of_the_old_one_are_not_used()
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        server.Publish();
        server.RespondAt("/moved", """{"active":true,"scope":"read"}""");
        server.On(
            "/introspect",
            async context =>
            {
                IFormCollection form = await context.Request.ReadFormAsync();
                await WriteAsync(context, form["token"] == "inactive" ? """{"active":false}""" : """{"active":true,"scope":"read"}""");
            }
        );
        await using DiscoveryApi api = await DiscoveryApi.StartAsync(
            server.Url,
            options =>
            {
                options.Cache.DefaultAge = options.Cache.InactiveAge = TimeSpan.FromDays(10);
                options.Cache.RefreshAfter = TimeSpan.Zero;
            }
        );
        Assert.Equal((200, 401), (await api.GetAsync("active"), await api.GetAsync("inactive")));

        server.Publish(endpoint: "/moved");
        api.Time.Advance(s_interval);
        Assert.Equal((200, 401), (await api.GetAsync("active"), await api.GetAsync("inactive"))); // hits search for nothing
        Assert.Equal(2, server.Count("POST /introspect"));
        Assert.Equal(200, await api.GetAsync("another"));
        await api.Signal.WaitForAsync("EndpointMoved");

        int atTheOld = server.Count("POST /introspect"),
            atTheNew = server.Count("POST /moved");
        Assert.Equal((200, 200), (await api.GetAsync("active"), await api.GetAsync("inactive")));
        Assert.Equal((atTheOld, atTheNew + 2), (server.Count("POST /introspect"), server.Count("POST /moved")));
        Assert.Contains($"names another introspection endpoint, {server.Url}/moved", api.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_in_flight_call_to_the_old_endpoint_is_repeated_at_the_new_one()
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        server.Publish();
        server.RespondAt("/moved", """{"active":false}""");
        await using DiscoveryApi api = await DiscoveryApi.StartAsync(server.Url);
        Assert.Equal(200, await api.GetAsync("first"));
        Gate gate = server.HoldAt("/introspect", """{"active":true,"scope":"read"}""");
        server.Publish(endpoint: "/moved");
        api.Time.Advance(s_interval);

        Task<int> request = api.GetAsync("token");
        await gate.Arrived;
        await api.Signal.WaitForAsync("EndpointMoved");
        gate.Release();

        Assert.Equal(401, await request);
        Assert.Equal(401, await api.GetAsync("token"));
        Assert.Equal(1, server.Count("POST /moved"));
    }

    [Theory]
    [InlineData(404)]
    [InlineData(410)]
    [InlineData(308)]
    public async Task A_missing_endpoint_is_discovered_again_early_at_most_once_a_minute(int status)
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        server.Publish();
        server.RespondAt("/moved", """{"active":true,"scope":"read"}""");
        await using DiscoveryApi api = await DiscoveryApi.StartAsync(server.Url);
        Assert.Equal(200, await api.GetAsync("one"));
        server.RespondAt("/introspect", status);
        server.Publish(endpoint: "/moved");

        Assert.Equal(503, await api.GetAsync("two"));
        Assert.Equal(503, await api.GetAsync("two"));
        Assert.Equal(1, server.Count($"GET {OpenId}"));
        api.Time.Advance(s_minute);
        await api.GetAsync("two");
        await api.Signal.WaitForAsync("EndpointMoved");

        Assert.Equal(200, await api.GetAsync("two"));
        Assert.Equal(2, server.Count($"GET {OpenId}"));
    }

    [Fact]
    public async Task An_endpoint_that_no_longer_responds_is_discovered_again_early()
    {
        // A host that was taken away refuses no connection: nothing comes back from where it was.
        await using MetadataServer server = await MetadataServer.StartAsync();
        server.Publish();
        server.RespondAt("/moved", """{"active":true,"scope":"read"}""");
        await using DiscoveryApi api = await DiscoveryApi.StartAsync(server.Url);
        Assert.Equal(200, await api.GetAsync("one"));
        using var arrived = new SemaphoreSlim(0);
        server.On(
            "/introspect",
            context =>
            {
                arrived.Release();
                return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
            }
        );
        server.Publish(endpoint: "/moved");

        Assert.Equal(503, await TimeOutAsync("two", arrived.WaitAsync));
        api.Time.Advance(s_minute);
        Assert.Equal(503, await TimeOutAsync("three", () => Task.WhenAll(arrived.WaitAsync(), api.Signal.WaitForAsync("EndpointMoved"))));
        api.Time.Advance(TimeSpan.FromSeconds(5)); // the pause of the circuit breaker

        Assert.Equal(200, await api.GetAsync("four"));
        Assert.Equal(2, server.Count($"GET {OpenId}"));

        async Task<int> TimeOutAsync(string token, Func<Task> happenedAsync)
        {
            Task<int> request = api.GetAsync(token);
            await happenedAsync();
            api.Time.Advance(TimeSpan.FromSeconds(5));
            return await request;
        }
    }

    [Fact]
    public async Task A_refresh_with_the_same_endpoint_removes_nothing_from_the_cache()
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        server.Publish();
        await using DiscoveryApi api = await DiscoveryApi.StartAsync(
            server.Url,
            options =>
            {
                options.Cache.DefaultAge = TimeSpan.FromDays(10);
                options.Cache.RefreshAfter = TimeSpan.Zero;
            }
        );
        Assert.Equal(200, await api.GetAsync("one"));
        string document = $$"""{"introspection_endpoint":"{{server.Url}}/introspect","issuer":"{{server.Url}}","x":1}""";
        var responded = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.On(
            OpenId,
            context =>
            {
                context.Response.OnCompleted(() =>
                {
                    responded.TrySetResult();
                    return Task.CompletedTask;
                });
                return WriteAsync(context, document);
            }
        );

        api.Time.Advance(s_interval);
        Assert.Equal(200, await api.GetAsync("two"));
        await responded.Task;

        Assert.Equal(200, await api.GetAsync("one"));
        Assert.Equal(2, server.Count("POST /introspect"));
        Assert.Equal(0, api.Signal.Count("EndpointMoved"));
    }
}
