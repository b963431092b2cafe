using System.Diagnostics;
using System.Globalization;
using IntrospectionAuth.Fuzzing.Engine;
using IntrospectionAuth.Fuzzing.Targets;

namespace IntrospectionAuth.Fuzzing;

/// <summary>The commands that <c>build/fuzz.sh</c> runs.</summary>
internal static class FuzzingProgram
{
    // In KB: what all inputs of a run may leave on the heap, those that are kept included.
    private const long MostKept = 32 * 1024;

    public static int Main(string[] args)
    {
        CoverageMap.Attach();
        switch (args)
        {
            case ["targets"]:
                Console.WriteLine(string.Join('\n', FuzzTarget.All.Select(static it => it.Name)));
                return 0;
            case ["run", var name, var seconds, var corpus, var results]:
                return Run(
                    FuzzTarget.Find(name),
                    TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture)),
                    new(corpus),
                    results
                );
            case ["afl", var name]:
                RunForAfl(FuzzTarget.Find(name));
                return 0;
            case ["recover", var name, var corpus, var results]:
                return Recover(FuzzTarget.Find(name), new(corpus), results);
            case ["minimize", var name, var from, var to]:
                Console.WriteLine($"{name}: {Minimizer.Minimize(FuzzTarget.Find(name), new(from), new(to))} branches");
                return 0;
            case ["replay", var name, var path]:
                Console.WriteLine(FuzzRun.FindFault(FuzzTarget.Find(name), File.ReadAllBytes(path)) ?? "no fault");
                return 0;
            case ["figures", var page, var results, var corpora]:
                Figures.Update(page, results, corpora);
                return 0;
            default:
                Console.Error.WriteLine("Start build/fuzz.sh.");
                return 2;
        }
    }

    private static int Run(FuzzTarget target, TimeSpan duration, Corpus corpus, string results)
    {
        using var current = new CurrentInput(Path.Combine(results, target.Name + ".current"), target.MaximumLength + 4096);
        var random = new Random();
        var run = new FuzzRun(target, corpus, current, random);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        long start = Stopwatch.GetTimestamp();
        run.Run(duration);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        long kept = (GC.GetTotalMemory(forceFullCollection: true) - before) / 1024;

        Figures.Append(results, target.Name, run.Executions, elapsed, run.Branches);
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{target.Name}: {run.Executions} executions, {run.Executions / elapsed.TotalSeconds:F0} per second, "
                    + $"{run.Branches} branches, {run.Inputs} inputs, {kept} KB more on the heap, {run.Findings.Count} findings"
            )
        );
        if (kept > MostKept)
            Console.WriteLine($"FINDING in {target.Name}: it keeps memory");
        return run.Findings.Count == 0 && kept <= MostKept ? 0 : 1;
    }

    /// <summary>Executes what <c>afl-fuzz</c> sends over its pipes: <c>afl-fuzz -i … -o … -- dotnet … afl response</c>.</summary>
    private static void RunForAfl(FuzzTarget target) =>
        SharpFuzz.Fuzzer.OutOfProcess.Run(stream =>
        {
            using var input = new MemoryStream();
            stream.CopyTo(input);
            target.Run(input.ToArray());
        });

    /// <summary>Keeps the input of a process that ended without an exception.</summary>
    private static int Recover(FuzzTarget target, Corpus corpus, string results)
    {
        if (CurrentInput.Recover(Path.Combine(results, target.Name + ".current")) is not { } input)
            return 0;

        Console.WriteLine($"FINDING in {target.Name}: the process ended\n  {corpus.AddFinding(input)}");
        return 1;
    }
}
