using System.Collections.Concurrent;
using IntrospectionAuth.Benchmarks.Contenders;
using IntrospectionAuth.Benchmarks.Hosting;
using IntrospectionAuth.Benchmarks.Workloads;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Benchmarks.InProcess;

/// <summary>A contender that has cached all its tokens.</summary>
internal sealed class PreparedHost
{
    // BenchmarkDotNet creates a new instance for every benchmark of every round; filling a cache each time would take hours.
    private static readonly ConcurrentDictionary<(string Contender, int Members, int Length, int Tokens), PreparedHost> s_hosts = new();

    private PreparedHost(BenchmarkHost host, Workload workload)
    {
        Host = host;
        Workload = workload;
    }

    public BenchmarkHost Host { get; }

    public Workload Workload { get; }

    public static PreparedHost Get(string contender, int members = SampleResponse.UsualMembers, int length = 40, int tokens = 1) =>
        s_hosts.GetOrAdd(
            (contender, members, length, tokens),
            static key => PrepareAsync(key.Contender, new Workload(key.Members, key.Length, key.Tokens)).GetAwaiter().GetResult()
        );

    public static async Task<PreparedHost> PrepareAsync(string contender, Workload workload)
    {
        var created = Contender.Create(contender);
        workload = created.Adapt(workload);
        BenchmarkHost host = await BenchmarkHost.StartAsync(created, workload);
        var prepared = new PreparedHost(host, workload);
        await prepared.SeeAllTokensAsync(contender);
        return prepared;
    }

    private async Task SeeAllTokensAsync(string contender)
    {
        await Parallel.ForEachAsync(
            Workload.Headers,
            async (header, _) =>
            {
                int status = await Host.SendAsync(header);
                if (status != StatusCodes.Status200OK)
                    throw new InvalidOperationException($"The contender {contender} responds {status} to a valid token.");

                if (
                    Contender.AuthenticatesAlone(contender)
                    && await Host.AuthenticateAsync(header) is not { Succeeded: true } and AuthenticateResult result
                )
                {
                    throw new InvalidOperationException($"The contender {contender} does not accept the token.", result.Failure);
                }
            }
        );
    }
}
