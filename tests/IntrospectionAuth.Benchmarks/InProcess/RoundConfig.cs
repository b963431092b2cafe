using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using IntrospectionAuth.Benchmarks.Figures;

namespace IntrospectionAuth.Benchmarks.InProcess;

/// <summary>A short run of every benchmark in this process, so that compared contenders share runtime, profile and noise.</summary>
internal sealed class RoundConfig : ManualConfig
{
    public RoundConfig(Effort effort, string folder)
    {
        AddJob(
            Job.Default.WithToolchain(InProcessEmitToolchain.Instance)
                .WithClock(ThreadClock.OrWallClock())
                .WithInvocationCount(effort.Invocations)
                .WithWarmupCount(1)
                .WithIterationCount(effort.Iterations)
                .WithEvaluateOverhead(value: false)
                .WithGcForce(value: false)
        ); // with 100,000 cached tokens it would dominate the run
        AddDiagnoser(MemoryDiagnoser.Default);
        AddLogger(NullLogger.Instance);
        WithOptions(ConfigOptions.DisableLogFile);
        WithArtifactsPath(folder);
    }
}
