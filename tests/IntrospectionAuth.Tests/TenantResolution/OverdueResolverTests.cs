using System.Collections.Concurrent;
using IntrospectionAuth.TenantResolution;
using IntrospectionAuth.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace IntrospectionAuth.Tests.TenantResolution;

/// <summary>Code of the application that ignores its cancellation, and so runs on after the timeout.</summary>
public sealed class OverdueResolverTests
{
    private const string Token = "the-same-token-4711";

    [Fact]
    public async Task Overdue_code_for_some_tenants_delays_no_other_tenant()
    {
        var time = new FakeTimeProvider();
        await using TenantApi api = await TenantApi.StartAsync(time: time);
        var begun = new CountdownEvent(TenantBuilds.MaximumConcurrency);
        var allBegun = new TaskCompletionSource();
        var never = new TaskCompletionSource();
        api.OnResolving = async (tenant, _) =>
        {
            if (!tenant.Name.StartsWith("hanging", StringComparison.Ordinal))
                return;
            if (begun.Signal())
                allBegun.SetResult();
            await never.Task;
        };
        api.Issue("acme", Token, "alice");

        Task<int>[] hanging = [.. Enumerable.Range(0, TenantBuilds.MaximumConcurrency).Select(i => api.StatusAsync($"hanging-{i}", Token))];
        await allBegun.Task;
        time.Advance(TimeSpan.FromSeconds(5));

        Assert.All(await Task.WhenAll(hanging), static status => Assert.Equal(503, status));
        Assert.Equal("200 alice", await api.GetAsync("acme", Token));
        never.SetResult();
    }

    [Fact]
    public async Task A_tenant_with_too_much_overdue_code_is_resolved_again_when_it_has_ended()
    {
        var time = new FakeTimeProvider();
        await using TenantApi api = await TenantApi.StartAsync(time: time);
        var begun = new BlockingCollection<string>();
        var gate = new TaskCompletionSource();
        api.OnResolving = async (tenant, _) =>
        {
            begun.Add(tenant.Name, CancellationToken.None);
            await gate.Task;
        };
        api.Issue("acme", Token, "alice");

        for (int i = 0; i < TenantBuilds.MaximumOverdueOfTenant; i++)
        {
            Task<int> hanging = api.StatusAsync("acme", Token);
            await Task.Run(begun.Take);
            time.Advance(TimeSpan.FromSeconds(5)); // the timeout
            Assert.Equal(503, await hanging);
            time.Advance(TimeSpan.FromSeconds(5)); // until it is resolved again
        }

        Assert.Equal(503, await api.StatusAsync("acme", Token)); // at once
        Assert.Empty(begun);

        await Task.Run(gate.SetResult); // with all that follows from it
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("200 alice", await api.GetAsync("acme", Token));
    }
}
