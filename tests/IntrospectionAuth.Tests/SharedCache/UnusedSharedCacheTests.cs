using System.Net;
using IntrospectionAuth.Server;
using IntrospectionAuth.SharedCache;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.SharedCache;

/// <summary>An application without a shared cache does not pay for it. One with it pays nothing for a hit in its own memory.</summary>
public sealed class UnusedSharedCacheTests : IAsyncDisposable
{
    private const int Pairs = 41;
    private const int Hits = 100;

    private readonly ManualTimeProvider _time = new();
    private readonly FakeAuthorizationServer _server;

    public UnusedSharedCacheTests() => _server = FakeAuthorizationServer.Create(options => options.TimeProvider = _time);

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public void The_library_does_not_reference_the_client_of_Redis() =>
        Assert.DoesNotContain(
            typeof(OAuthIntrospectionOptions).Assembly.GetReferencedAssemblies(),
            static it => it.Name!.Contains("Redis", StringComparison.OrdinalIgnoreCase)
        );

    [Fact]
    public async Task Without_an_engine_there_is_no_fleet_no_feed_and_no_timer()
    {
        await using TestApi api = await TestApi.StartAsync(_server, time: _time);
        string token = _server.IssueToken("read");
        await api.AssertStatusAsync(token, HttpStatusCode.OK);
        await api.AssertStatusAsync(token, HttpStatusCode.OK);
        api.Services.GetRequiredService<OAuthIntrospectionCache>().RemoveSubject("user-1");

        OAuthIntrospectionOptions options = api
            .Services.GetRequiredService<IOptionsMonitor<OAuthIntrospectionOptions>>()
            .Get(OAuthIntrospectionDefaults.AuthenticationScheme);
        Assert.Empty(api.Services.GetRequiredService<Fleets>().All);
        Assert.Null(api.Services.GetRequiredService<SchemeServers>().Get(OAuthIntrospectionDefaults.AuthenticationScheme, options).Fleet);
        Assert.Equal(0, _time.CountTimers(TimeSpan.FromMilliseconds(300)));
    }

    [Fact]
    public async Task A_hit_allocates_the_same_with_and_without_an_engine()
    {
        await using TestApi without = await TestApi.StartAsync(_server, time: _time);
        await using FleetNode with = await FleetNode.StartAsync(_server, new InMemoryFleetEngine(_time), FleetNode.Patient, _time);
        string token = _server.IssueToken("read");

        // The same code runs for both. The runtime may compile it again at any time, which changes what it allocates: within one pair.
        var differences = new List<double>();
        for (int i = 0; i < Pairs; i++)
            differences.Add(await MeasureAsync(with.Api, token) - await MeasureAsync(without, token));
        differences.Sort();

        Assert.InRange(differences[Pairs / 2], -8, 8); // bytes; an object has 24
    }

    private static async Task<double> MeasureAsync(TestApi api, string token)
    {
        Assert.True((await api.AuthenticateAsync(token)).Succeeded);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Hits; i++)
        {
            Task<AuthenticateResult> hit = api.AuthenticateAsync(token);
            Assert.True(hit.IsCompletedSuccessfully); // on this thread
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Hits;
    }
}
