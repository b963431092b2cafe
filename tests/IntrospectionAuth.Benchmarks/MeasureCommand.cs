using IntrospectionAuth.Benchmarks.Figures;
using IntrospectionAuth.Benchmarks.Http;
using IntrospectionAuth.Benchmarks.InProcess;
using IntrospectionAuth.Benchmarks.OneShot;

namespace IntrospectionAuth.Benchmarks;

/// <summary>Measures everything of the budget in one run.</summary>
internal static class MeasureCommand
{
    public static async Task RunAsync(Effort effort, string folder)
    {
        var figures = new FigureSet();
        Machine.Describe(figures, effort.Name);

        // What looks at the heap comes first, while there is little else on it; what fills it comes last.
        await MemoryPerToken.MeasureAsync(figures);
        await WorthlessTokens.MeasureAsync(figures);
        await SimultaneousMisses.MeasureAsync(figures);
        await DeadServer.MeasureAsync(figures);
        await Insertion.MeasureAsync(figures, effort);
        await HttpComparison.MeasureAsync(figures, effort);
        await Rounds.RunAsync(effort, figures, folder);

        FigureFiles.Save(figures, folder, "measure");
    }
}
