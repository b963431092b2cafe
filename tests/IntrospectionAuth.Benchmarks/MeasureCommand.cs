using IntrospectionAuth.Benchmarks.Figures;
using IntrospectionAuth.Benchmarks.Http;
using IntrospectionAuth.Benchmarks.InProcess;
using IntrospectionAuth.Benchmarks.OneShot;

namespace IntrospectionAuth.Benchmarks;

/// <summary>Measures the whole budget in one run.</summary>
internal static class MeasureCommand
{
    public static async Task RunAsync(Effort effort, string folder)
    {
        var figures = new FigureSet();
        Machine.Describe(figures, effort.Name);

        // Heap measurements run first, while the heap is small; measurements that fill it run last.
        await MemoryPerToken.MeasureAsync(figures);
        await InvalidTokens.MeasureAsync(figures);
        await ManyTenants.MeasureAsync(figures);
        await SimultaneousMisses.MeasureAsync(figures);
        await DeadServer.MeasureAsync(figures);
        await Insertion.MeasureAsync(figures, effort);
        await HttpComparison.MeasureAsync(figures, effort);
        await ResponseTimes.MeasureAsync(figures, effort);
        await Rounds.RunAsync(effort, figures, folder);
        await AllocatedTypes.MeasureAsync(figures);
        await ManyTokens.MeasureAsync(figures, effort);

        FigureFiles.Save(figures, folder, "measure");
    }
}
