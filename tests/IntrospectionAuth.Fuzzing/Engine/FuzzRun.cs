using System.Diagnostics;
using IntrospectionAuth.Fuzzing.Targets;

namespace IntrospectionAuth.Fuzzing.Engine;

/// <summary>
/// Fuzzes one target in this process, guided by the branches that the instrumented library takes: what takes a new one is kept, and changed
/// further.
/// </summary>
internal sealed class FuzzRun(FuzzTarget target, Corpus corpus, CurrentInput current, Random random)
{
    private const int MostFindings = 20;

    private readonly CoverageMap _coverage = new();
    private readonly List<byte[]> _inputs = [];
    private readonly HashSet<string> _signatures = new(StringComparer.Ordinal);

    public long Executions { get; private set; }

    public int Branches => _coverage.Branches;

    public int Inputs => _inputs.Count;

    /// <summary>The files of what was found.</summary>
    public List<string> Findings { get; } = [];

    public void Run(TimeSpan duration)
    {
        foreach ((_, byte[] input) in corpus.Read())
            Execute(input);
        if (_inputs.Count == 0)
            _inputs.Add([]);
        if (_coverage.Branches == 0)
            throw new InvalidOperationException("The library is not instrumented. Start build/fuzz.sh.");

        var mutator = new Mutator(random, target.Words, target.MaximumLength);
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < duration && Findings.Count < MostFindings)
        {
            for (int i = 0; i < 64; i++)
                Execute(mutator.Change(Pick(), Pick()));
        }
    }

    /// <summary>Runs a single input.</summary>
    /// <returns>What is wrong; null when the readings agree.</returns>
    public static string? FindFault(FuzzTarget target, byte[] input)
    {
        try
        {
            target.Run(input);
            return null;
        }
        catch (Finding finding)
        {
            return finding.Message;
        }
        catch (Exception exception)
        {
            return $"{exception.GetType().Name}: {exception.Message} {FirstFrameOf(exception)}";
        }
    }

    /// <summary>Recently kept inputs are changed more often: they took a new branch.</summary>
    private byte[] Pick() =>
        random.Next(3) == 0
            ? _inputs[_inputs.Count - 1 - random.Next(Math.Max(1, _inputs.Count / 10))]
            : _inputs[random.Next(_inputs.Count)];

    private void Execute(byte[] input)
    {
        current.Set(input);
        CoverageMap.Clear();
        string? fault = FindFault(target, input);
        Executions++;
        if (fault is not null)
            Report(input, fault);
        else if (_coverage.AddAll(countsMatter: true))
            Keep(input);
    }

    private void Keep(byte[] input)
    {
        _inputs.Add(input);
        corpus.Add(input);
    }

    private void Report(byte[] input, string fault)
    {
        if (!_signatures.Add(SignatureOf(fault)))
            return;

        byte[] shortest = Shorten(input, SignatureOf(fault));
        string path = corpus.AddFinding(shortest);
        Findings.Add(path);
        Console.WriteLine($"FINDING in {target.Name}: {fault}\n  {path}");
    }

    /// <summary>Removes parts, the longest first, as long as the fault stays the same.</summary>
    private byte[] Shorten(byte[] input, string signature)
    {
        for (int length = Math.Max(1, input.Length / 2); length > 0; length /= 2)
        {
            for (int start = 0; start + length <= input.Length; )
            {
                byte[] shorter = [.. input.AsSpan(0, start), .. input.AsSpan(start + length)];
                if (FindFault(target, shorter) is { } fault && SignatureOf(fault) == signature)
                    input = shorter;
                else
                    start += length;
            }
        }

        return input;
    }

    /// <summary>Values differ between inputs with the same fault.</summary>
    private static string SignatureOf(string fault) => fault.Split(": the oracle has")[0];

    private static string FirstFrameOf(Exception exception) =>
        exception.StackTrace?.Split('\n').FirstOrDefault(static it => it.Contains("IntrospectionAuth.", StringComparison.Ordinal))?.Trim()
        ?? "";
}
