using IntrospectionAuth.Benchmarks.Contenders;
using IntrospectionAuth.Benchmarks.Figures;
using IntrospectionAuth.Benchmarks.Hosting;
using IntrospectionAuth.Benchmarks.Workloads;
using IntrospectionAuth.Testing;
using Microsoft.AspNetCore.Authentication;

namespace IntrospectionAuth.Benchmarks.OneShot;

/// <summary>The number of calls for many simultaneous requests with one unknown token.</summary>
internal static class SimultaneousMisses
{
    public static async Task MeasureAsync(FigureSet figures)
    {
        foreach (int requests in (int[])[200, 10_000])
            figures.Add($"simultaneous-misses/{requests}", "calls", await CountCallsAsync(requests));
    }

    private static async Task<int> CountCallsAsync(int requests)
    {
        int calls = 0;
        var contender = new OurHandler();
        var workload = new Workload();
        await using BenchmarkHost host = await BenchmarkHost.StartAsync(contender, workload);
        using HeldResponses held = contender.Server.HoldResponses();

        var results = new Task<AuthenticateResult>[requests];
        Parallel.For(0, requests, i => results[i] = host.AuthenticateAsync(workload.Headers[0]));
        await held.WaitForCallsAsync(1);
        held.Release();

        foreach (AuthenticateResult result in await Task.WhenAll(results))
        {
            calls = result.Succeeded
                ? held.CallCount
                : throw new InvalidOperationException("A request that joined an in-flight call was rejected.", result.Failure);
        }

        return calls;
    }
}
