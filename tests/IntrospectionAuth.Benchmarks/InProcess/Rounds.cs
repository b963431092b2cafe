using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Parameters;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using IntrospectionAuth.Benchmarks.Contenders;
using IntrospectionAuth.Benchmarks.Figures;

namespace IntrospectionAuth.Benchmarks.InProcess;

/// <summary>Runs the benchmarks in rounds, so that a disturbance affects all contenders of a round and not only one.</summary>
internal static class Rounds
{
    // 100,000 cached tokens slow the garbage collector down, so the benchmarks that do not need them run first.
    private static readonly Type[][] s_groups =
    [
        [typeof(TokenLength), typeof(ReadClaims), typeof(Members), typeof(Pipeline), typeof(SharedCacheHits)],
        [typeof(SignedTokenRequests)],
        [typeof(CachedTokens)],
    ];

    // To verify a signature takes so long that a few rounds resolve it, and many would take half of the run.
    private const int RoundsOfSignedTokens = 3;

    public static async Task RunAsync(Effort effort, FigureSet figures, string folder)
    {
        await WarmUpAsync();
        var config = new RoundConfig(effort, Path.Combine(folder, "benchmarkdotnet"));
        foreach (Type[] group in s_groups)
        {
            int rounds = group.Contains(typeof(SignedTokenRequests)) ? RoundsOfSignedTokens : effort.Rounds;
            for (int round = 1; round <= rounds; round++)
            {
                Console.WriteLine($"In process: {string.Join(", ", group.Select(type => type.Name))}; round {round} of {rounds}");
                Run(group, config, figures);
                figures.Add("load", "", Machine.Load());
            }
        }
    }

    /// <summary>Runs all contenders in turns, so that the runtime's profile does not favour the first one.</summary>
    private static async Task WarmUpAsync()
    {
        string[] contenders =
        [
            Contender.Floor,
            Contender.Reference,
            Contender.Ours,
            Contender.Shared,
            Contender.Diagnosed,
            Contender.Tenants,
            Contender.JwtRsa,
            Contender.JwtEcdsa,
            Contender.OpenIddict,
        ];
        for (int i = 0; i < 100_000; i++)
        {
            string contender = contenders[i % contenders.Length];
            PreparedHost host = PreparedHost.Get(contender);
            if (Contender.AuthenticatesAlone(contender))
                await host.Host.AuthenticateAsync(host.Workload.NextHeader());
            await host.Host.SendAsync(host.Workload.NextHeader());
        }
    }

    private static void Run(Type[] types, IConfig config, FigureSet figures)
    {
        foreach (Summary summary in BenchmarkRunner.Run(types, config))
        {
            if (summary.HasCriticalValidationErrors || summary.Reports.Any(report => report.ResultStatistics is null))
            {
                throw new InvalidOperationException(
                    $"{summary.Title} did not run: {string.Join(' ', summary.ValidationErrors.Select(error => error.Message))}"
                );
            }

            foreach (BenchmarkReport report in summary.Reports)
            {
                string key = Key(report.BenchmarkCase);
                figures.Add(key + "/time", "ns", report.ResultStatistics!.Median);
                figures.Add(key + "/memory", "bytes", report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) ?? 0);
            }
        }
    }

    /// <summary>The benchmark, the contender and the parameter: <c>TokenLength/ours/40</c>.</summary>
    private static string Key(BenchmarkCase benchmark)
    {
        IEnumerable<ParameterInstance> others = benchmark.Parameters.Items.Where(parameter => parameter.Name != nameof(Contender));
        return string.Join(
            '/',
            [
                benchmark.Descriptor.Type.Name,
                (string)benchmark.Parameters[nameof(Contender)],
                .. others.Select(parameter => $"{parameter.Value}"),
            ]
        );
    }
}
